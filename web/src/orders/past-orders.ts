import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { ask } from "../gateway/rest";
import type { FillShape, OrderShape } from "../gateway/shapes";
import { useOrders } from "./orders";

export interface OrdersAnswer {
  orders: OrderShape[];
  total: number;
}

const SETTLE_MS = 400;

/** A page of the orders that were, looked at again a moment after one of ours changes. */
export function usePastOrders(limit: number, offset: number, status: "done" | "all", symbol: string | null = null) {
  const client = useQueryClient();
  const changes = useOrders((orders) => orders.changes);
  useEffect(() => {
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: ["orders"] }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [client, changes]);
  return useQuery({
    queryKey: ["orders", limit, offset, status, symbol],
    queryFn: () => {
      const query = new URLSearchParams({ limit: String(limit), offset: String(offset), status });
      if (symbol !== null) query.set("symbol", symbol);
      return ask<OrdersAnswer>(`/api/orders?${query}`);
    },
    placeholderData: keepPreviousData,
  });
}

export function useOrder(id: string) {
  const client = useQueryClient();
  const changes = useOrders((orders) => orders.changes);
  useEffect(() => {
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: ["order", id] }), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [client, changes, id]);
  const order = useQuery({ queryKey: ["order", id], queryFn: () => ask<OrderShape>(`/api/orders/${id}`) });
  const fills = useQuery({
    queryKey: ["order", id, "fills"],
    queryFn: () => ask<{ fills: FillShape[] }>(`/api/orders/${id}/fills`),
  });
  return { order, fills };
}
