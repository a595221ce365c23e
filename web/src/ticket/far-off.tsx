import { Decimal } from "../money/decimal";

/** Beyond this the price is more likely a slip than a wish: hundredths of a per cent from the middle. */
const FAR_OFF = 500n;

export const isFarOff = (offBy: bigint | null): boolean => (offBy ?? 0n) > FAR_OFF;

/** Says that a price is worse than the market's by more than one usually means. */
export function FarOff({ offBy, isBuying }: { offBy: bigint | null; isBuying: boolean }) {
  if (offBy === null || !isFarOff(offBy)) return null;
  return (
    <p className="mt-2 rounded-md border border-warn p-2 text-xs text-warn">
      This price is {Decimal.of(offBy, 2).show()} % {isBuying ? "above" : "below"} the middle of the market.
    </p>
  );
}
