/**
 * The orders of the account: what the exchange said, and beside it what this page asked for and has no answer to yet.
 * A row appears when it is sent, under its client order id; balances are never guessed.
 */
import { create } from "zustand";

import { Refusal, reasonOf } from "../gateway/rest";
import type { OrderShape, OrderStatus, PlaceShape } from "../gateway/shapes";
import { notify } from "../ui/notices";
import { orderTitle } from "./words";

/** What of a row is not known to the exchange, or not by it to us. */
export type Pending = "sending" | "cancelling" | "amending" | "unknown";

export interface OrderRow extends OrderShape {
  pending: Pending | null;
}

interface Orders {
  /** By client order id. */
  rows: ReadonlyMap<string, OrderRow>;
  /** Grows whenever an order changes: what tells lists of the past to look again. */
  changes: number;
}

/** What orders need of the line. */
export interface Asking {
  request<T>(method: string, params?: object): Promise<T>;
}

export interface Amendment {
  price?: string;
  quantity?: string;
}

const FINISHED_KEPT = 100;
const ASK_AGAIN_MS = [500, 2_000, 6_000];
const EMPTY: Orders = { rows: new Map(), changes: 0 };

export const useOrders = create<Orders>()(() => EMPTY);

export const isOpen = (order: { status: OrderStatus; pending?: Pending | null }): boolean =>
  order.status === "open" || order.status === "partially_filled" || order.status === "pending";

export function forgetOrders(): void {
  useOrders.setState(EMPTY);
}

/** A notification of the channel `orders`. */
export function receiveOrders(said: Record<string, unknown>): void {
  const orders = said["orders"] as OrderShape[];
  const isSnapshot = said["snapshot"] === true;
  useOrders.setState(({ rows, changes }) => {
    const next = new Map<string, OrderRow>();
    for (const [key, row] of rows) {
      // A snapshot holds every open order: what it lacks is open no more, unless it is still on its way.
      if (!isSnapshot || !isOpen(row) || row.pending === "sending" || row.pending === "unknown") next.set(key, row);
    }
    for (const order of orders) {
      const before = rows.get(order.client_order_id);
      if (before !== undefined && before.sequence > order.sequence) continue;
      next.set(order.client_order_id, { ...order, pending: stillPending(before, order) });
    }
    return { rows: pruned(next), changes: changes + 1 };
  });
}

/** Sends an order; its row is there at once. Resolves to whether the exchange took it; tells the person either way. */
export async function placeOrder(line: Asking, wanted: PlaceShape): Promise<boolean> {
  put(rowOf(wanted));
  const key = wanted.client_order_id;
  try {
    const done = await line.request<{ order_id: string; status: OrderStatus; filled_quantity: string; sequence: number }>(
      "private/place_order",
      wanted,
    );
    edit(key, (row) =>
      row.pending === "sending"
        ? { ...row, id: done.order_id, status: done.status, filled_quantity: done.filled_quantity, pending: null }
        : row,
    );
    if (done.status === "open") tellPlaced(line, wanted);
    return true;
  } catch (fault) {
    if (fault instanceof Refusal && fault.isUnknown) {
      edit(key, (row) => ({ ...row, pending: "unknown" }));
      void findOut(line, key);
      return true;
    }
    drop(key);
    tellRefused("Order not placed", fault);
    return false;
  }
}

export async function cancelOrder(line: Asking, key: string): Promise<void> {
  const row = useOrders.getState().rows.get(key);
  edit(key, (before) => ({ ...before, pending: "cancelling" }));
  try {
    await line.request("private/cancel_order", row?.id ? { order_id: row.id } : { client_order_id: key });
    edit(key, (before) => (before.pending === "cancelling" && !isOpen(before) ? { ...before, pending: null } : before));
  } catch (fault) {
    edit(key, (before) => ({ ...before, pending: null }));
    if (fault instanceof Refusal && fault.isUnknown) void findOut(line, key);
    else tellRefused("Not cancelled", fault);
  }
}

export async function cancelAll(line: Asking, symbol: string | null): Promise<void> {
  try {
    const { cancelled } = await line.request<{ cancelled: number }>("private/cancel_all", symbol === null ? {} : { symbol });
    notify({
      key: "cancel-all",
      tone: "info",
      title: cancelled === 1 ? "1 order cancelled" : `${cancelled} orders cancelled`,
      text: symbol ?? "All markets",
    });
  } catch (fault) {
    tellRefused("Not cancelled", fault);
  }
}

/** Resolves to whether the exchange took it. */
export async function amendOrder(line: Asking, key: string, amendment: Amendment): Promise<boolean> {
  const row = useOrders.getState().rows.get(key);
  if (row === undefined) return false;
  edit(key, (before) => ({ ...before, pending: "amending" }));
  try {
    await line.request("private/amend_order", { order_id: row.id, ...amendment, expected_filled: row.filled_quantity });
    edit(key, (before) => (before.pending === "amending" ? { ...before, pending: null } : before));
    notify({ key: `amend ${key}`, tone: "good", title: "Order amended", text: orderTitle({ ...row, ...amendment }) });
    return true;
  } catch (fault) {
    edit(key, (before) => ({ ...before, pending: null }));
    if (fault instanceof Refusal && fault.isUnknown) void findOut(line, key);
    else tellRefused("Not amended", fault);
    return false;
  }
}

/** Asks what became of an order whose answer never came: the outcome is one or the other, so nothing is sent twice. */
async function findOut(line: Asking, key: string): Promise<void> {
  for (const pause of ASK_AGAIN_MS) {
    // One question after the other, later each time.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      // oxlint-disable-next-line no-await-in-loop
      const order = await line.request<OrderShape>("private/get_order", { client_order_id: key });
      edit(key, () => ({ ...order, pending: null }));
      notify({ key: `unknown ${key}`, tone: "good", title: "The order is known again", text: orderTitle(order) });
      return;
    } catch (fault) {
      if (fault instanceof Refusal && (fault.code === "E_ORDER_NOT_FOUND" || fault.code === "E_NOT_FOUND")) {
        drop(key);
        notify({ key: `unknown ${key}`, tone: "info", title: "Order not placed", text: "It never reached the exchange." });
        return;
      }
    }
  }
  notify({
    key: `unknown ${key}`,
    tone: "bad",
    title: "Outcome unknown",
    text: "The exchange has not said what became of an order. Look at your open orders before you repeat it.",
  });
}

function tellPlaced(line: Asking, wanted: PlaceShape): void {
  notify({
    key: `order ${wanted.client_order_id}`,
    tone: "good",
    title: "Order placed",
    text: orderTitle({ ...wanted, price: wanted.price ?? null, quantity: wanted.quantity ?? "0" }),
    action: { label: "Undo", run: () => void cancelOrder(line, wanted.client_order_id) },
  });
}

function tellRefused(title: string, fault: unknown): void {
  const code = fault instanceof Refusal ? fault.code : "";
  notify({ key: `refused ${Date.now()}`, tone: "bad", title: code ? `${title} (${code})` : title, text: reasonOf(fault) });
}

function stillPending(before: OrderRow | undefined, order: OrderShape): Pending | null {
  const isAsked = before?.pending === "cancelling" || before?.pending === "amending";
  return isAsked && isOpen(order) ? before.pending : null;
}

function rowOf(wanted: PlaceShape): OrderRow {
  return {
    id: "",
    symbol: wanted.symbol,
    side: wanted.side,
    order_type: wanted.order_type,
    price: wanted.price ?? null,
    quantity: wanted.quantity ?? "0",
    filled_quantity: "0",
    status: "pending",
    created_at: new Date().toISOString(),
    client_order_id: wanted.client_order_id,
    time_in_force: wanted.time_in_force ?? "gtc",
    post_only: wanted.post_only ?? false,
    remaining_quantity: wanted.quantity ?? "0",
    average_price: null,
    quote_amount: wanted.quote_amount ?? null,
    expires_at: null,
    updated_at: null,
    sequence: 0,
    reason: null,
    pending: "sending",
  };
}

function put(row: OrderRow): void {
  useOrders.setState(({ rows }) => ({ rows: new Map(rows).set(row.client_order_id, row) }));
}

function edit(key: string, change: (row: OrderRow) => OrderRow): void {
  const row = useOrders.getState().rows.get(key);
  if (row === undefined) return;
  const next = change(row);
  if (next !== row) useOrders.setState(({ rows, changes }) => ({ rows: new Map(rows).set(key, next), changes: changes + 1 }));
}

function drop(key: string): void {
  useOrders.setState(({ rows }) => {
    const next = new Map(rows);
    next.delete(key);
    return { rows: next };
  });
}

function pruned(rows: Map<string, OrderRow>): Map<string, OrderRow> {
  const finished = [...rows.values()].filter((row) => !isOpen(row)).toSorted((a, b) => a.sequence - b.sequence);
  for (const row of finished.slice(0, Math.max(0, finished.length - FINISHED_KEPT))) rows.delete(row.client_order_id);
  return rows;
}
