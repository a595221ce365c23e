import type { Market } from "../market/market";
import type { Ticker } from "../market/markets";
import type { Decimal } from "../money/decimal";

/** What an amount is worth in another asset at the middle of their market; null where there is none. */
export function worthIn(
  quote: string,
  asset: string,
  amount: Decimal,
  markets: readonly Market[],
  tickers: Readonly<Record<string, Ticker>>,
): Decimal | null {
  if (asset === quote) return amount;
  const market = markets.find((candidate) => candidate.base === asset && candidate.quote === quote);
  const price = market === undefined ? null : (tickers[market.symbol]?.mark ?? tickers[market.symbol]?.last ?? null);
  return price === null ? null : amount.times(price);
}
