import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import type { BookPicture } from "../feed/feed";
import { useExchange } from "../gateway/exchange";
import type { Market } from "../market/market";
import { BookView, type SideName } from "./book-view";

/** The book of a market, followed as long as the component is there. */
export function useBook(market: Market, groupTicks: number, depth: 10 | 50 | 1000 = 50): BookView {
  const { feed } = useExchange();
  // The status of a market changes; its scale does not.
  const view = useMemo(() => new BookView(market), [market.symbol, groupTicks]);
  useEffect(
    () =>
      feed.watch(
        market,
        { kind: "book", groupTicks, depth },
        { book: (picture) => view.receive(picture), gap: () => view.lose() },
      ),
    [feed, market.symbol, groupTicks, depth, view],
  );
  return view;
}

/** The best price of a side in ticks; null where there is none. */
export function useBest(view: BookView, side: SideName): bigint | null {
  return useSyncExternalStore(view.subscribe, () => {
    const prices = side === "bids" ? view.picture?.bidPrices : view.picture?.askPrices;
    return prices?.[0] ?? null;
  });
}

export const useIsGap = (view: BookView): boolean => useSyncExternalStore(view.subscribe, () => view.isGap);

/** The newest picture, no oftener than that: for what need not follow every change. */
export function usePicture(view: BookView, everyMs: number): BookPicture | null {
  const [picture, setPicture] = useState(view.picture);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const take = (): void => {
      timer = null;
      setPicture(view.picture);
    };
    take();
    const stop = view.subscribe(() => void (timer ??= setTimeout(take, everyMs)));
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [view, everyMs]);
  return picture;
}
