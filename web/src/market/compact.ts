/** Big volumes in few characters. */
import { Decimal } from "../money/decimal";

const UNITS = [
  ["B", Decimal.of(1_000_000_000n, 0)],
  ["M", Decimal.of(1_000_000n, 0)],
  ["K", Decimal.of(1_000n, 0)],
] as const;

/** `18434.5` as `18.43K`; below a thousand with `decimals`. */
export function compact(value: Decimal, decimals = 2): string {
  for (const [letter, unit] of UNITS) {
    if (value.compare(unit) >= 0) return value.dividedBy(unit, 2).show() + letter;
  }
  return value.show(decimals);
}
