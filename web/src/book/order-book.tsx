import { ArrowDown, ArrowUp, X } from "lucide-react";
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type PointerEvent,
} from "react";

import { useExchange } from "../gateway/exchange";
import { groupPrice, GROUPS, type Market } from "../market/market";
import { useTicker } from "../market/markets";
import { Decimal } from "../money/decimal";
import { cancelOrder, type OrderRow } from "../orders/orders";
import { useOpenOrders } from "../orders/use-open-orders";
import { change, useSettings } from "../settings/settings";
import { cx } from "../ui/class-names";
import { Select } from "../ui/field";
import { BookView, type RowView, type SideName } from "./book-view";
import { useBest, useIsGap } from "./use-book";

interface Props {
  market: Market;
  view: BookView;
  /** A price was chosen; and with it, by a size, everything from the best to it. */
  pick: (price: Decimal, size: Decimal | null, side: SideName) => void;
}

type Shown = "both" | "bids" | "asks";
const ROW_HEIGHT = 20;
const ROW_HEIGHT_COARSE = 28;
const MIDDLE_HEIGHT = 36;

export const useGroup = (market: Market): number => useSettings((settings) => settings.groups[market.symbol] ?? 1);

/** The order book: asks above, bids below, the best in the middle. */
export function OrderBook({ market, view, pick }: Props) {
  const [shown, setShown] = useState<Shown>("both");
  const group = useGroup(market);
  const section = useRef<HTMLElement>(null);
  const space = useRef<HTMLDivElement>(null);
  const count = useRowCount(space, shown, view);
  const own = useOwnLevels(market, group);
  const [pointed, setPointed] = useState<{ side: SideName; index: number; top: number } | null>(null);
  const isGap = useIsGap(view);
  const hasRows = useSyncExternalStore(view.subscribe, () => view.rows("bids").length + view.rows("asks").length > 0);

  const point = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.pointerType !== "mouse") return;
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const box = section.current?.getBoundingClientRect();
    if (row === null || box === undefined) setPointed(null);
    else {
      const side = row.dataset["side"] as SideName;
      setPointed({ side, index: Number(row.dataset["index"]), top: row.getBoundingClientRect().top - box.top });
    }
  };
  const choose = (side: SideName, index: number, withSize: boolean): void => {
    const row = view.row(side, index);
    if (row === null) return;
    pick(priceOf(market, row.price), withSize ? sizeOf(market, row.total) : null, side);
  };

  return (
    <section ref={section} aria-label="Order book" className="relative flex h-full min-h-0 flex-col bg-panel">
      <div className="flex h-9 shrink-0 items-center justify-between gap-2 px-3">
        <h2 className="font-semibold">Order book</h2>
        <div className="flex items-center gap-1">
          <Select
            label="Rows shown"
            isLabelHidden
            value={shown}
            options={[
              ["both", "Both"],
              ["bids", "Bids"],
              ["asks", "Asks"],
            ]}
            choose={setShown}
          />
          <Select
            label="Grouping of prices"
            isLabelHidden
            value={group}
            options={GROUPS.map((ticks) => [ticks, groupPrice(market, ticks).show()] as const)}
            choose={(ticks) =>
              change({ groups: { ...useSettings.getState().groups, [market.symbol]: ticks } })
            }
          />
        </div>
      </div>
      <div
        role="table"
        aria-label={`Order book of ${market.symbol}`}
        className="flex min-h-0 flex-1 flex-col"
        onKeyDown={(event) => walkRows(event, choose)}
      >
        <div role="rowgroup" className="shrink-0">
          <div role="row" className="grid h-6 grid-cols-3 items-center px-3 text-2xs text-muted">
            <span role="columnheader">Price ({market.quote})</span>
            <span role="columnheader" className="text-right">
              Size ({market.base})
            </span>
            <span role="columnheader" className="text-right">
              Total
            </span>
          </div>
        </div>
        <div
          ref={space}
          role="rowgroup"
          onPointerMove={point}
          onPointerLeave={() => setPointed(null)}
          className="relative flex min-h-0 flex-1 flex-col overflow-clip [contain:strict]"
        >
          {shown !== "bids" && (
            <Rows side="asks" count={count} view={view} market={market} own={own} choose={choose} isFirst={shown === "asks"} />
          )}
          <Middle market={market} view={view} isGap={isGap} />
          {shown !== "asks" && (
            <Rows side="bids" count={count} view={view} market={market} own={own} choose={choose} isFirst />
          )}
          {!hasRows && (
            <div role="row">
              <p role="cell" className="absolute inset-x-0 top-1/3 text-center text-muted">
                No orders in the book
              </p>
            </div>
          )}
        </div>
      </div>
      {pointed !== null && <Sweep market={market} view={view} {...pointed} />}
    </section>
  );
}

interface RowsProps {
  side: SideName;
  count: number;
  view: BookView;
  market: Market;
  own: OwnLevels;
  choose: (side: SideName, index: number, withSize: boolean) => void;
  /** Its best row is where Tab enters the table. */
  isFirst: boolean;
}

function Rows({ side, count, view, market, own, choose, isFirst }: RowsProps) {
  const indexes = Array.from({ length: count }, (_, index) => (side === "asks" ? count - 1 - index : index));
  const latest = useRef(choose);
  useEffect(() => {
    latest.current = choose;
  });
  const pick = useCallback(
    (index: number, withSize: boolean) => latest.current(side, index, withSize),
    [side],
  );
  return (
    <div role="presentation" className={cx("flex flex-1 flex-col", side === "asks" && "justify-end")}>
      {indexes.map((index) => (
        <Row key={index} side={side} index={index} view={view} market={market} own={own} pick={pick} isEntry={isFirst && index === 0} />
      ))}
    </div>
  );
}

interface RowProps {
  side: SideName;
  index: number;
  view: BookView;
  market: Market;
  own: OwnLevels;
  pick: (index: number, withSize: boolean) => void;
  isEntry: boolean;
}

const Row = memo(function Row({ side, index, view, own, pick, isEntry }: RowProps) {
  const row = useSyncExternalStore(
    view.subscribe,
    useCallback(() => view.row(side, index), [view, side, index]),
  );
  const { socket } = useExchange();
  const mine = row === null ? undefined : own[side].get(row.price);
  return (
    <div
      role="row"
      {...(row === null ? {} : { tabIndex: isEntry ? 0 : -1 })}
      data-side={side}
      data-index={index}
      aria-hidden={row === null || undefined}
      aria-description={mine === undefined ? undefined : `Your order of ${mine.size}`}
      onClick={() => pick(index, false)}
      onKeyDown={(event) => {
        if (event.key === "Enter") pick(index, event.shiftKey);
      }}
      className={cx(
        "group relative grid h-5 shrink-0 cursor-pointer grid-cols-3 items-center px-3 text-xs hover:bg-raised pointer-coarse:h-7",
        row === null && "pointer-events-none",
      )}
    >
      {row !== null && (
        <>
          <Bar row={row} side={side} />
          <span role="rowheader" className={cx("relative", side === "bids" ? "text-up" : "text-down")}>
            {mine !== undefined && <span aria-hidden className="absolute -left-2 text-[0.5rem] text-accent">●</span>}
            {row.priceText}
          </span>
          <span
            role="cell"
            className="relative text-right"
            onClick={(event) => {
              event.stopPropagation();
              pick(index, true);
            }}
            onKeyDown={() => undefined}
          >
            {row.sizeText}
          </span>
          <span role="cell" className="relative text-right text-soft">
            {row.totalText}
          </span>
          {mine !== undefined && (
            <button
              type="button"
              tabIndex={-1}
              aria-label={`Cancel your orders at ${row.priceText}`}
              onClick={(event) => {
                event.stopPropagation();
                for (const order of mine.orders) void cancelOrder(socket, order.client_order_id);
              }}
              className="absolute top-0 right-0 hidden h-full w-6 items-center justify-center bg-lifted text-ink group-hover:flex group-focus:flex"
            >
              <X size={12} aria-hidden />
            </button>
          )}
        </>
      )}
    </div>
  );
});

/** Moved, never laid out: a transform costs nothing but painting. */
const Bar = ({ row, side }: { row: RowView; side: SideName }) => (
  <span
    role="presentation"
    className={cx("absolute inset-y-px right-0 left-0 origin-right opacity-15", side === "bids" ? "bg-up" : "bg-down")}
    style={{ transform: `scaleX(${row.bar / 64})` }}
  />
);

/** The last price and the spread. */
function Middle({ market, view, isGap }: { market: Market; view: BookView; isGap: boolean }) {
  const bid = useBest(view, "bids");
  const offered = useBest(view, "asks");
  const ticker = useTicker(market.symbol);
  const spread = bid === null || offered === null ? null : offered - bid;
  const middle = bid === null || offered === null ? null : bid + offered;
  const points = spread === null || middle === null || middle === 0n ? null : (spread * 200_000n) / middle;
  const direction = ticker?.direction ?? 0;
  return (
    <div role="row" className="flex h-9 shrink-0 items-center justify-between px-3">
      <span
        role="cell"
        className={cx("flex items-center gap-1 text-base font-semibold", direction > 0 && "text-up", direction < 0 && "text-down")}
      >
        {ticker?.last?.show() ?? "–"}
        {direction > 0 && <ArrowUp size={14} aria-hidden />}
        {direction < 0 && <ArrowDown size={14} aria-hidden />}
      </span>
      <span role="cell" className="text-2xs text-muted">
        {isGap
          ? "Gap: asking again …"
          : spread === null || points === null
            ? "No spread"
            : `Spread ${priceOf(market, spread).show()} · ${Decimal.of(points, 1).show()} bp`}
      </span>
    </div>
  );
}

/** What it would take to trade up to the row that is pointed at. */
function Sweep({ market, view, side, index, top }: { market: Market; view: BookView; side: SideName; index: number; top: number }) {
  const rows = useSyncExternalStore(view.subscribe, () => view.rows(side));
  const row = rows[index];
  const best = rows[0];
  if (row === undefined || best === undefined) return null;
  const value = rows.slice(0, index + 1).reduce((total, { price, size }) => total + price * size, 0n);
  const average = priceOf(market, value).dividedBy(Decimal.of(row.total, 0), market.tick.scale + 2);
  const away = row.price > best.price ? row.price - best.price : best.price - row.price;
  const slippage = Decimal.of((away * 100_000n) / best.price, 1);
  return (
    <dl
      aria-hidden
      style={{ transform: `translateY(${top}px)` }}
      className="pointer-events-none absolute top-0 left-full z-40 ml-1 grid w-52 grid-cols-[1fr_auto] gap-y-0.5 rounded-md border border-line bg-raised p-2 text-xs shadow-xl"
    >
      <dt className="text-muted">Average price</dt>
      <dd>{average.show()}</dd>
      <dt className="text-muted">Sum ({market.base})</dt>
      <dd>{row.totalText}</dd>
      <dt className="text-muted">Sum ({market.quote})</dt>
      <dd>
        {Decimal.of(value * market.tick.units * market.lot.units, market.tick.scale + market.lot.scale).show(market.quoteDecimals)}
      </dd>
      <dt className="text-muted">From best</dt>
      <dd>{slippage.show()} bp</dd>
    </dl>
  );
}

interface OwnLevel {
  size: string;
  orders: OrderRow[];
}
type OwnLevels = Record<SideName, ReadonlyMap<bigint, OwnLevel>>;

/** Own orders by the row that they are in: with grouping, bids fall into the row below them and asks into the one above. */
function useOwnLevels(market: Market, group: number): OwnLevels {
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

/** As many rows as there is room for. */
function useRowCount(space: React.RefObject<HTMLDivElement | null>, shown: Shown, view: BookView): number {
  const [count, setCount] = useState(12);
  useEffect(() => {
    const element = space.current;
    if (element === null) return;
    const measure = (): void => {
      const height = matchMedia("(pointer: coarse)").matches ? ROW_HEIGHT_COARSE : ROW_HEIGHT;
      const room = (element.clientHeight - MIDDLE_HEIGHT) / (shown === "both" ? 2 : 1);
      const rows = Math.max(3, Math.min(50, Math.floor(room / height)));
      setCount(rows);
      view.show(rows);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [space, shown, view]);
  return count;
}

/** Arrow keys walk from row to row, across the middle. */
function walkRows(event: KeyboardEvent<HTMLDivElement>, choose: (side: SideName, index: number, withSize: boolean) => void): void {
  const from = document.activeElement;
  if (!(from instanceof HTMLElement) || from.dataset["index"] === undefined) return;
  if (event.key === " ") {
    event.preventDefault();
    choose(from.dataset["side"] as SideName, Number(from.dataset["index"]), true);
    return;
  }
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-index]:not([aria-hidden])")];
  rows[rows.indexOf(from) + step]?.focus();
}

const priceOf = (market: Market, ticks: bigint): Decimal => Decimal.of(ticks * market.tick.units, market.tick.scale);
const sizeOf = (market: Market, size: bigint): Decimal => Decimal.of(size * market.lot.units, market.lot.scale);
