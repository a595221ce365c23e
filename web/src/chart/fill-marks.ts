/** Where one has bought and sold, on the chart. */
import { createSeriesMarkers, type ISeriesApi, type SeriesMarker, type Time, type UTCTimestamp } from "lightweight-charts";
import { useEffect } from "react";

import type { FillShape } from "../gateway/shapes";
import type { Market } from "../market/market";
import { useFills } from "../orders/fills";
import { isBuy } from "../orders/words";
import { SECONDS } from "./candles";
import type { Colours, Drawn } from "./drawn";

export function useFillMarks(drawn: React.RefObject<Drawn | null>, market: Market, interval: string, generation: number, state: string): void {
  const fills = useFills((kept) => kept.list);
  useEffect(() => {
    const made = drawn.current;
    if (made === null || state !== "ready") return;
    const marks = createSeriesMarkers(
      made.main as ISeriesApi<"Line">,
      marksOf(
        fills.filter((fill) => fill.symbol === market.symbol),
        SECONDS[interval] ?? 60,
        made.colours,
      ),
    );
    return () => {
      if (drawn.current === made) marks.detach();
    };
  }, [drawn, fills, market.symbol, interval, generation, state]);
}

/** One mark for each candle and side. */
function marksOf(fills: readonly FillShape[], seconds: number, colours: Colours): SeriesMarker<Time>[] {
  const marks = new Map<string, SeriesMarker<Time>>();
  for (const fill of fills) {
    const time = (Math.floor(Date.parse(fill.settled_at) / 1_000 / seconds) * seconds) as UTCTimestamp;
    const isBuying = isBuy(fill.side);
    marks.set(`${time} ${fill.side}`, {
      time,
      position: isBuying ? "belowBar" : "aboveBar",
      shape: isBuying ? "arrowUp" : "arrowDown",
      color: isBuying ? colours.up : colours.down,
    });
  }
  return [...marks.values()].toSorted((a, b) => Number(a.time) - Number(b.time));
}
