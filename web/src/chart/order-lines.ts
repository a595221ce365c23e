/**
 * Own orders as lines on the chart. A mouse or a pen drags one to another price, and what is let go there is asked about
 * as any other amendment; a finger scrolls, and amends from the list of orders.
 */
import type { IPriceLine, LineStyle } from "lightweight-charts";
import { useEffect, useState } from "react";

import { priceOf } from "../book/book-view";
import type { Market } from "../market/market";
import { Decimal } from "../money/decimal";
import type { OrderRow } from "../orders/orders";
import { useOpenOrders } from "../orders/use-open-orders";
import { isBuy, shown } from "../orders/words";
import type { Drawn } from "./drawn";

/** Named, not taken from the library's table of styles, which would come along whole. */
const DASHED: LineStyle = 2;
const SOLID: LineStyle = 0;
/** How near to a line it is taken hold of. */
const REACH_PIXELS = 5;

/** An order and the price that it was dragged to. */
export interface Moved {
  order: OrderRow;
  price: string;
}

/** The order that was let go at another price, and what to call when it has been decided upon. */
export function useOrderLines(
  drawn: React.RefObject<Drawn | null>,
  box: React.RefObject<HTMLElement | null>,
  market: Market,
  generation: number,
): [Moved | null, () => void] {
  const orders = useOpenOrders(market.symbol);
  const [moved, setMoved] = useState<Moved | null>(null);
  useEffect(() => {
    const made = drawn.current;
    if (made === null) return;
    const lines = orders.flatMap((order) => (order.price === null ? [] : [lineOf(made, order, order.price, DASHED)]));
    return () => {
      if (drawn.current === made) for (const line of lines) made.main.removePriceLine(line);
    };
  }, [drawn, orders, generation]);
  useEffect(() => {
    const made = drawn.current;
    if (made === null || box.current === null || moved !== null) return;
    const stop = dragLines(made, box.current, market, orders, setMoved);
    return () => stop(drawn.current === made);
  }, [drawn, box, market.symbol, orders, moved, generation]);
  useEffect(() => {
    const made = drawn.current;
    if (made === null || moved === null) return;
    const ghost = lineOf(made, moved.order, moved.price, SOLID);
    return () => {
      if (drawn.current === made) made.main.removePriceLine(ghost);
    };
  }, [drawn, moved, generation]);
  return [moved, () => setMoved(null)];
}

function lineOf({ main, colours }: Drawn, order: OrderRow, price: string, lineStyle: LineStyle): IPriceLine {
  const isBuying = isBuy(order.side);
  return main.createPriceLine({
    price: Decimal.from(price).toPixels(),
    color: isBuying ? colours.up : colours.down,
    lineWidth: 1,
    lineStyle,
    axisLabelVisible: true,
    title: `${isBuying ? "Buy" : "Sell"} ${shown(order.remaining_quantity)}`,
  });
}

/** Returns what ends it, told whether the chart is still there; a drag that is under way ends without effect. */
function dragLines(
  made: Drawn,
  box: HTMLElement,
  market: Market,
  orders: readonly OrderRow[],
  drop: (moved: Moved) => void,
): (isThere: boolean) => void {
  let held: { order: OrderRow; price: string; ghost: IPriceLine } | null = null;

  const place = (event: PointerEvent): { x: number; y: number } => {
    const { left, top } = box.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const under = (event: PointerEvent): OrderRow | null => {
    const { x, y } = place(event);
    if (event.pointerType === "touch" || x > made.chart.paneSize().width) return null;
    const near = orders.filter(({ price, pending }) => {
      const line = price === null ? null : made.main.priceToCoordinate(Decimal.from(price).toPixels());
      return pending === null && line !== null && Math.abs(line - y) <= REACH_PIXELS;
    });
    return near[0] ?? null;
  };
  const letGo = (): typeof held => {
    const before = held;
    held = null;
    if (before !== null) made.main.removePriceLine(before.ghost);
    made.chart.applyOptions({ handleScroll: { pressedMouseMove: true, mouseWheel: true }, handleScale: true });
    box.style.cursor = "";
    return before;
  };

  const take = (event: PointerEvent): void => {
    const order = event.button === 0 ? under(event) : null;
    if (order?.price === null || order === null) return;
    // Neither the chart nor a selection of text goes along.
    event.preventDefault();
    made.chart.applyOptions({ handleScroll: { pressedMouseMove: false, mouseWheel: false }, handleScale: false });
    box.setPointerCapture(event.pointerId);
    held = { order, price: order.price, ghost: lineOf(made, order, order.price, SOLID) };
  };
  const move = (event: PointerEvent): void => {
    if (held === null) {
      box.style.cursor = under(event) === null ? "" : "ns-resize";
      return;
    }
    const value = made.main.coordinateToPrice(place(event).y);
    const ticks = value === null ? 0 : Math.round(value / market.tick.toPixels());
    if (ticks <= 0) return;
    held.price = priceOf(market, BigInt(ticks)).toString();
    held.ghost.applyOptions({ price: Decimal.from(held.price).toPixels() });
  };
  const release = (): void => {
    const before = letGo();
    if (before === null || before.order.price === null) return;
    if (!Decimal.from(before.price).equals(Decimal.from(before.order.price))) drop({ order: before.order, price: before.price });
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && held !== null) letGo();
  };

  const listening = new AbortController();
  const { signal } = listening;
  box.addEventListener("pointerdown", take, { signal, capture: true });
  box.addEventListener("pointermove", move, { signal });
  box.addEventListener("pointerup", release, { signal });
  box.addEventListener("pointercancel", () => void letGo(), { signal });
  document.addEventListener("keydown", keyed, { signal });
  return (isThere) => {
    listening.abort();
    if (held !== null && isThere) letGo();
  };
}
