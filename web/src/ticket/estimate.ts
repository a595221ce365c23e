/** What an order would come to, and what speaks against sending it. Exact, and rounded as the exchange rounds. */
import type { BookPicture } from "../feed/feed";
import type { PlaceShape } from "../gateway/shapes";
import type { Market } from "../market/market";
import { Decimal, smaller } from "../money/decimal";
import { walkSize, walkValue, type Walk } from "../book/walk";
import type { Draft } from "./draft";

export interface Circumstances {
  market: Market;
  book: BookPicture | null;
  /** Where the market stands when its book has one side only. */
  last: Decimal | null;
  /** Of base and quote; null while not signed in. */
  base: Decimal | null;
  quote: Decimal | null;
}

export interface Estimate {
  /** Why it cannot be sent; null: it can. */
  problem: string | null;
  /** The field that the problem is about. */
  field: "price" | "size" | null;
  /** In base; the size that would be sent. */
  size: Decimal | null;
  /** In quote: what is spent (buy) or what comes in before the fee (sell). */
  value: Decimal | null;
  fee: Decimal | null;
  feeAsset: string;
  /** What is received at least, after the fee. */
  receive: Decimal | null;
  receiveAsset: string;
  /** What is left of what is spent. */
  after: Decimal | null;
  afterAsset: string;
  /** Market orders: average and the worst price that is taken. */
  average: Decimal | null;
  worst: Decimal | null;
  /** How far from the middle the price is to the trader's harm, in hundredths of a per cent. */
  offBy: bigint | null;
}

/** How far a market order may go from the best price; part of its order, so the exchange holds to it. */
export const SLIPPAGE = Decimal.of(5n, 2);
const HUNDRED = Decimal.of(100n, 0);
const ONE = Decimal.of(1n, 0);

export function estimate(draft: Draft, around: Circumstances): Estimate {
  const { market } = around;
  const isBuying = draft.side === "bid";
  const price = draft.type === "limit" ? Decimal.parse(draft.price) : null;
  const best = bestPrice(market, around.book, isBuying);
  const limit = draft.type === "limit" ? price : best === null ? null : worstPrice(market, best, isBuying);
  const size = wantedSize(draft, around, limit ?? null);
  const walk = draft.type === "market" && size !== null ? marketWalk(draft, around, size, limit) : null;
  const value = valueOf(draft, around, price, size, walk);
  const received = proceeds(draft, market, walk, size, value);
  const spent = isBuying ? value : (walk === null ? size : lots(market, walk.size));
  const has = isBuying ? around.quote : around.base;
  const [problem, field] = firstProblem(draft, around, price, size, value, best, walk);
  return {
    problem,
    field,
    size,
    value,
    ...received,
    after: has !== null && spent !== null ? has.minus(spent) : null,
    afterAsset: isBuying ? market.quote : market.base,
    average: walk !== null && walk.size > 0n ? averageOf(market, walk) : null,
    worst: draft.type === "market" ? limit : null,
    offBy: price === null ? null : offBy(price, middle(market, bestPrice(market, around.book, false), bestPrice(market, around.book, true), around.last), isBuying),
  };
}

/** The order as it is sent; only where the estimate has no problem. */
export function orderOf(draft: Draft, made: Estimate, market: Market, clientOrderId: string): PlaceShape {
  const order: PlaceShape = {
    symbol: market.symbol,
    side: draft.side,
    order_type: draft.type,
    client_order_id: clientOrderId,
  };
  if (draft.type === "limit") {
    order.price = Decimal.from(draft.price).floor(market.tick.scale).toString();
    order.time_in_force = draft.timeInForce;
    if (draft.postOnly) order.post_only = true;
  } else if (made.worst !== null) {
    order.max_slippage_price = made.worst.toString();
  }
  if (draft.type === "market" && draft.side === "bid" && draft.percent !== null && made.value !== null) {
    order.quote_amount = made.value.toString();
  } else if (made.size !== null) {
    order.quantity = made.size.floor(market.lot.scale).toString();
  }
  return order;
}

export function bestPrice(market: Market, book: BookPicture | null, isBuying: boolean): Decimal | null {
  const ticks = isBuying ? book?.askPrices[0] : book?.bidPrices[0];
  return ticks === undefined ? null : Decimal.of(ticks * market.tick.units, market.tick.scale);
}

/** A typed number moved by whole steps, onto the grid. */
export function stepped(text: string, step: Decimal, steps: number, from: Decimal | null): string {
  const value = Decimal.parse(text) ?? from ?? Decimal.ZERO;
  const grid = value.floorTo(step);
  const isOff = !grid.equals(value);
  const moves = isOff && steps < 0 ? steps + 1 : steps;
  const moved = grid.plus(Decimal.of(step.units * BigInt(moves), step.scale));
  return moved.isPositive ? moved.floor(step.scale).toString() : step.toString();
}

function wantedSize(draft: Draft, around: Circumstances, price: Decimal | null): Decimal | null {
  if (draft.percent === null) return Decimal.parse(draft.size);
  const share = Decimal.of(BigInt(draft.percent), 2);
  if (draft.side === "ask") return around.base?.times(share).floorTo(around.market.lot) ?? null;
  if (around.quote === null || price === null || !price.isPositive) return null;
  return around.quote.times(share).dividedBy(price, around.market.lot.scale + 2).floorTo(around.market.lot);
}

function marketWalk(draft: Draft, around: Circumstances, size: Decimal, limit: Decimal | null): Walk | null {
  const { market, book } = around;
  if (book === null || limit === null) return null;
  const isBuying = draft.side === "bid";
  const prices = isBuying ? book.askPrices : book.bidPrices;
  const sizes = isBuying ? book.askSizes : book.bidSizes;
  if (isBuying && draft.percent !== null && around.quote !== null) {
    return walkValue(prices, sizes, units(quoteShare(draft.percent, around.quote, market), market));
  }
  const worst = limit.floorTo(market.tick).dividedBy(market.tick, 0).units;
  const wanted = size.floorTo(market.lot).dividedBy(market.lot, 0).units;
  return walkSize(prices, sizes, wanted, (price) => (isBuying ? price <= worst : price >= worst));
}

function valueOf(
  draft: Draft,
  around: Circumstances,
  price: Decimal | null,
  size: Decimal | null,
  walk: Walk | null,
): Decimal | null {
  const { market, quote } = around;
  if (draft.type === "limit") return price === null || size === null ? null : price.times(size).trimmed();
  if (draft.side === "bid" && draft.percent !== null && quote !== null) return quoteShare(draft.percent, quote, market);
  return walk === null ? null : Decimal.of(walk.value * market.tick.units * market.lot.units, market.tick.scale + market.lot.scale).trimmed();
}

/** Fees are taken of what is received, and rounded up. */
function proceeds(draft: Draft, market: Market, walk: Walk | null, size: Decimal | null, value: Decimal | null) {
  const isBuying = draft.side === "bid";
  const gross = isBuying ? (walk === null ? size : lots(market, walk.size)) : value;
  const asset = isBuying ? market.base : market.quote;
  const scale = isBuying ? market.baseScale : market.quoteScale;
  const rate = draft.postOnly && draft.type === "limit" ? market.makerFee : market.takerFee;
  const fee = gross === null ? null : gross.times(rate.isPositive ? rate : Decimal.ZERO).ceil(scale);
  return {
    fee,
    feeAsset: asset,
    receive: gross === null || fee === null ? null : gross.minus(fee),
    receiveAsset: asset,
  };
}

/** The first thing that speaks against it, in the order in which one reads the ticket. */
function firstProblem(
  draft: Draft,
  around: Circumstances,
  price: Decimal | null,
  size: Decimal | null,
  value: Decimal | null,
  best: Decimal | null,
  walk: Walk | null,
): [string | null, "price" | "size" | null] {
  const { market } = around;
  const isBuying = draft.side === "bid";
  if (market.status === "halted" || market.status === "closed") return [`${market.symbol} is ${market.status}`, null];
  if (market.status === "cancel_only") return [`${market.symbol} takes cancels only`, null];
  if (draft.type === "limit") {
    if (draft.price.trim() === "") return ["Enter a price", "price"];
    if (price === null || !price.isPositive) return ["The price must be a positive number", "price"];
    if (!price.isMultipleOf(market.tick)) return [`The price must be a multiple of ${market.tick.toString()}`, "price"];
  } else if (best === null) {
    return [isBuying ? "Nobody sells at the moment" : "Nobody buys at the moment", null];
  }
  if (draft.percent === null && draft.size.trim() === "") return ["Enter a quantity", "size"];
  if (size === null || !size.isPositive) {
    return [draft.percent === null ? "The quantity must be a positive number" : "There is nothing available", "size"];
  }
  if (!size.isMultipleOf(market.lot)) return [`The quantity must be a multiple of ${market.lot.toString()}`, "size"];
  if (size.compare(market.minQuantity) < 0) return [`The least quantity is ${market.minQuantity.toString()} ${market.base}`, "size"];
  if (value !== null && value.compare(market.minNotional) < 0) {
    return [`An order must be worth ${market.minNotional.trimmed().show()} ${market.quote} at least`, "size"];
  }
  const has = isBuying ? around.quote : around.base;
  const needs = isBuying ? value : size;
  if (has !== null && needs !== null && needs.compare(has) > 0) {
    const asset = isBuying ? market.quote : market.base;
    const decimals = isBuying ? market.quoteDecimals : market.baseDecimals;
    return [`Only ${has.show(decimals)} ${asset} available`, "size"];
  }
  if (draft.type === "market" && walk !== null && walk.size === 0n) return ["Nothing is offered within 5 % of the best price", "size"];
  if (draft.postOnly && draft.type === "limit" && price !== null && best !== null && crosses(price, best, isBuying)) {
    return ["Post-only, but this price would trade at once", "price"];
  }
  return [null, null];
}

const crosses = (price: Decimal, best: Decimal, isBuying: boolean): boolean =>
  isBuying ? price.compare(best) >= 0 : price.compare(best) <= 0;

function worstPrice(market: Market, best: Decimal, isBuying: boolean): Decimal {
  const factor = isBuying ? ONE.plus(SLIPPAGE) : ONE.minus(SLIPPAGE);
  const raw = best.times(factor);
  const down = raw.floorTo(market.tick);
  return isBuying || down.equals(raw) ? down : down.plus(market.tick);
}

/** Half way between the best prices; where a side is missing, the last one. */
export function middle(market: Market, bid: Decimal | null, offered: Decimal | null, last: Decimal | null): Decimal | null {
  if (bid === null || offered === null) return last;
  return bid.plus(offered).dividedBy(Decimal.of(2n, 0), market.tick.scale + 1);
}

/** How far a price is from the middle to the trader's harm, in hundredths of a per cent. */
export function offBy(price: Decimal, mid: Decimal | null, isBuying: boolean): bigint | null {
  if (mid === null || mid.isZero) return null;
  const beyond = isBuying ? price.minus(mid) : mid.minus(price);
  return beyond.isPositive ? beyond.times(HUNDRED).dividedBy(mid, 2).units : 0n;
}

function averageOf(market: Market, walk: Walk): Decimal {
  const value = Decimal.of(walk.value * market.tick.units, market.tick.scale);
  return value.dividedBy(Decimal.of(walk.size, 0), market.tick.scale + 2);
}

function quoteShare(percent: number, quote: Decimal, market: Market): Decimal {
  return smaller(quote, quote.times(Decimal.of(BigInt(percent), 2))).floor(market.quoteDecimals);
}

const lots = (market: Market, size: bigint): Decimal => Decimal.of(size * market.lot.units, market.lot.scale);

/** An amount of the quote asset in ticks * lots. */
function units(amount: Decimal, market: Market): bigint {
  return amount.dividedBy(Decimal.of(market.tick.units * market.lot.units, market.tick.scale + market.lot.scale), 0).units;
}
