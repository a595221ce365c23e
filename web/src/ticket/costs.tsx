import type { Market } from "../market/market";
import type { Decimal } from "../money/decimal";
import { cx } from "../ui/class-names";
import type { Estimate } from "./estimate";

/** What the order comes to, and what is left. */
export function Costs({ market, made, available }: { market: Market; made: Estimate; available: Decimal | null }) {
  const decimals = (asset: string): number => (asset === market.quote ? market.quoteDecimals : market.baseDecimals);
  const line = (value: Decimal | null, asset: string, extra = 0): string =>
    value === null ? "–" : `${value.show(decimals(asset) + extra)} ${asset}`;
  const afterIsShort = made.after?.isNegative === true;
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-1 text-xs [&>dd]:text-right" data-testid="costs">
      <dt className="text-muted">Available</dt>
      <dd>{line(available, made.afterAsset)}</dd>
      {made.average !== null && (
        <>
          <dt className="text-muted">Average price</dt>
          <dd>
            {made.average.show()} {market.quote}
          </dd>
        </>
      )}
      <dt className="text-muted">Total</dt>
      <dd>{line(made.value, market.quote)}</dd>
      <dt className="text-muted">Fee at most</dt>
      <dd>{line(made.fee, made.feeAsset, made.feeAsset === market.quote ? 2 : 1)}</dd>
      <dt className="text-muted">You receive at least</dt>
      <dd>{line(made.receive, made.receiveAsset)}</dd>
      <dt className="text-muted">Left afterwards</dt>
      <dd className={cx(afterIsShort && "text-down")}>{line(made.after, made.afterAsset)}</dd>
    </dl>
  );
}
