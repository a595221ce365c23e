import { Link } from "react-router";

import type { OrderShape } from "../gateway/shapes";
import { Empty } from "../ui/panel";
import { Side } from "../ui/side";
import { Table } from "../ui/table";
import { moment } from "../ui/time";
import { Filled } from "./open-orders";
import { Status } from "./status";
import { shown } from "./words";

interface Props {
  orders: readonly OrderShape[];
  state: "pending" | "error" | "success";
  className?: string;
}

export function PastTable({ orders, state, className }: Props) {
  const words = { pending: "Loading …", error: "The orders could not be loaded.", success: "No orders yet" };
  return (
    <Table
      name="Past orders, newest first"
      {...(className === undefined ? {} : { className })}
      rows={orders}
      rowKey={(row) => row.id}
      empty={<Empty>{words[state]}</Empty>}
      columns={[
        {
          key: "time",
          head: "Time",
          cell: (row) => (
            <Link to={`/orders/${row.id}`} className="flex min-h-6 items-center text-soft underline decoration-line underline-offset-4 hover:text-accent">
              {moment(row.created_at)}
            </Link>
          ),
        },
        {
          key: "side",
          head: "Order",
          cell: (row) => (
            <span className="flex gap-2">
              <Side side={row.side} /> {row.symbol}
            </span>
          ),
        },
        { key: "type", head: "Type", isExtra: true, cell: (row) => <span className="capitalize">{row.order_type}</span> },
        { key: "price", head: "Price", isNumber: true, isExtra: true, cell: (row) => (row.price === null ? "Market" : shown(row.price, false)) },
        { key: "average", head: "Average", isNumber: true, isExtra: true, cell: (row) => (row.average_price === null ? "–" : shown(row.average_price, false)) },
        { key: "size", head: "Quantity", isNumber: true, cell: (row) => shown(row.quantity) },
        { key: "filled", head: "Filled", isNumber: true, isExtra: true, cell: (row) => <Filled row={row} /> },
        { key: "status", head: "Status", cell: (row) => <Status status={row.status} /> },
      ]}
    />
  );
}
