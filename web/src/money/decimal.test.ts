import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { Decimal } from "./decimal";

const decimals = fc
  .record({ units: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), scale: fc.integer({ min: 0, max: 9 }) })
  .map(({ units, scale }) => Decimal.of(units, scale));
const steps = fc
  .record({ units: fc.bigInt({ min: 1n, max: 10n ** 6n }), scale: fc.integer({ min: 0, max: 9 }) })
  .map(({ units, scale }) => Decimal.of(units, scale));

/** The same number over 10^18, against which the arithmetic is checked. */
const over18 = (value: Decimal): bigint => value.units * 10n ** BigInt(18 - value.scale);

describe("Decimal", () => {
  test("reads back what it writes, beyond what a float holds", () => {
    fc.assert(
      fc.property(decimals, (value) => {
        const back = Decimal.from(value.toString());
        expect([back.units, back.scale]).toEqual([value.units, value.scale]);
      }),
    );
    expect(Decimal.from("90071992547409.93").plus(Decimal.from("0.01")).toString()).toBe("90071992547409.94");
  });

  test.each(["", ".", "-", "1e5", "1,000", "0x10", "NaN", "1.2.3", " 1 2", `0.${"1".repeat(19)}`])(
    "does not read %j",
    (text) => expect(Decimal.parse(text)).toBeNull(),
  );

  test("adds, multiplies and compares as the integers do", () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        expect(over18(a.plus(b))).toBe(over18(a) + over18(b));
        expect(over18(a.minus(b))).toBe(over18(a) - over18(b));
        expect(over18(a.times(b))).toBe((over18(a) * over18(b)) / 10n ** 18n);
        expect(a.compare(b)).toBe(over18(a) < over18(b) ? -1 : over18(a) > over18(b) ? 1 : 0);
      }),
    );
  });

  test("divides down: the quotient times the divisor never exceeds", () => {
    fc.assert(
      fc.property(decimals, steps, fc.integer({ min: 0, max: 9 }), (a, b, scale) => {
        const quotient = a.dividedBy(b, scale);
        const next = quotient.plus(Decimal.of(1n, scale));
        expect(quotient.times(b).compare(a)).toBeLessThanOrEqual(0);
        expect(next.times(b).compare(a)).toBe(1);
      }),
    );
  });

  test("floors to a step and no further", () => {
    fc.assert(
      fc.property(decimals, steps, (a, step) => {
        const down = a.floorTo(step);
        expect(down.isMultipleOf(step)).toBe(true);
        expect(down.compare(a)).toBeLessThanOrEqual(0);
        expect(down.plus(step).compare(a)).toBe(1);
      }),
    );
  });

  test("rounds up as it rounds down the other way", () => {
    expect(Decimal.from("0.0001").ceil(3).toString()).toBe("0.001");
    expect(Decimal.from("-0.0001").ceil(3).toString()).toBe("0.000");
    expect(Decimal.from("-0.0001").floor(3).toString()).toBe("-0.001");
  });

  test("groups thousands to show", () => {
    expect(Decimal.from("-1234567.891").show()).toBe("-1,234,567.891");
    expect(Decimal.from("999.5").show(2)).toBe("999.50");
    expect(Decimal.from("100").show()).toBe("100");
    expect(Decimal.from("1.2300").trimmed().toString()).toBe("1.23");
  });
});
