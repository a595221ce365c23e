import type { FillShape } from "../gateway/shapes";
import { Empty } from "../ui/panel";
import { Side } from "../ui/side";
import { Table } from "../ui/table";
import { moment } from "../ui/time";
import { useFills } from "./fills";
import { shown } from "./words";

export function FillsTable({ className }: { className?: string }) {
  const fills = useFills((kept) => kept.list);
  return <ListOfFills fills={fills} {...(className === undefined ? {} : { className })} />;
}

export function ListOfFills({ fills, className }: { fills: readonly FillShape[]; className?: string }) {
  return (
    <Table
      name="Fills"
      {...(className === undefined ? {} : { className })}
      rows={fills}
      rowKey={(fill) => fill.id}
      empty={<Empty>No fills yet</Empty>}
      columns={[
        { key: "time", head: "Time", cell: (fill) => <span className="text-soft">{moment(fill.settled_at)}</span> },
        {
          key: "side",
          head: "Fill",
          cell: (fill) => (
            <span className="flex gap-2">
              <Side side={fill.side} /> {fill.symbol}
            </span>
          ),
        },
        { key: "price", head: "Price", isNumber: true, cell: (fill) => shown(fill.price, false) },
        { key: "size", head: "Quantity", isNumber: true, cell: (fill) => shown(fill.quantity) },
        { key: "total", head: "Total", isNumber: true, isExtra: true, cell: (fill) => shown(fill.total) },
        { key: "fee", head: "Fee", isNumber: true, isExtra: true, cell: (fill) => `${shown(fill.fee)} ${fill.fee_asset}` },
        { key: "role", head: "Role", isExtra: true, cell: (fill) => <span className="capitalize">{fill.role}</span> },
      ]}
    />
  );
}
