import { useMemo } from "react";

import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";
import type { OrderRow } from "../orders/orders";
import { useOpenOrders } from "../orders/use-open-orders";
import type { SideName } from "./book-view";

export interface OwnLevel {
  size: string;
  orders: OrderRow[];
}
export type OwnLevels = Record<SideName, ReadonlyMap<bigint, OwnLevel>>;

/** Own orders by the row that they are in: with grouping, bids fall into the row below them and asks into the one above. */
export function useOwnLevels(market: Market, group: number): OwnLevels {
  const orders = useOpenOrders(market.symbol);
  return useMemo(() => {
    const levels = { bids: new Map<bigint, OwnLevel>(), asks: new Map<bigint, OwnLevel>() };
    const step = BigInt(group);
    for (const order of orders) {
      if (order.price === null) continue;
      const ticks = Decimal.from(order.price).dividedBy(market.tick, 0).units;
      const side = order.side === "bid" ? "bids" : "asks";
      const rest = ticks % step;
      const row = rest === 0n ? ticks : side === "bids" ? ticks - rest : ticks - rest + step;
      const before = levels[side].get(row);
      levels[side].set(row, {
        size: Decimal.from(order.remaining_quantity).plus(Decimal.from(before?.size ?? "0")).toString(),
        orders: [...(before?.orders ?? []), order],
      });
    }
    return levels;
  }, [orders, group, market.tick]);
}
