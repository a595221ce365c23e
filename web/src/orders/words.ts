/** Orders in words, the same in tables, toasts and for those who listen. */
import type { OrderSide, OrderStatus } from "../gateway/shapes";
import { Decimal } from "../money/decimal";

interface Said {
  symbol: string;
  side: OrderSide | "buy" | "sell";
  price?: string | null;
  quantity: string;
  quote_amount?: string | null;
}

export const isBuy = (side: OrderSide | "buy" | "sell"): boolean => side === "bid" || side === "buy";

/** `Buy 5 KCN at 999.55 EUR`. */
export function orderTitle({ symbol, side, price, quantity, quote_amount }: Said): string {
  const [base = "", quote = ""] = symbol.split("/");
  const verb = isBuy(side) ? "Buy" : "Sell";
  const what =
    quote_amount !== null && quote_amount !== undefined
      ? `${base} for ${shown(quote_amount)} ${quote}`
      : `${shown(quantity)} ${base}`;
  return price === null || price === undefined ? `${verb} ${what} at market` : `${verb} ${what} at ${shown(price, false)} ${quote}`;
}

export const STATUS_WORDS: Record<OrderStatus, string> = {
  pending: "Pending",
  open: "Open",
  partially_filled: "Partly filled",
  filled: "Filled",
  cancelled: "Cancelled",
  rejected: "Rejected",
  expired: "Expired",
};

/** Grouped thousands; without zeros at the end unless they are a price's. */
export function shown(text: string, isTrimmed = true): string {
  const value = Decimal.parse(text);
  if (value === null) return text;
  return (isTrimmed ? value.trimmed() : value).show();
}
