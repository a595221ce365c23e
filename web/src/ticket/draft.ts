/** The order that is being written. It outlives the ticket, which a phone closes. */
import { create } from "zustand";

import type { OrderSide, OrderType, TimeInForce } from "../gateway/shapes";

export interface Draft {
  side: OrderSide;
  type: OrderType;
  /** As typed. */
  price: string;
  size: string;
  /** Of what is available: the size follows price and balance until one is typed. */
  percent: number | null;
  timeInForce: TimeInForce;
  postOnly: boolean;
}

const EMPTY: Draft = {
  side: "bid",
  type: "limit",
  price: "",
  size: "",
  percent: null,
  timeInForce: "gtc",
  postOnly: false,
};

export const useDraft = create<Draft>()(() => EMPTY);

export function write(part: Partial<Draft>): void {
  useDraft.setState(part);
}

/** After an order was taken, and on another market: side and type stay, the numbers go. */
export function clearNumbers(): void {
  useDraft.setState({ size: "", percent: null });
}

export function forgetDraft(): void {
  useDraft.setState({ price: "", size: "", percent: null });
}
