import { useMemo } from "react";

import { isOpen, useOrders, type OrderRow } from "./orders";

/** Open orders and those on their way, newest first; of one market if it is named. */
export function useOpenOrders(symbol: string | null = null): readonly OrderRow[] {
  const rows = useOrders((orders) => orders.rows);
  return useMemo(
    () =>
      [...rows.values()]
        .filter((row) => (isOpen(row) || row.pending === "unknown") && (symbol === null || row.symbol === symbol))
        .toSorted((a, b) => b.created_at.localeCompare(a.created_at)),
    [rows, symbol],
  );
}

export const useOpenOrderCount = (): number => useOpenOrders().length;
