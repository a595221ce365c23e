/** Own fills, newest first, and the words that go with each. */
import { create } from "zustand";

import { ask } from "../gateway/rest";
import type { FillShape } from "../gateway/shapes";
import { Decimal } from "../money/decimal";
import { notify } from "../ui/notices";
import { shown } from "./words";

interface Fills {
  list: readonly FillShape[];
  accountSequence: number | null;
}

const KEPT = 500;
const EMPTY: Fills = { list: [], accountSequence: null };

export const useFills = create<Fills>()(() => EMPTY);

/** What an order has been filled with while its toast is shown. */
const told = new Map<string, { quantity: Decimal; total: Decimal }>();

export async function loadFills(): Promise<void> {
  const { trades } = await ask<{ trades: FillShape[] }>("/api/orders/trades?limit=100");
  useFills.setState(({ list }) => ({ list: merged(list, trades) }));
}

export function forgetFills(): void {
  told.clear();
  useFills.setState(EMPTY);
}

/** A notification of the channel `fills`. */
export function receiveFills(said: Record<string, unknown>): void {
  const fills = said["fills"] as FillShape[];
  const known = new Set(useFills.getState().list.map((fill) => fill.id));
  useFills.setState(({ list }) => ({
    list: merged(list, fills),
    accountSequence: Number(said["account_sequence"]),
  }));
  for (const fill of fills) if (!known.has(fill.id)) tell(fill);
}

/** One toast for each order, however many fills it takes. */
function tell(fill: FillShape): void {
  const before = told.get(fill.order_id) ?? { quantity: Decimal.ZERO, total: Decimal.ZERO };
  const quantity = before.quantity.plus(Decimal.from(fill.quantity));
  const total = before.total.plus(Decimal.from(fill.quantity).times(Decimal.from(fill.price)));
  told.set(fill.order_id, { quantity, total });
  const [base = "", quote = ""] = fill.symbol.split("/");
  const price = Decimal.from(fill.price);
  const average = total.dividedBy(quantity, price.scale);
  notify({
    key: `fill ${fill.order_id}`,
    tone: "good",
    title: fill.side === "buy" ? "Bought" : "Sold",
    text: `${shown(quantity.toString())} ${base} at ${average.show()} ${quote}`,
  });
}

function merged(list: readonly FillShape[], more: readonly FillShape[]): FillShape[] {
  const byId = new Map([...list, ...more].map((fill) => [fill.id, fill]));
  return [...byId.values()].toSorted((a, b) => b.settled_at.localeCompare(a.settled_at) || b.trade_id - a.trade_id).slice(0, KEPT);
}
