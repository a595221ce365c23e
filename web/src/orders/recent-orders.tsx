import { PastTable } from "./past-table";
import { usePastOrders } from "./past-orders";

const ROWS = 20;

/** The last orders that are over. */
export function RecentOrders({ className }: { className?: string }) {
  const { data, status } = usePastOrders(ROWS, 0, "done");
  return <PastTable orders={data?.orders ?? []} state={status} {...(className === undefined ? {} : { className })} />;
}
