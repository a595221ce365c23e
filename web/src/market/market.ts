/** A market, with its steps as numbers to calculate with. */
import { Decimal } from "../money/decimal";
import type { AssetShape, MarketShape, MarketStatus } from "../gateway/shapes";

export interface Market {
  id: number;
  symbol: string;
  base: string;
  quote: string;
  tick: Decimal;
  lot: Decimal;
  minQuantity: Decimal;
  minNotional: Decimal;
  band: Decimal;
  makerFee: Decimal;
  takerFee: Decimal;
  priceDecimals: number;
  sizeDecimals: number;
  /** Decimals of an amount in the quote asset, to calculate and to show. */
  quoteScale: number;
  quoteDecimals: number;
  baseScale: number;
  baseDecimals: number;
  status: MarketStatus;
}

export function marketOf(shape: MarketShape, assets: readonly AssetShape[]): Market {
  const base = assets.find((asset) => asset.symbol === shape.base);
  const quote = assets.find((asset) => asset.symbol === shape.quote);
  return {
    id: shape.id,
    symbol: shape.symbol,
    base: shape.base,
    quote: shape.quote,
    tick: Decimal.from(shape.tick_size),
    lot: Decimal.from(shape.lot_size),
    minQuantity: Decimal.from(shape.min_quantity),
    minNotional: Decimal.from(shape.min_notional),
    band: Decimal.from(shape.band),
    makerFee: Decimal.from(shape.maker_fee),
    takerFee: Decimal.from(shape.taker_fee),
    priceDecimals: shape.price_decimals,
    sizeDecimals: shape.quantity_decimals,
    quoteScale: quote?.scale ?? 8,
    quoteDecimals: quote?.display_decimals ?? 2,
    baseScale: base?.scale ?? 8,
    baseDecimals: base?.display_decimals ?? shape.quantity_decimals,
    status: shape.status,
  };
}

/** KCN/EUR in an address. */
export const slugOf = (symbol: string): string => symbol.replace("/", "-");

/** Steps of price by which a book can be grouped, in ticks. */
export const GROUPS: readonly number[] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];

export const groupPrice = (market: Market, ticks: number): Decimal => Decimal.of(market.tick.units * BigInt(ticks), market.tick.scale);
