/** Candles of one market and interval: those that were, then each as it grows. */
import type { UTCTimestamp } from "lightweight-charts";
import { useEffect, useState } from "react";

import type { CandlePrint } from "../feed/messages";
import { useExchange } from "../gateway/exchange";
import { ask } from "../gateway/rest";
import type { CandleShape } from "../gateway/shapes";
import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";

export const INTERVALS = ["1m", "5m", "15m", "1h", "4h", "1d"] as const;

export const SECONDS: Record<string, number> = {
  "1s": 1,
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3_600,
  "4h": 14_400,
  "1d": 86_400,
  "1w": 604_800,
};

export interface Candle {
  /** Unix seconds of its opening. */
  time: number;
  open: Decimal;
  high: Decimal;
  low: Decimal;
  close: Decimal;
  volume: Decimal;
  turnover: Decimal;
}

const BARS = 500;

/** Followed while it is open; `receive` is told whether everything changed or only the last ones. */
export class CandleSeries {
  list: Candle[] = [];
  private readonly stopFeed: () => void;
  private isStopped = false;
  private isLoaded = false;
  private early: CandlePrint[] = [];

  constructor(
    exchange: ReturnType<typeof useExchange>,
    private readonly market: Market,
    interval: string,
    private readonly receive: (changed: readonly Candle[] | "all" | "failed") => void,
  ) {
    this.stopFeed = exchange.feed.watch(
      market,
      { kind: "candles", interval },
      { candles: (candles) => this.take(candles) },
    );
    void this.load(interval);
  }

  stop(): void {
    this.isStopped = true;
    this.stopFeed();
  }

  private async load(interval: string): Promise<void> {
    const query = new URLSearchParams({ symbol: this.market.symbol, interval, limit: String(BARS) });
    try {
      const { data } = await ask<{ data: CandleShape[] }>(`/api/ohlcv?${query}`);
      if (this.isStopped) return;
      this.list = data.map(candleOf);
      this.isLoaded = true;
      this.take(this.early);
      this.receive("all");
    } catch {
      if (!this.isStopped) this.receive("failed");
    }
  }

  /** The stream may begin before the past has come. */
  private take(prints: readonly CandlePrint[]): void {
    if (!this.isLoaded) {
      this.early.push(...prints);
      return;
    }
    const changed: Candle[] = [];
    for (const print of prints) {
      const candle = printed(print, this.market);
      const last = this.list.at(-1);
      if (last !== undefined && candle.time < last.time) continue;
      if (last?.time === candle.time) this.list[this.list.length - 1] = candle;
      else this.list.push(candle);
      changed.push(candle);
    }
    if (changed.length > 0) this.receive(changed);
  }
}

/** All candles, drawn again at most once a second: for tables and summaries. */
export function useCandles(market: Market, interval: string): { list: readonly Candle[]; state: "loading" | "ready" | "failed" } {
  const exchange = useExchange();
  const [shown, setShown] = useState<{ list: readonly Candle[]; state: "loading" | "ready" | "failed" }>({ list: [], state: "loading" });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const series = new CandleSeries(exchange, market, interval, (changed) => {
      if (changed === "failed") {
        setShown({ list: [], state: "failed" });
        return;
      }
      timer ??= setTimeout(
        () => {
          timer = null;
          setShown({ list: [...series.list], state: "ready" });
        },
        changed === "all" ? 0 : 1_000,
      );
    });
    return () => {
      if (timer !== null) clearTimeout(timer);
      series.stop();
    };
  }, [exchange, market.symbol, interval]);
  return shown;
}

/** Where a candle stands on the screen; `value` is what a line goes through. */
export function pixelsOf({ time, open, high, low, close }: Candle) {
  const value = close.toPixels();
  return { time: time as UTCTimestamp, open: open.toPixels(), high: high.toPixels(), low: low.toPixels(), close: value, value };
}

function candleOf(shape: CandleShape): Candle {
  return {
    time: Date.parse(shape.open_time) / 1_000,
    open: Decimal.from(shape.open),
    high: Decimal.from(shape.high),
    low: Decimal.from(shape.low),
    close: Decimal.from(shape.close),
    volume: Decimal.from(shape.volume),
    turnover: Decimal.from(shape.turnover),
  };
}

function printed(print: CandlePrint, { tick, lot }: Market): Candle {
  const price = (ticks: bigint): Decimal => Decimal.of(ticks * tick.units, tick.scale);
  return {
    time: Number(print.openNs / 1_000_000_000n),
    open: price(print.open),
    high: price(print.high),
    low: price(print.low),
    close: price(print.close),
    volume: Decimal.of(print.volume * lot.units, lot.scale),
    turnover: Decimal.of(print.turnover * tick.units * lot.units, tick.scale + lot.scale),
  };
}
