import { ArrowDown, ArrowUp } from "lucide-react";
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from "react";

import { useExchange } from "../gateway/exchange";
import { groupPrice, GROUPS, type Market } from "../market/market";
import { useTicker } from "../market/markets";
import { Decimal } from "../money/decimal";
import { cancelOrder } from "../orders/orders";
import { change, useSettings } from "../settings/settings";
import { cx } from "../ui/class-names";
import { Select } from "../ui/field";
import { BookRows } from "./book-rows";
import { priceOf, sizeOf, type BookView, type SideName } from "./book-view";
import { useOwnLevels, type OwnLevel } from "./own-levels";
import { Sweep } from "./sweep";
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
  const { socket } = useExchange();
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
  const press = (event: MouseEvent<HTMLDivElement>): void => {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>("[data-index]");
    if (row === null) return;
    const side = row.dataset["side"] as SideName;
    const index = Number(row.dataset["index"]);
    if (target.closest("[data-cancel]") === null) {
      choose(side, index, target.closest("[data-size]") !== null);
      return;
    }
    const mine = own[side].get(view.row(side, index)?.price ?? -1n);
    for (const order of mine?.orders ?? []) void cancelOrder(socket, order.client_order_id);
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
        onClick={press}
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
            <Rows side="asks" count={count} view={view} own={own.asks} isFirst={shown === "asks"} />
          )}
          <Middle market={market} view={view} isGap={isGap} />
          {shown !== "asks" && (
            <Rows side="bids" count={count} view={view} own={own.bids} isFirst />
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
  own: ReadonlyMap<bigint, OwnLevel>;
  /** Its best row is where Tab enters the table. */
  isFirst: boolean;
}

/** One side. React has the frame only; what is in it changes too often to be compared with a picture of it. */
function Rows({ side, count, view, own, isFirst }: RowsProps) {
  const host = useRef<HTMLDivElement>(null);
  const [rows, setRows] = useState<BookRows | null>(null);
  useLayoutEffect(() => {
    if (host.current === null) return;
    const made = new BookRows(host.current, side);
    setRows(made);
    return () => made.clear();
  }, [side]);
  useLayoutEffect(() => {
    if (rows === null) return;
    const paint = (): void => rows.paint(view.rows(side), own);
    rows.show(count, isFirst);
    paint();
    return view.subscribe(paint);
  }, [rows, side, count, isFirst, view, own]);
  return <div ref={host} role="presentation" className={cx("flex flex-1 flex-col", side === "asks" && "justify-end")} />;
}

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
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    choose(from.dataset["side"] as SideName, Number(from.dataset["index"]), event.key === " " || event.shiftKey);
    return;
  }
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-index]:not([aria-hidden])")];
  rows[rows.indexOf(from) + step]?.focus();
}
