/** The page's end of the feed worker. */
import { useSyncExternalStore } from "react";

import type { Market } from "../market/market";
import type { CandlePrint, FromWorker, ToWorker, TradePrint, Wanted } from "./messages";

export type BookPicture = Extract<FromWorker, { type: "book" }>;

interface Receivers {
  book?: (picture: BookPicture) => void;
  gap?: () => void;
  trades?: (trades: TradePrint[], isSnapshot: boolean) => void;
  candles?: (candles: CandlePrint[], isSnapshot: boolean) => void;
}

export class Feed {
  private readonly worker: Worker;
  private readonly receivers = new Map<number, Receivers>();
  private readonly lineListeners = new Set<() => void>();
  private nextKey = 1;
  private hz = 10;
  isOpen = false;
  /** Told each round trip to the gateway, in milliseconds. */
  onTrip: (ms: number) => void = () => undefined;

  constructor(url: string) {
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "market data" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.receive(data));
    this.tell({ type: "open", url });
    // What nobody looks at is kept up to date, but not painted.
    document.addEventListener("visibilitychange", () => this.pace(this.hz));
  }

  /** Returns what ends it. */
  watch(market: Market, wanted: Wanted, receivers: Receivers): () => void {
    const key = this.nextKey++;
    this.receivers.set(key, receivers);
    this.tell({ type: "watch", key, market: market.id, wanted });
    return () => {
      this.receivers.delete(key);
      this.tell({ type: "unwatch", key });
    };
  }

  pace(hz: number): void {
    this.hz = hz;
    this.tell({ type: "pace", hz: document.hidden ? 0 : hz });
  }

  readonly onLine = (listener: () => void): (() => void) => {
    this.lineListeners.add(listener);
    return () => this.lineListeners.delete(listener);
  };

  private receive(message: FromWorker): void {
    switch (message.type) {
      case "line":
        this.isOpen = message.isOpen;
        for (const listener of this.lineListeners) listener();
        return;
      case "trip":
        this.onTrip(message.ms);
        return;
      case "book":
        this.receivers.get(message.key)?.book?.(message);
        return;
      case "gap":
        this.receivers.get(message.key)?.gap?.();
        return;
      case "trades":
        this.receivers.get(message.key)?.trades?.(message.trades, message.isSnapshot);
        return;
      case "candles":
        this.receivers.get(message.key)?.candles?.(message.candles, message.isSnapshot);
    }
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}

export const useFeedIsOpen = (feed: Feed): boolean => useSyncExternalStore(feed.onLine, () => feed.isOpen);
