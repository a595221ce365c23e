/** The markets there are, and what the last day did to them. */
import { create } from "zustand";

import { ask } from "../gateway/rest";
import type { AssetShape, MarketShape, MarketStatus, TickerShape } from "../gateway/shapes";
import { Decimal } from "../money/decimal";
import { marketOf, slugOf, type Market } from "./market";

export interface Ticker {
  last: Decimal | null;
  bid: Decimal | null;
  ask: Decimal | null;
  mark: Decimal | null;
  high: Decimal | null;
  low: Decimal | null;
  /** In the quote asset. */
  change: Decimal | null;
  /** In per cent, two decimals. */
  changePercent: Decimal | null;
  /** In the base and in the quote asset. */
  volume: Decimal | null;
  turnover: Decimal | null;
  /** Whether the last trade was above, below or at the one before. */
  direction: -1 | 0 | 1;
}

interface Markets {
  state: "loading" | "ready" | "failed";
  list: readonly Market[];
  assets: readonly AssetShape[];
  tickers: Readonly<Record<string, Ticker>>;
}

export const useMarkets = create<Markets>()(() => ({ state: "loading", list: [], assets: [], tickers: {} }));

const RETRY_MS = 2_000;

/** Asks for markets and tickers; again until it has them. */
export async function loadMarkets(): Promise<void> {
  try {
    const [{ markets, assets }, { tickers }] = await Promise.all([
      ask<{ markets: MarketShape[]; assets: AssetShape[] }>("/api/markets"),
      ask<{ tickers: TickerShape[] }>("/api/ticker"),
    ]);
    useMarkets.setState({ state: "ready", list: markets.map((shape) => marketOf(shape, assets)), assets });
    for (const ticker of tickers) takeTicker(ticker.symbol, ofRest(ticker), ticker.status);
  } catch {
    if (useMarkets.getState().state !== "ready") useMarkets.setState({ state: "failed" });
    setTimeout(() => void loadMarkets(), RETRY_MS);
  }
}

/** A notification of `ticker.{SYM}.1000ms`. */
export function receiveTicker(symbol: string, said: Record<string, unknown>): void {
  const last = decimalOf(said["last_price"]);
  const change = decimalOf(said["change_24h"]);
  takeTicker(
    symbol,
    {
      last,
      bid: decimalOf(said["best_bid_price"]),
      ask: decimalOf(said["best_ask_price"]),
      mark: decimalOf(said["mark_price"]),
      high: decimalOf(said["high_price_24h"]),
      low: decimalOf(said["low_price_24h"]),
      change,
      changePercent: percent(change, decimalOf(said["open_price_24h"])),
      volume: decimalOf(said["volume_24h"]),
      turnover: decimalOf(said["value_24h"]),
    },
    said["status"] as MarketStatus | undefined,
  );
}

export const useMarket = (slug: string | undefined): Market | undefined =>
  useMarkets((markets) => markets.list.find((market) => slugOf(market.symbol) === slug) ?? (slug === undefined ? markets.list[0] : undefined));

export const useTicker = (symbol: string): Ticker | undefined => useMarkets((markets) => markets.tickers[symbol]);

function takeTicker(symbol: string, ticker: Omit<Ticker, "direction">, status: MarketStatus | undefined): void {
  useMarkets.setState(({ tickers, list }) => {
    const before = tickers[symbol];
    const moved = before?.last && ticker.last ? ticker.last.compare(before.last) : 0;
    const isChanged = list.some((market) => market.symbol === symbol && status !== undefined && market.status !== status);
    return {
      tickers: { ...tickers, [symbol]: { ...ticker, direction: moved === 0 ? (before?.direction ?? 0) : moved } },
      ...(isChanged && status !== undefined
        ? { list: list.map((market) => (market.symbol === symbol ? { ...market, status } : market)) }
        : {}),
    };
  });
}

function ofRest(shape: TickerShape): Omit<Ticker, "direction"> {
  const bid = decimalOf(shape.bid);
  const asked = decimalOf(shape.ask);
  const last = decimalOf(shape.last);
  return {
    last,
    bid,
    ask: asked,
    mark: bid && asked ? bid.plus(asked).dividedBy(Decimal.of(2n, 0), Math.max(bid.scale, asked.scale)) : last,
    high: decimalOf(shape.high_24h),
    low: decimalOf(shape.low_24h),
    change: decimalOf(shape.change_24h),
    changePercent: decimalOf(shape.change_pct_24h),
    volume: decimalOf(shape.volume_24h),
    turnover: decimalOf(shape.turnover_24h),
  };
}

function percent(change: Decimal | null, open: Decimal | null): Decimal | null {
  if (change === null || open === null || open.isZero) return null;
  return change.times(Decimal.of(100n, 0)).dividedBy(open, 2);
}

const decimalOf = (value: unknown): Decimal | null => (typeof value === "string" ? Decimal.parse(value) : null);
