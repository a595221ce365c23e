/**
 * Market data as the exchange's own blocks: length u16 | type u16 | correlation u32, little-endian, then a FlatBuffers
 * root that the schema compiler's code reads.
 */
import { Builder, ByteBuffer } from "flatbuffers";

import { BookSide, type Level } from "./book";
import { crc32 } from "./crc32";
import { BookDelta } from "./generated/mx/book-delta";
import { BookSnapshot } from "./generated/mx/book-snapshot";
import { Candles } from "./generated/mx/candles";
import { Channel } from "./generated/mx/channel";
import type { LevelS } from "./generated/mx/level-s";
import { MessageType } from "./generated/mx/message-type";
import { RateClass } from "./generated/mx/rate-class";
import { Subscribe } from "./generated/mx/subscribe";
import { Trades } from "./generated/mx/trades";
import { TradesQuery } from "./generated/mx/trades-query";
import { Unsubscribe } from "./generated/mx/unsubscribe";
import type { CandlePrint, TradePrint, Wanted } from "./messages";

export interface Block {
  type: MessageType;
  correlation: number;
  payload: ByteBuffer;
}

const HEADER = 8;
const ALIGNMENT = 8;
const LEVEL_BYTES = 24;
const CHECKED_LEVELS = 25;
const BUY = 1;
const PAST_TRADES = 60;
const INTERVALS: readonly string[] = ["", "1s", "1m", "5m", "15m", "1h", "4h", "1d", "1w"];

/** The blocks of one message. Raises RangeError where it is not whole blocks. */
export function split(data: ArrayBuffer): Block[] {
  const view = new DataView(data);
  const blocks: Block[] = [];
  let at = 0;
  while (at < data.byteLength) {
    const length = view.getUint16(at, true);
    if (at + HEADER + length > data.byteLength) throw new RangeError("a block ends beyond its message");
    blocks.push({
      type: view.getUint16(at + 2, true),
      correlation: view.getUint32(at + 4, true),
      payload: new ByteBuffer(new Uint8Array(data, at + HEADER, length)),
    });
    at += HEADER + length;
  }
  return blocks;
}

export function subscribe(market: number, wanted: Wanted, correlation: number): Uint8Array<ArrayBuffer> {
  const builder = new Builder(64);
  Subscribe.startSubscribe(builder);
  Subscribe.addMarket(builder, market);
  switch (wanted.kind) {
    case "book":
      Subscribe.addChannel(builder, Channel.Book);
      Subscribe.addDepth(builder, wanted.depth);
      Subscribe.addGroupTicks(builder, BigInt(wanted.groupTicks));
      Subscribe.addRate(builder, RateClass.Fast);
      break;
    case "trades":
      Subscribe.addChannel(builder, Channel.Trades);
      Subscribe.addRate(builder, RateClass.Normal);
      break;
    case "candles":
      Subscribe.addChannel(builder, Channel.Candles);
      Subscribe.addInterval(builder, INTERVALS.indexOf(wanted.interval));
      Subscribe.addRate(builder, RateClass.Slow);
  }
  builder.finish(Subscribe.endSubscribe(builder));
  return block(MessageType.Subscribe, builder, correlation);
}

export function unsubscribe(subscription: bigint): Uint8Array<ArrayBuffer> {
  const builder = new Builder(32);
  Unsubscribe.startUnsubscribe(builder);
  Unsubscribe.addSubscription(builder, subscription);
  builder.finish(Unsubscribe.endUnsubscribe(builder));
  return block(MessageType.Unsubscribe, builder, 0);
}

/** Comes back under its correlation as soon as it is read. */
export function ping(correlation: number): Uint8Array<ArrayBuffer> {
  const builder = new Builder(32);
  builder.startObject(0);
  builder.finish(builder.endObject());
  return block(MessageType.Heartbeat, builder, correlation);
}

/** The last trades of a market: its channel begins with the next one. */
export function pastTrades(market: number, correlation: number): Uint8Array<ArrayBuffer> {
  const builder = new Builder(32);
  TradesQuery.startTradesQuery(builder);
  TradesQuery.addMarket(builder, market);
  TradesQuery.addLimit(builder, PAST_TRADES);
  builder.finish(TradesQuery.endTradesQuery(builder));
  return block(MessageType.TradesQuery, builder, correlation);
}

/** A book as snapshots and deltas make it. */
export class BlockBook {
  readonly bids = new BookSide(true);
  readonly asks = new BookSide(false);
  sequence = -1n;
  private page = 0;

  /** `done`: what stands now is what the exchange has; `more`: pages are to come; `gap`: something is missing or wrong. */
  snapshot(payload: ByteBuffer): "done" | "more" | "gap" {
    const said = BookSnapshot.getRootAsBookSnapshot(payload);
    if (said.page() === 1) {
      this.bids.clear();
      this.asks.clear();
      this.page = 0;
    }
    this.sequence = said.sequence();
    return this.take(said);
  }

  delta(payload: ByteBuffer): "done" | "more" | "gap" {
    const said = BookDelta.getRootAsBookDelta(payload);
    const follows = this.page === 0 ? said.previousSequence() === this.sequence : said.sequence() === this.sequence;
    if (!follows) return "gap";
    this.sequence = said.sequence();
    return this.take(said);
  }

  private take(said: BookSnapshot | BookDelta): "done" | "more" | "gap" {
    if (said.page() !== this.page + 1) return "gap";
    for (let index = 0; index < said.levelsLength(); index += 1) {
      const level = said.levels(index);
      if (level !== null) (level.side() === BUY ? this.bids : this.asks).set(levelOf(level));
    }
    if (said.page() < said.pages()) {
      this.page = said.page();
      return "more";
    }
    this.page = 0;
    return this.checksum() === said.checksum() ? "done" : "gap";
  }

  /** Of the best levels as they stand on the wire, asks first. */
  private checksum(): number {
    const asks = this.asks.best(CHECKED_LEVELS);
    const bids = this.bids.best(CHECKED_LEVELS);
    const bytes = new Uint8Array((asks.length + bids.length) * LEVEL_BYTES);
    const view = new DataView(bytes.buffer);
    [...asks, ...bids].forEach(({ price, size, orders }, index) => {
      const at = index * LEVEL_BYTES;
      view.setBigInt64(at, price, true);
      view.setBigInt64(at + 8, size, true);
      view.setUint32(at + 16, orders, true);
      view.setUint32(at + 20, index < asks.length ? BUY + 1 : BUY, true);
    });
    return crc32(bytes);
  }
}

/** Oldest first, whichever way they came. */
export function tradesOf(payload: ByteBuffer): { subscription: bigint; trades: TradePrint[] } {
  const said = Trades.getRootAsTrades(payload);
  const trades: TradePrint[] = [];
  for (let index = 0; index < said.tradesLength(); index += 1) {
    const trade = said.trades(index);
    if (trade === null) continue;
    trades.push({
      id: trade.tradeId(),
      price: trade.price(),
      size: trade.quantity(),
      side: trade.side() === BUY ? "buy" : "sell",
      timeNs: trade.timeNs(),
    });
  }
  return { subscription: said.subscription(), trades: trades.toSorted((a, b) => Number(a.id - b.id)) };
}

export function candlesOf(payload: ByteBuffer): { subscription: bigint; candles: CandlePrint[] } {
  const said = Candles.getRootAsCandles(payload);
  const candles: CandlePrint[] = [];
  for (let index = 0; index < said.candlesLength(); index += 1) {
    const row = said.candles(index);
    if (row === null) continue;
    candles.push({
      openNs: row.openNs(),
      open: row.open(),
      high: row.high(),
      low: row.low(),
      close: row.close(),
      volume: row.volumeLow() + (row.volumeHigh() << 64n),
      turnover: row.turnoverLow() + (row.turnoverHigh() << 64n),
    });
  }
  return { subscription: said.subscription(), candles };
}

const levelOf = (level: LevelS): Level => ({ price: level.price(), size: level.quantity(), orders: level.orders() });

function block(type: MessageType, builder: Builder, correlation: number): Uint8Array<ArrayBuffer> {
  const root = builder.asUint8Array();
  const length = Math.ceil(root.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(HEADER + length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, true);
  view.setUint16(2, type, true);
  view.setUint32(4, correlation, true);
  bytes.set(root, HEADER);
  return bytes;
}
