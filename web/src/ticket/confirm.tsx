import type { PlaceShape } from "../gateway/shapes";
import type { Market } from "../market/market";
import { orderTitle } from "../orders/words";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import type { Estimate } from "./estimate";
import { FarOff } from "./far-off";

interface Props {
  order: PlaceShape;
  made: Estimate;
  market: Market;
  confirm: () => void;
  close: () => void;
}

/** Asks once more, with everything that will be sent. */
export function Confirm({ order, made, market, confirm, close }: Props) {
  const isBuying = order.side === "bid";
  return (
    <Dialog title="Send this order?" close={close}>
      <p className="text-base font-semibold">
        {orderTitle({ ...order, price: order.price ?? null, quantity: order.quantity ?? "0" })}
      </p>
      <FarOff offBy={made.offBy} isBuying={isBuying} />
      <dl className="mt-3 grid grid-cols-[1fr_auto] gap-y-1.5">
        <dt className="text-muted">{isBuying ? "You pay at most" : "You sell"}</dt>
        <dd>
          {isBuying
            ? `${made.value?.show(market.quoteDecimals) ?? "–"} ${market.quote}`
            : `${made.size?.trimmed().show() ?? "–"} ${market.base}`}
        </dd>
        <dt className="text-muted">You receive at least</dt>
        <dd>
          {made.receive?.show(made.receiveAsset === market.quote ? market.quoteDecimals : market.baseDecimals) ?? "–"} {made.receiveAsset}
        </dd>
        {made.worst !== null && (
          <>
            <dt className="text-muted">Worst price</dt>
            <dd>
              {made.worst.show()} {market.quote}
            </dd>
          </>
        )}
      </dl>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={close}>Back</Button>
        <Button look={isBuying ? "buy" : "sell"} data-first onClick={confirm}>
          Send order
        </Button>
      </div>
    </Dialog>
  );
}
