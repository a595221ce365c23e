import { Pencil, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { useExchange } from "../gateway/exchange";
import type { Market } from "../market/market";
import { useMarkets } from "../market/markets";
import { Decimal } from "../money/decimal";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { Dialog } from "../ui/dialog";
import { Switch } from "../ui/field";
import { Empty } from "../ui/panel";
import { Side } from "../ui/side";
import { Table } from "../ui/table";
import { moment } from "../ui/time";
import { AmendDialog } from "./amend-dialog";
import { cancelAll, cancelOrder, type OrderRow } from "./orders";
import { Status } from "./status";
import { useOpenOrders } from "./use-open-orders";
import { shown } from "./words";

/** Own open orders of all markets, or only of the one that is looked at; amended and cancelled in place. */
export function OpenOrders({ market, className }: { market: Market | null; className?: string }) {
  const [isNarrow, setNarrow] = useState(false);
  const rows = useOpenOrders(isNarrow ? (market?.symbol ?? null) : null);
  const [amending, setAmending] = useState<OrderRow | null>(null);
  const [isAsking, setAsking] = useState(false);
  const { socket } = useExchange();
  const scope = isNarrow && market !== null ? market.symbol : null;
  return (
    <div className={cx("flex min-h-0 flex-col", className)}>
      <Table
        name="Open orders, newest first"
        className="min-h-0 flex-1"
        rows={rows}
        rowKey={(row) => row.client_order_id}
        rowClass={(row) => row.pending !== null && cx("text-soft", row.pending === "cancelling" && "line-through")}
        empty={<Empty className="min-h-0 flex-1">No open orders{scope === null ? "" : ` in ${scope}`}</Empty>}
        columns={[
          {
            key: "side",
            head: "Order",
            cell: (row) => (
              <span className="flex items-center gap-2">
                <Side side={row.side} />
                <Link to={`/orders/${row.id}`} className="hover:text-accent">
                  {row.symbol}
                </Link>
              </span>
            ),
          },
          { key: "price", head: "Price", isNumber: true, cell: (row) => (row.price === null ? "Market" : shown(row.price, false)) },
          { key: "size", head: "Quantity", isNumber: true, cell: (row) => (row.quote_amount === null ? shown(row.quantity) : `for ${shown(row.quote_amount)}`) },
          { key: "filled", head: "Filled", isNumber: true, isExtra: true, cell: (row) => <Filled row={row} /> },
          { key: "status", head: "Status", isExtra: true, cell: (row) => <Status status={row.status} pending={row.pending} /> },
          { key: "time", head: "Placed", isExtra: true, cell: (row) => <span className="text-muted">{moment(row.created_at)}</span> },
          {
            key: "actions",
            head: <span className="sr-only">Amend or cancel</span>,
            isNumber: true,
            cell: (row) => (
              <span className="inline-flex">
                <IconButton
                  name={`Amend ${nameOf(row)}`}
                  isOff={row.pending !== null || row.price === null}
                  run={() => setAmending(row)}
                  icon={<Pencil size={13} aria-hidden />}
                />
                <IconButton
                  name={`Cancel ${nameOf(row)}`}
                  isOff={row.pending === "cancelling"}
                  run={() => void cancelOrder(socket, row.client_order_id)}
                  icon={<X size={14} aria-hidden />}
                />
              </span>
            ),
          },
        ]}
      />
      {(rows.length > 0 || isNarrow) && (
        <div className="flex shrink-0 items-center justify-between gap-3 border-t border-line px-4 py-1.5">
          {market === null ? <span /> : <Switch label={`Only ${market.symbol}`} isOn={isNarrow} set={setNarrow} />}
          <Button size="small" look="danger" disabled={rows.length === 0} onClick={() => setAsking(true)}>
            Cancel all{scope === null ? "" : ` in ${scope}`}
          </Button>
        </div>
      )}
      {amending !== null && <AmendDialog order={amending} close={() => setAmending(null)} />}
      {isAsking && (
        <Dialog title="Cancel all orders?" close={() => setAsking(false)}>
          <p>
            {rows.length} open {rows.length === 1 ? "order" : "orders"} in {scope ?? "all markets"} will be cancelled.
          </p>
          <div className="mt-4 flex justify-end gap-2">
            <Button onClick={() => setAsking(false)}>Back</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsking(false);
                void cancelAll(socket, scope);
              }}
            >
              Cancel {rows.length} {rows.length === 1 ? "order" : "orders"}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

const nameOf = (row: OrderRow): string =>
  `${row.side === "bid" ? "buy" : "sell"} order of ${shown(row.quantity)} at ${row.price === null ? "market" : shown(row.price, false)}`;

const IconButton = ({ name, isOff, run, icon }: { name: string; isOff: boolean; run: () => void; icon: React.ReactNode }) => (
  <button
    type="button"
    aria-label={name}
    title={name}
    disabled={isOff}
    onClick={run}
    className="flex size-7 items-center justify-center rounded-md text-muted hover:bg-lifted hover:text-ink disabled:opacity-50 pointer-coarse:size-11"
  >
    {icon}
  </button>
);

export function Filled({ row }: { row: { filled_quantity: string; quantity: string; symbol: string } }) {
  const decimals = useMarkets((markets) => markets.list.find(({ symbol }) => symbol === row.symbol)?.sizeDecimals ?? 3);
  const filled = Decimal.from(row.filled_quantity);
  const whole = Decimal.from(row.quantity);
  const percent = whole.isZero ? 0 : Number(filled.times(Decimal.of(100n, 0)).dividedBy(whole, 0).units);
  return (
    <span className="inline-flex items-center gap-2">
      {filled.show(decimals)}
      <span role="presentation" className="inline-block h-1 w-10 overflow-hidden rounded-full bg-lifted">
        <span className="block h-full origin-left bg-accent" style={{ transform: `scaleX(${percent / 100})` }} />
      </span>
      <span className="w-8 text-right text-muted">{percent} %</span>
    </span>
  );
}
