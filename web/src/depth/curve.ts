/** The book as two staircases of what lies between the best price and each other price. Places on the screen. */
import type { BookPicture } from "../feed/feed";

export interface Step {
  /** Ticks; lots from the best price to here. */
  price: bigint;
  total: bigint;
}

export interface Curve {
  bids: Step[];
  asks: Step[];
  /** Twice the middle in ticks, which is whole. */
  middle2: bigint;
  /** Ticks from the middle to each edge, and the largest total within. */
  reach: bigint;
  most: bigint;
}

/** Null without both sides. `reach`: ticks from the middle that are shown, null: as far as the nearer side goes. */
export function curveOf(picture: BookPicture | null, reach: bigint | null = null): Curve | null {
  const bid = picture?.bidPrices[0];
  const offered = picture?.askPrices[0];
  if (picture === null || bid === undefined || offered === undefined) return null;
  const middle2 = bid + offered;
  const lastBid = picture.bidPrices.at(-1) ?? bid;
  const lastAsk = picture.askPrices.at(-1) ?? offered;
  const down = (middle2 - 2n * lastBid) / 2n;
  const up = (2n * lastAsk - middle2) / 2n;
  const far = reach ?? (down < up ? down : up) + (offered - bid) + 1n;
  const bids = staircase(picture.bidPrices, picture.bidSizes, (price) => middle2 - 2n * price <= 2n * far);
  const asks = staircase(picture.askPrices, picture.askSizes, (price) => 2n * price - middle2 <= 2n * far);
  const most = [bids.at(-1)?.total ?? 0n, asks.at(-1)?.total ?? 0n].reduce((a, b) => (a > b ? a : b));
  return { bids, asks, middle2, reach: far, most: most === 0n ? 1n : most };
}

/** What lies between the middle and a price. */
export function totalAt(steps: readonly Step[], isWithin: (price: bigint) => boolean): Step | null {
  return steps.findLast(({ price }) => isWithin(price)) ?? null;
}

function staircase(prices: BigInt64Array, sizes: BigInt64Array, isWithin: (price: bigint) => boolean): Step[] {
  const made: Step[] = [];
  let total = 0n;
  for (let index = 0; index < prices.length; index += 1) {
    const price = prices[index] ?? 0n;
    if (!isWithin(price)) break;
    total += sizes[index] ?? 0n;
    made.push({ price, total });
  }
  return made;
}
