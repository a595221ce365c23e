import { useState } from "react";

import { useExchange } from "../gateway/exchange";
import { useLink } from "../gateway/link";
import { mayTrade } from "../gateway/link-state";
import { useMarkets, useTicker } from "../market/markets";
import { Decimal } from "../money/decimal";
import { middle, offBy, stepped } from "../ticket/estimate";
import { FarOff } from "../ticket/far-off";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { amendOrder, type Amendment, type OrderRow } from "./orders";
import { isBuy, orderTitle } from "./words";

interface Props {
  order: OrderRow;
  /** What the price is to become, if that is known already. */
  newPrice?: string;
  close: () => void;
}

/** A new price, a new total quantity, or both. Only less quantity keeps the place in the queue. */
export function AmendDialog({ order, newPrice, close }: Props) {
  const { socket } = useExchange();
  const market = useMarkets((markets) => markets.list.find(({ symbol }) => symbol === order.symbol));
  const ticker = useTicker(order.symbol);
  const link = useLink((line) => line.state);
  const [price, setPrice] = useState(newPrice ?? order.price ?? "");
  const [quantity, setQuantity] = useState(() => Decimal.from(order.quantity).trimmed().toString());
  const [isTried, setTried] = useState(false);
  if (market === undefined) return null;
  const problem = mayTrade(link) ? problemOf(order, price, quantity, market.tick, market.lot) : ["No live connection", null] as const;
  const isSame = sameNumber(price, order.price ?? "") && sameNumber(quantity, order.quantity);

  const send = (): void => {
    setTried(true);
    if (problem[0] !== null || isSame) return;
    const amendment: Amendment = {};
    if (!sameNumber(price, order.price ?? "")) amendment.price = Decimal.from(price).toString();
    if (!sameNumber(quantity, order.quantity)) amendment.quantity = Decimal.from(quantity).toString();
    close();
    void amendOrder(socket, order.client_order_id, amendment);
  };
  const mid = ticker === undefined ? null : middle(market, ticker.bid, ticker.ask, ticker.last);
  const wanted = Decimal.parse(price);
  const steps = (text: string, step: Decimal, set: (text: string) => void) => (event: React.KeyboardEvent) => {
    const moves = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (moves === 0) return;
    event.preventDefault();
    set(stepped(text, step, moves * (event.shiftKey ? 10 : 1), null));
  };
  return (
    <Dialog title="Amend order" close={close}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <p className="text-soft">{orderTitle(order)}</p>
        <Field
          data-first
          label={`New price (${market.quote})`}
          inputMode="decimal"
          value={price}
          problem={isTried && problem[1] === "price" ? problem[0] : null}
          onChange={(event) => setPrice(event.target.value)}
          onKeyDown={steps(price, market.tick, setPrice)}
        />
        <Field
          label={`New total quantity (${market.base})`}
          inputMode="decimal"
          value={quantity}
          problem={isTried && problem[1] === "size" ? problem[0] : null}
          hint="Only a smaller quantity keeps the place in the queue."
          onChange={(event) => setQuantity(event.target.value)}
          onKeyDown={steps(quantity, market.lot, setQuantity)}
        />
        <FarOff offBy={wanted === null ? null : offBy(wanted, mid, isBuy(order.side))} isBuying={isBuy(order.side)} />
        {problem[1] === null && problem[0] !== null && <p className="text-xs text-down">{problem[0]}</p>}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Back</Button>
          <Button type="submit" look="primary" disabled={isSame}>
            Amend order
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const sameNumber = (a: string, b: string): boolean => {
  const [x, y] = [Decimal.parse(a), Decimal.parse(b)];
  return x !== null && y !== null && x.equals(y);
};

function problemOf(order: OrderRow, price: string, quantity: string, tick: Decimal, lot: Decimal): readonly [string | null, "price" | "size" | null] {
  const wanted = Decimal.parse(price);
  if (wanted === null || !wanted.isPositive) return ["The price must be a positive number", "price"];
  if (!wanted.isMultipleOf(tick)) return [`The price must be a multiple of ${tick.toString()}`, "price"];
  const total = Decimal.parse(quantity);
  if (total === null || !total.isPositive) return ["The quantity must be a positive number", "size"];
  if (!total.isMultipleOf(lot)) return [`The quantity must be a multiple of ${lot.toString()}`, "size"];
  if (total.compare(Decimal.from(order.filled_quantity)) <= 0) {
    return [`${order.filled_quantity} is filled already: cancel the order instead`, "size"];
  }
  return [null, null];
}
