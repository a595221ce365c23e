import { useSyncExternalStore } from "react";

import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";
import { priceOf, type BookView, type SideName } from "./book-view";

/** What it would take to trade up to the row that is pointed at. */
export function Sweep({ market, view, side, index, top }: { market: Market; view: BookView; side: SideName; index: number; top: number }) {
  const rows = useSyncExternalStore(view.subscribe, () => view.rows(side));
  const row = rows[index];
  const best = rows[0];
  if (row === undefined || best === undefined) return null;
  const value = rows.slice(0, index + 1).reduce((total, { price, size }) => total + price * size, 0n);
  const average = priceOf(market, value).dividedBy(Decimal.of(row.total, 0), market.tick.scale + 2);
  const away = row.price > best.price ? row.price - best.price : best.price - row.price;
  const slippage = Decimal.of((away * 100_000n) / best.price, 1);
  return (
    <dl
      aria-hidden
      style={{ transform: `translateY(${top}px)` }}
      className="pointer-events-none absolute top-0 left-full z-40 ml-1 grid w-52 grid-cols-[1fr_auto] gap-y-0.5 rounded-md border border-line bg-raised p-2 text-xs shadow-xl"
    >
      <dt className="text-muted">Average price</dt>
      <dd>{average.show()}</dd>
      <dt className="text-muted">Sum ({market.base})</dt>
      <dd>{row.totalText}</dd>
      <dt className="text-muted">Sum ({market.quote})</dt>
      <dd>
        {Decimal.of(value * market.tick.units * market.lot.units, market.tick.scale + market.lot.scale).show(market.quoteDecimals)}
      </dd>
      <dt className="text-muted">From best</dt>
      <dd>{slippage.show()} bp</dd>
    </dl>
  );
}
