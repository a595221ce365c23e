/** What it would cost to take a book's levels, best first. */

export interface Walk {
  /** Lots taken, and ticks * lots paid for them. */
  size: bigint;
  value: bigint;
  /** Ticks; of the last level touched. */
  worst: bigint;
  levels: number;
}

/** Takes at most `size` lots, and no level beyond `limit` ticks. */
export function walkSize(prices: BigInt64Array, sizes: BigInt64Array, size: bigint, isWithin: (price: bigint) => boolean = () => true): Walk {
  const walk: Walk = { size: 0n, value: 0n, worst: 0n, levels: 0 };
  for (let index = 0; index < prices.length && walk.size < size; index += 1) {
    const price = prices[index] ?? 0n;
    if (!isWithin(price)) break;
    const there = sizes[index] ?? 0n;
    const taken = there < size - walk.size ? there : size - walk.size;
    take(walk, price, taken);
  }
  return walk;
}

/** Takes as many whole lots as `value` ticks * lots pay for. */
export function walkValue(prices: BigInt64Array, sizes: BigInt64Array, value: bigint): Walk {
  const walk: Walk = { size: 0n, value: 0n, worst: 0n, levels: 0 };
  for (let index = 0; index < prices.length; index += 1) {
    const price = prices[index] ?? 0n;
    const payable = (value - walk.value) / price;
    const there = sizes[index] ?? 0n;
    const taken = there < payable ? there : payable;
    if (taken === 0n) break;
    take(walk, price, taken);
    if (taken < there) break;
  }
  return walk;
}

function take(walk: Walk, price: bigint, size: bigint): void {
  walk.size += size;
  walk.value += price * size;
  walk.worst = price;
  walk.levels += 1;
}
