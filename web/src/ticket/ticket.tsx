import { useState } from "react";
import { Link } from "react-router";

import type { BookView } from "../book/book-view";
import { usePicture } from "../book/use-book";
import { useExchange } from "../gateway/exchange";
import { useLink } from "../gateway/link";
import { mayTrade } from "../gateway/link-state";
import { useSession } from "../gateway/session";
import type { Market } from "../market/market";
import { useTicker } from "../market/markets";
import { Decimal } from "../money/decimal";
import { newClientId } from "../orders/client-id";
import { placeOrder } from "../orders/orders";
import { useSettings, type Settings } from "../settings/settings";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { speak } from "../ui/notices";
import { useAvailable } from "../wallet/balances";
import { Percents, Sides, Terms, Types } from "./choices";
import { Confirm } from "./confirm";
import { Costs } from "./costs";
import { clearNumbers, useDraft, write } from "./draft";
import { bestPrice, estimate, orderOf, type Estimate } from "./estimate";
import { isFarOff } from "./far-off";
import { NumberField } from "./number-field";

/** Costs follow the book five times a second, which is as fast as one reads. */
const FOLLOW_MS = 200;

/** The order form. It sends nothing that it does not show the cost of. */
export function Ticket({ market, view, sent }: { market: Market; view: BookView; sent?: () => void }) {
  const draft = useDraft();
  const { socket } = useExchange();
  const state = useSession((session) => session.state);
  const link = useLink((line) => line.state);
  const settings = useSettings();
  const quote = useAvailable(market.quote);
  const base = useAvailable(market.base);
  const last = useTicker(market.symbol)?.last ?? null;
  const book = usePicture(view, FOLLOW_MS);
  const [asking, setAsking] = useState(false);
  const [isTried, setTried] = useState(false);
  const [isSending, setSending] = useState(false);
  const made = estimate(draft, { market, book, last, base, quote });
  const isBuying = draft.side === "bid";
  const refusal = mayTrade(link) ? made.problem : "No live connection: only cancels are sent";

  const send = async (): Promise<void> => {
    setAsking(false);
    setSending(true);
    setTried(false);
    const written = useDraft.getState();
    // The numbers stay until the exchange has taken the order, and those of the next order if that was begun meanwhile.
    const isTaken = await placeOrder(socket, orderOf(draft, made, market, newClientId(useLink.getState().offsetMs)));
    setSending(false);
    if (!isTaken) return;
    if (useDraft.getState() === written) clearNumbers();
    sent?.();
  };
  const review = (): void => {
    setTried(true);
    if (refusal !== null) {
      speak(refusal);
      return;
    }
    if (isToConfirm(settings, made)) setAsking(true);
    else void send();
  };

  return (
    <form
      aria-label={`Order in ${market.symbol}`}
      className="flex flex-col gap-3 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        review();
      }}
    >
      <Sides draft={draft} />
      <Types draft={draft} />
      {draft.type === "limit" ? (
        <NumberField
          label="Price"
          unit={market.quote}
          value={draft.price}
          step={market.tick}
          from={bestPrice(market, book, isBuying)}
          change={(price) => write({ price })}
          isWrong={isTried && made.field === "price"}
          fills={[
            ["Bid", () => fillPrice(bestPrice(market, book, false))],
            ["Ask", () => fillPrice(bestPrice(market, book, true))],
          ]}
        />
      ) : (
        <p className="rounded-md bg-raised px-3 py-2 text-xs text-soft">
          {made.worst === null
            ? "Takes the best prices there are."
            : `Takes the best prices there are, none ${isBuying ? "above" : "below"} ${made.worst.show()} ${market.quote} (5 %).`}
        </p>
      )}
      <NumberField
        label="Quantity"
        unit={market.base}
        value={draft.percent === null ? draft.size : (made.size?.toString() ?? "")}
        step={market.lot}
        from={Decimal.ZERO}
        change={(size) => write({ size, percent: null })}
        isWrong={isTried && made.field === "size"}
      />
      <Percents draft={draft} isOff={(isBuying ? quote : base) === null} />
      {draft.type === "limit" && <Terms draft={draft} />}
      <Costs market={market} made={made} available={isBuying ? quote : base} />
      {state === "out" ? (
        <Link
          to={`/signin?next=${encodeURIComponent(location.pathname)}`}
          className="flex min-h-11 items-center justify-center rounded-md bg-accent font-semibold text-ground hover:brightness-110"
        >
          Sign in to trade
        </Link>
      ) : (
        <>
          <Button
            type="submit"
            look={isBuying ? "buy" : "sell"}
            size="large"
            aria-disabled={refusal !== null || isSending || undefined}
            className={cx("w-full", refusal !== null && "brightness-75 saturate-50")}
          >
            {isSending ? "Sending …" : `${isBuying ? "Buy" : "Sell"} ${market.base}`}
          </Button>
          <p className={cx("min-h-4 text-center text-xs", isTried && refusal !== null ? "text-down" : "text-muted")} data-testid="why-not">
            {refusal ?? ""}
          </p>
        </>
      )}
      {asking && (
        <Confirm
          order={orderOf(draft, made, market, "")}
          made={made}
          market={market}
          confirm={() => void send()}
          close={() => setAsking(false)}
        />
      )}
    </form>
  );
}

const fillPrice = (price: Decimal | null): void => {
  if (price !== null) write({ price: price.toString() });
};

function isToConfirm(settings: Settings, made: Estimate): boolean {
  if (settings.confirm === "always") return true;
  // Whoever switched questions off is still asked about what is most likely a slip of a digit.
  if (isFarOff(made.offBy)) return true;
  if (settings.confirm === "never") return false;
  const over = Decimal.parse(settings.confirmOver) ?? Decimal.ZERO;
  return made.value !== null && made.value.compare(over) > 0;
}
