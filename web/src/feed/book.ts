/** One side of a book kept level by level, best first. Prices in ticks, sizes in lots. */

export interface Level {
  price: bigint;
  size: bigint;
  orders: number;
}

export class BookSide {
  private readonly levels: Level[] = [];

  constructor(private readonly isBids: boolean) {}

  get length(): number {
    return this.levels.length;
  }

  clear(): void {
    this.levels.length = 0;
  }

  /** The level as it is now; size 0: gone. */
  set(level: Level): void {
    const at = this.find(level.price);
    const isThere = this.levels[at]?.price === level.price;
    if (level.size === 0n) {
      if (isThere) this.levels.splice(at, 1);
    } else {
      this.levels.splice(at, isThere ? 1 : 0, level);
    }
  }

  best(count: number): readonly Level[] {
    return this.levels.slice(0, count);
  }

  /** Where the price stands, or would. */
  private find(price: bigint): number {
    let low = 0;
    let high = this.levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = this.levels[middle]?.price ?? 0n;
      if (this.isBids ? there > price : there < price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
