/**
 * A book as rows on the screen. A row keeps its identity as long as it shows the same: what did not change is not drawn
 * again.
 */
import type { BookPicture } from "../feed/feed";
import { Decimal } from "../money/decimal";
import type { Market } from "../market/market";

export interface RowView {
  /** Ticks, lots; all levels from the best to this one. */
  price: bigint;
  size: bigint;
  total: bigint;
  priceText: string;
  sizeText: string;
  totalText: string;
  /** Of the largest total shown, in sixty-fourths. */
  bar: number;
}

export type SideName = "bids" | "asks";

const BAR_STEPS = 64;

export class BookView {
  sequence = 0n;
  picture: BookPicture | null = null;
  isGap = false;
  private bids: readonly RowView[] = [];
  private asks: readonly RowView[] = [];
  private visible = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly market: Market) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  row(side: SideName, index: number): RowView | null {
    return this[side][index] ?? null;
  }

  rows(side: SideName): readonly RowView[] {
    return this[side];
  }

  /** Rows that are shown of each side. */
  show(count: number): void {
    if (count === this.visible) return;
    this.visible = count;
    this.update();
  }

  receive(picture: BookPicture): void {
    this.picture = picture;
    this.sequence = picture.sequence;
    this.isGap = false;
    this.update();
  }

  lose(): void {
    this.isGap = true;
    this.tell();
  }

  private update(): void {
    const { picture } = this;
    if (picture === null) return;
    const most = bigger(
      sum(picture.bidSizes.subarray(0, this.visible)),
      sum(picture.askSizes.subarray(0, this.visible)),
    );
    this.bids = this.side(this.bids, picture.bidPrices, picture.bidSizes, most);
    this.asks = this.side(this.asks, picture.askPrices, picture.askSizes, most);
    this.tell();
  }

  private side(before: readonly RowView[], prices: BigInt64Array, sizes: BigInt64Array, most: bigint): RowView[] {
    const rows: RowView[] = [];
    let total = 0n;
    for (let index = 0; index < Math.min(prices.length, this.visible); index += 1) {
      const price = prices[index] ?? 0n;
      const size = sizes[index] ?? 0n;
      total += size;
      const bar = most === 0n ? 0 : Number((total * BigInt(BAR_STEPS)) / most);
      const old = before[index];
      if (old !== undefined && old.price === price && old.size === size && old.total === total && old.bar === bar) {
        rows.push(old);
        continue;
      }
      rows.push({
        price,
        size,
        total,
        bar,
        priceText: old?.price === price ? old.priceText : priceOf(this.market, price).show(),
        sizeText: old?.size === size ? old.sizeText : sizeOf(this.market, size).show(),
        totalText: old?.total === total ? old.totalText : sizeOf(this.market, total).show(),
      });
    }
    return rows;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const sum = (sizes: BigInt64Array): bigint => sizes.reduce((total, size) => total + size, 0n);
const bigger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export const priceOf = (market: Market, ticks: bigint): Decimal => Decimal.of(ticks * market.tick.units, market.tick.scale);
export const sizeOf = (market: Market, lots: bigint): Decimal => Decimal.of(lots * market.lot.units, market.lot.scale);
