/** The feed over the JSON WebSocket. */
import { BookSide } from "./book";
import { crc32 } from "./crc32";
import type { CandlePrint, Scale, TradePrint, Wanted } from "./messages";

export interface Sink {
  book(key: number, bids: BookSide, asks: BookSide, sequence: bigint): void;
  gap(key: number): void;
  trades(key: number, trades: TradePrint[], isSnapshot: boolean): void;
  candles(key: number, candles: CandlePrint[], isSnapshot: boolean): void;
}

const CHECKED_LEVELS = 25;

export function channelOf({ symbol, tickUnits, tickDecimals }: Scale, wanted: Wanted): string {
  switch (wanted.kind) {
    case "book": {
      const step = wanted.groupTicks === 1 ? "none" : text(BigInt(wanted.groupTicks) * tickUnits, tickDecimals);
      return `book.${symbol}.${step}.${wanted.depth}.50ms`;
    }
    case "trades":
      return `trades.${symbol}`;
    case "candles":
      return `candles.${symbol}.${wanted.interval}`;
  }
}

type Row = [price: string, before: string, now: string];

/** A book as the channel's messages make it. */
export class TextBook {
  readonly bids = new BookSide(true);
  readonly asks = new BookSide(false);
  sequence = -1n;

  constructor(private readonly scale: Scale) {}

  /** Whether what stands now is what the exchange has. */
  receive(said: Record<string, unknown>): boolean {
    const isSnapshot = said["snapshot"] === true;
    if (!isSnapshot && BigInt(String(said["previous_sequence"])) !== this.sequence) return false;
    if (isSnapshot) {
      this.bids.clear();
      this.asks.clear();
    }
    this.take(this.bids, said["bid_changes"] as Row[]);
    this.take(this.asks, said["ask_changes"] as Row[]);
    this.sequence = BigInt(String(said["sequence"]));
    return this.checksum() === Number(said["checksum"]);
  }

  private take(side: BookSide, rows: Row[]): void {
    for (const [price, , now] of rows) {
      side.set({ price: ticksOf(this.scale, price), size: lotsOf(this.scale, now), orders: 0 });
    }
  }

  private checksum(): number {
    const { tickUnits, tickDecimals, lotUnits, lotDecimals } = this.scale;
    const words = [...this.asks.best(CHECKED_LEVELS), ...this.bids.best(CHECKED_LEVELS)].map(
      ({ price, size }) => `${text(price * tickUnits, tickDecimals)}:${text(size * lotUnits, lotDecimals)}`,
    );
    return crc32(new TextEncoder().encode(words.join("|")));
  }
}

export function tradesOf(scale: Scale, said: Record<string, unknown>): TradePrint[] {
  return (said["trades"] as Record<string, string>[]).map((trade) => ({
    id: BigInt(trade["trade_id"] ?? 0),
    price: ticksOf(scale, trade["price"] ?? "0"),
    size: lotsOf(scale, trade["quantity"] ?? "0"),
    side: trade["side"] === "sell" ? "sell" : "buy",
    timeNs: BigInt(trade["time_ns"] ?? 0),
  }));
}

export function candlesOf(scale: Scale, said: Record<string, unknown>): CandlePrint[] {
  return (said["candles"] as Record<string, string>[]).map((candle) => ({
    openNs: BigInt(Math.round(Number(candle["time"]))) * 1_000_000_000n,
    open: ticksOf(scale, candle["open"] ?? "0"),
    high: ticksOf(scale, candle["high"] ?? "0"),
    low: ticksOf(scale, candle["low"] ?? "0"),
    close: ticksOf(scale, candle["close"] ?? "0"),
    volume: lotsOf(scale, candle["volume"] ?? "0"),
    turnover: units(candle["turnover"] ?? "0", scale.tickDecimals + scale.lotDecimals) / (scale.tickUnits * scale.lotUnits),
  }));
}

const ticksOf = (scale: Scale, price: string): bigint => units(price, scale.tickDecimals) / scale.tickUnits;
const lotsOf = (scale: Scale, size: string): bigint => units(size, scale.lotDecimals) / scale.lotUnits;

/** `text` times 10^decimals. */
function units(written: string, decimals: number): bigint {
  const [whole = "0", fraction = ""] = written.split(".");
  return BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
}

function text(value: bigint, decimals: number): string {
  if (decimals === 0) return value.toString();
  const digits = value.toString().padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
