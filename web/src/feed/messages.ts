/** What page and feed worker say to each other. Prices in ticks, sizes in lots; times in nanoseconds since 1970. */

export type Wanted =
  | { kind: "book"; groupTicks: number; depth: 10 | 50 | 1000 }
  | { kind: "trades" }
  | { kind: "candles"; interval: string };

export interface TradePrint {
  id: bigint;
  price: bigint;
  size: bigint;
  side: "buy" | "sell";
  timeNs: bigint;
}

export interface CandlePrint {
  openNs: bigint;
  open: bigint;
  high: bigint;
  low: bigint;
  close: bigint;
  /** Lots, and ticks * lots. */
  volume: bigint;
  turnover: bigint;
}

export type ToWorker =
  | { type: "open"; url: string }
  | { type: "watch"; key: number; market: number; wanted: Wanted }
  | { type: "unwatch"; key: number }
  /** Pictures of a book a second; 0 while nobody looks. */
  | { type: "pace"; hz: number };

export type FromWorker =
  | {
      type: "book";
      key: number;
      bidPrices: BigInt64Array;
      bidSizes: BigInt64Array;
      askPrices: BigInt64Array;
      askSizes: BigInt64Array;
      sequence: bigint;
    }
  /** The book had a gap or a wrong checksum and is asked for anew. */
  | { type: "gap"; key: number }
  | { type: "trades"; key: number; trades: TradePrint[]; isSnapshot: boolean }
  | { type: "candles"; key: number; candles: CandlePrint[]; isSnapshot: boolean }
  | { type: "line"; isOpen: boolean }
  /** To the gateway and back. */
  | { type: "trip"; ms: number };
