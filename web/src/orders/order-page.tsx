import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";

import { useExchange } from "../gateway/exchange";
import { reasonOf } from "../gateway/rest";
import type { FillShape, OrderShape } from "../gateway/shapes";
import { slugOf } from "../market/market";
import { Decimal } from "../money/decimal";
import { Button } from "../ui/button";
import { Empty, Page, Panel } from "../ui/panel";
import { Side } from "../ui/side";
import { moment } from "../ui/time";
import { AmendDialog } from "./amend-dialog";
import { ListOfFills } from "./fills-table";
import { cancelOrder, isOpen, useOrders } from "./orders";
import { useOrder } from "./past-orders";
import { Status } from "./status";
import { shown } from "./words";

/** Everything about one order; it follows what happens to it. */
export default function OrderPage() {
  const { orderId = "" } = useParams();
  const { order, fills } = useOrder(orderId);
  if (order.data === undefined) {
    return (
      <Page title="Order">
        <Empty>{order.isError ? reasonOf(order.error) : "Loading …"}</Empty>
      </Page>
    );
  }
  return <Detail order={order.data} fills={fills.data?.fills ?? []} />;
}

function Detail({ order, fills }: { order: OrderShape; fills: readonly FillShape[] }) {
  const { socket } = useExchange();
  const row = useOrders((orders) => orders.rows.get(order.client_order_id));
  const now = row !== undefined && row.sequence >= order.sequence ? row : { ...order, pending: null };
  const [isAmending, setAmending] = useState(false);
  const [, quote = ""] = order.symbol.split("/");
  const total = fills.reduce((sum, fill) => sum.plus(Decimal.from(fill.total)), Decimal.ZERO);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Market", <Link key="m" to={`/trade/${slugOf(order.symbol)}`} className="underline decoration-line underline-offset-4 hover:text-accent">{order.symbol}</Link>],
    ["Side", <Side key="s" side={order.side} />],
    ["Type", <span key="t" className="capitalize">{order.order_type}{now.post_only ? ", post-only" : ""} · {order.time_in_force.toUpperCase()}</span>],
    ["Price", now.price === null ? "Market" : `${shown(now.price, false)} ${quote}`],
    ["Quantity", shown(now.quantity)],
    ["Filled", shown(now.filled_quantity)],
    ["Average price", now.average_price === null ? "–" : `${shown(now.average_price, false)} ${quote}`],
    ["Total", `${total.trimmed().show()} ${quote}`],
    ["Placed", moment(order.created_at)],
    ["Sequence", now.sequence.toLocaleString("en-US")],
    ["Order id", <code key="i" className="text-xs break-all">{order.id}</code>],
    ["Client order id", <code key="c" className="text-xs break-all">{order.client_order_id}</code>],
  ];
  return (
    <Page
      title="Order"
      aside={
        isOpen(now) && (
          <div className="flex gap-2">
            <Button disabled={now.pending !== null || now.price === null || row === undefined} onClick={() => setAmending(true)}>
              Amend
            </Button>
            <Button look="danger" disabled={now.pending !== null || row === undefined} onClick={() => void cancelOrder(socket, order.client_order_id)}>
              Cancel order
            </Button>
          </div>
        )
      }
    >
      <Panel title="Summary" aside={<Status status={now.status} pending={now.pending} />}>
        <dl className="grid gap-x-8 gap-y-3 p-4 sm:grid-cols-2 lg:grid-cols-4">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt className="text-xs text-muted">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {now.reason !== null && (
            <div>
              <dt className="text-xs text-muted">Reason</dt>
              <dd>{now.reason}</dd>
            </div>
          )}
        </dl>
      </Panel>
      <Panel title="Fills">
        <ListOfFills fills={fills} />
      </Panel>
      {isAmending && row !== undefined && <AmendDialog order={row} close={() => setAmending(false)} />}
    </Page>
  );
}
