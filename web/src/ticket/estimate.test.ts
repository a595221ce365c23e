import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { walkSize, walkValue } from "../book/walk";
import type { BookPicture } from "../feed/feed";
import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";
import type { Draft } from "./draft";
import { estimate, orderOf, stepped } from "./estimate";

const D = (text: string): Decimal => Decimal.from(text);
const MARKET: Market = {
  id: 1,
  symbol: "KCN/EUR",
  base: "KCN",
  quote: "EUR",
  tick: D("0.01"),
  lot: D("0.001"),
  minQuantity: D("0.001"),
  minNotional: D("1.00"),
  band: D("0.05"),
  makerFee: D("0.001"),
  takerFee: D("0.001"),
  priceDecimals: 2,
  sizeDecimals: 3,
  quoteScale: 8,
  quoteDecimals: 2,
  baseScale: 8,
  baseDecimals: 3,
  status: "open",
};
/** Bids 99.90 x 2 and 99.80 x 5; asks 100.10 x 1, 100.20 x 4 and 106.00 x 50. */
const BOOK: BookPicture = {
  type: "book",
  key: 1,
  sequence: 1n,
  bidPrices: BigInt64Array.of(9990n, 9980n),
  bidSizes: BigInt64Array.of(2000n, 5000n),
  askPrices: BigInt64Array.of(10010n, 10020n, 10600n),
  askSizes: BigInt64Array.of(1000n, 4000n, 50000n),
};
const DRAFT: Draft = { side: "bid", type: "limit", price: "100", size: "5", percent: null, timeInForce: "gtc", postOnly: false };
const AROUND = { market: MARKET, book: BOOK, last: D("100"), base: D("10"), quote: D("1000") };
const made = (part: Partial<Draft>, around: Partial<typeof AROUND> = {}) => estimate({ ...DRAFT, ...part }, { ...AROUND, ...around });

describe("a limit order", () => {
  test("costs price times size, and the fee is taken of what is received", () => {
    const { problem, value, fee, receive, after } = made({});
    expect(problem).toBeNull();
    expect([value, fee, receive, after].map(String)).toEqual(["500", "0.00500000", "4.99500000", "500"]);
  });

  test.each<[Partial<Draft>, string]>([
    [{ price: "" }, "Enter a price"],
    [{ price: "100.005" }, "The price must be a multiple of 0.01"],
    [{ price: "-1" }, "The price must be a positive number"],
    [{ size: "" }, "Enter a quantity"],
    [{ size: "1e3" }, "The quantity must be a positive number"],
    [{ size: "0.0005" }, "The quantity must be a multiple of 0.001"],
    [{ size: "0.009" }, "An order must be worth 1 EUR at least"],
    [{ size: "10.001" }, "Only 1,000.00 EUR available"],
    [{ side: "ask", size: "10.001" }, "Only 10.000 KCN available"],
    [{ postOnly: true, price: "100.10" }, "Post-only, but this price would trade at once"],
  ])("%j: %s", (part, problem) => expect(made(part).problem).toBe(problem));

  test("says how far it is off, to the trader's harm only", () => {
    expect(made({ price: "110" }).offBy).toBe(1000n);
    expect(made({ price: "90" }).offBy).toBe(0n);
    expect(made({ price: "90", side: "ask" }).offBy).toBe(1000n);
  });
});

describe("a market order", () => {
  test("walks the book no further than five per cent beyond the best price", () => {
    const estimated = made({ type: "market", size: "6" });
    expect(estimated.worst?.toString()).toBe("105.10");
    expect(estimated.value?.toString()).toBe("500.9");
    expect(estimated.average?.toString()).toBe("100.1800");
    expect(made({ type: "market", side: "ask", size: "1" }).worst?.toString()).toBe("94.91");
  });

  test("by a share of the money spends that amount, as the exchange holds to it", () => {
    const draft: Draft = { ...DRAFT, type: "market", percent: 50, size: "" };
    const order = orderOf(draft, estimate(draft, AROUND), MARKET, "id");
    expect(order).toEqual({
      symbol: "KCN/EUR",
      side: "bid",
      order_type: "market",
      client_order_id: "id",
      max_slippage_price: "105.10",
      quote_amount: "500.00",
    });
  });
});

test("a share of what is there is never more than it, on the grid", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 10n ** 8n }), fc.constantFrom(25, 50, 75, 100), (has, price, percent) => {
      const quote = Decimal.of(has, 8);
      const estimated = made({ price: Decimal.of(price, 2).toString(), percent, size: "" }, { quote, base: D("0") });
      expect(estimated.size?.isMultipleOf(MARKET.lot)).toBe(true);
      expect(estimated.value?.compare(quote)).toBeLessThanOrEqual(0);
    }),
  );
});

test("arrow keys step on the grid, also from beside it", () => {
  expect(stepped("100", MARKET.tick, 1, null)).toBe("100.01");
  expect(stepped("100.005", MARKET.tick, 1, null)).toBe("100.01");
  expect(stepped("100.005", MARKET.tick, -1, null)).toBe("100.00");
  expect(stepped("", MARKET.tick, 10, D("99.90"))).toBe("100.00");
  expect(stepped("0.01", MARKET.tick, -5, null)).toBe("0.01");
});

test("taking a book by money never spends more, and takes all that it pays for", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), (value) => {
      const walk = walkValue(BOOK.askPrices, BOOK.askSizes, value);
      expect(walk.value).toBeLessThanOrEqual(value);
      const more = walkSize(BOOK.askPrices, BOOK.askSizes, walk.size + 1n);
      expect(more.size === walk.size || more.value > value).toBe(true);
    }),
  );
});
