import { Minus, Plus } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";
import { Link } from "react-router";

import type { BookView } from "../book/book-view";
import { usePicture } from "../book/use-book";
import { useExchange } from "../gateway/exchange";
import { useLink } from "../gateway/link";
import { mayTrade } from "../gateway/link-state";
import { useSession } from "../gateway/session";
import type { TimeInForce } from "../gateway/shapes";
import type { Market } from "../market/market";
import { useTicker } from "../market/markets";
import { Decimal } from "../money/decimal";
import { newClientId } from "../orders/client-id";
import { placeOrder } from "../orders/orders";
import { useSettings, type Settings } from "../settings/settings";
import { Button } from "../ui/button";
import { cx } from "../ui/class-names";
import { Select } from "../ui/field";
import { speak } from "../ui/notices";
import { useAvailable } from "../wallet/balances";
import { Confirm } from "./confirm";
import { clearNumbers, useDraft, write, type Draft } from "./draft";
import { bestPrice, estimate, orderOf, stepped, type Estimate } from "./estimate";
import { isFarOff } from "./far-off";

/** Costs follow the book five times a second, which is as fast as one reads. */
const FOLLOW_MS = 200;
const PERCENTS = [25, 50, 75, 100] as const;

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

function Sides({ draft }: { draft: Draft }) {
  return (
    <div role="radiogroup" aria-label="Side" className="grid grid-cols-2 gap-1 rounded-lg bg-ground p-1" onKeyDown={turn}>
      {(["bid", "ask"] as const).map((side) => (
        <button
          key={side}
          type="button"
          role="radio"
          aria-checked={draft.side === side}
          tabIndex={draft.side === side ? 0 : -1}
          onClick={() => write({ side })}
          className={cx(
            "min-h-9 rounded-md font-semibold transition-colors pointer-coarse:min-h-11",
            draft.side !== side && "text-muted hover:text-ink",
            draft.side === side && (side === "bid" ? "bg-up text-ground" : "bg-down text-ground"),
          )}
        >
          {side === "bid" ? "Buy" : "Sell"} <span aria-hidden>{side === "bid" ? "▲" : "▼"}</span>
        </button>
      ))}
    </div>
  );
}

function turn(event: KeyboardEvent<HTMLDivElement>): void {
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const side = useDraft.getState().side === "bid" ? "ask" : "bid";
  write({ side });
  event.currentTarget.querySelectorAll("button")[side === "bid" ? 0 : 1]?.focus();
}

function Types({ draft }: { draft: Draft }) {
  return (
    <div className="flex gap-4" role="group" aria-label="Type of order">
      {(["limit", "market"] as const).map((type) => (
        <button
          key={type}
          type="button"
          aria-pressed={draft.type === type}
          onClick={() => write({ type })}
          className={cx(
            "min-h-7 border-b-2 font-medium capitalize pointer-coarse:min-h-11",
            draft.type === type ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
          )}
        >
          {type}
        </button>
      ))}
    </div>
  );
}

interface NumberProps {
  label: string;
  unit: string;
  value: string;
  step: Decimal;
  /** Where stepping begins when nothing is typed. */
  from: Decimal | null;
  change: (text: string) => void;
  isWrong: boolean;
  fills?: readonly (readonly [string, () => void])[];
}

const BIG_STEP = 10;

/** A decimal that is typed, or stepped with arrow keys (with Shift by ten steps), buttons, and nothing else: a wheel may be a scroll. */
function NumberField({ label, unit, value, step, from, change, isWrong, fills = [] }: NumberProps) {
  const id = useId();
  const move = (steps: number): void => change(stepped(value, step, steps, from));
  return (
    <div
      className={cx(
        "flex min-h-11 items-stretch rounded-md border bg-ground focus-within:border-accent",
        isWrong ? "border-down" : "border-edge",
      )}
    >
      <label htmlFor={id} className="flex items-center pr-1 pl-3 text-xs text-soft">
        {label}
      </label>
      <input
        id={id}
        value={value}
        inputMode="decimal"
        autoComplete="off"
        aria-invalid={isWrong || undefined}
        onChange={(event) => change(event.target.value.replace(",", "."))}
        onKeyDown={(event) => {
          const steps = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
          if (steps === 0) return;
          event.preventDefault();
          move(steps * (event.shiftKey ? BIG_STEP : 1));
        }}
        className="min-w-0 flex-1 bg-transparent py-2 text-right text-sm outline-none"
      />
      <span className="flex items-center px-2 text-xs text-muted">{unit}</span>
      {fills.map(([name, fill]) => (
        <button
          key={name}
          type="button"
          onClick={fill}
          aria-label={`Best ${name.toLowerCase()} as price`}
          className="min-w-9 border-l border-line px-1.5 text-xs text-accent hover:bg-raised pointer-coarse:min-w-11"
        >
          {name}
        </button>
      ))}
      <span className="flex flex-col border-l border-line pointer-coarse:hidden">
        <StepButton name={`${label} one step up`} move={() => move(1)} sign={<Plus size={11} aria-hidden />} />
        <StepButton name={`${label} one step down`} move={() => move(-1)} sign={<Minus size={11} aria-hidden />} />
      </span>
    </div>
  );
}

const StepButton = ({ name, move, sign }: { name: string; move: () => void; sign: React.ReactNode }) => (
  <button
    type="button"
    tabIndex={-1}
    aria-label={name}
    onClick={move}
    className="flex w-6 flex-1 items-center justify-center text-muted hover:bg-raised hover:text-ink"
  >
    {sign}
  </button>
);

function Percents({ draft, isOff }: { draft: Draft; isOff: boolean }) {
  return (
    <div role="group" aria-label="Share of what is available" className="grid grid-cols-4 gap-1.5">
      {PERCENTS.map((percent) => (
        <button
          key={percent}
          type="button"
          disabled={isOff}
          aria-pressed={draft.percent === percent}
          onClick={() => write({ percent: draft.percent === percent ? null : percent, size: "" })}
          className={cx(
            "min-h-7 rounded-md text-xs pointer-coarse:min-h-11",
            draft.percent === percent ? "bg-lifted text-ink" : "bg-raised text-soft hover:bg-lifted",
          )}
        >
          {percent} %
        </button>
      ))}
    </div>
  );
}

const TERMS: readonly (readonly [TimeInForce, string])[] = [
  ["gtc", "Until cancelled"],
  ["ioc", "Immediate or cancel"],
  ["fok", "Fill or kill"],
];

function Terms({ draft }: { draft: Draft }) {
  const id = useId();
  return (
    <div className="flex items-center justify-between gap-2">
      <Select
        label="Time in force"
        isLabelHidden
        value={draft.timeInForce}
        options={TERMS}
        choose={(timeInForce) => write({ timeInForce, ...(timeInForce === "gtc" ? {} : { postOnly: false }) })}
      />
      <label htmlFor={id} className="flex min-h-6 items-center gap-2 text-xs text-soft">
        <input
          id={id}
          type="checkbox"
          checked={draft.postOnly}
          disabled={draft.timeInForce !== "gtc"}
          onChange={(event) => write({ postOnly: event.target.checked })}
          className="size-4 accent-accent"
        />
        Post-only
      </label>
    </div>
  );
}

function Costs({ market, made, available }: { market: Market; made: Estimate; available: Decimal | null }) {
  const decimals = (asset: string): number => (asset === market.quote ? market.quoteDecimals : market.baseDecimals);
  const line = (value: Decimal | null, asset: string, extra = 0): string =>
    value === null ? "–" : `${value.show(decimals(asset) + extra)} ${asset}`;
  const afterIsShort = made.after?.isNegative === true;
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-1 text-xs [&>dd]:text-right" data-testid="costs">
      <dt className="text-muted">Available</dt>
      <dd>{line(available, made.afterAsset)}</dd>
      {made.average !== null && (
        <>
          <dt className="text-muted">Average price</dt>
          <dd>
            {made.average.show()} {market.quote}
          </dd>
        </>
      )}
      <dt className="text-muted">Total</dt>
      <dd>{line(made.value, market.quote)}</dd>
      <dt className="text-muted">Fee at most</dt>
      <dd>{line(made.fee, made.feeAsset, made.feeAsset === market.quote ? 2 : 1)}</dd>
      <dt className="text-muted">You receive at least</dt>
      <dd>{line(made.receive, made.receiveAsset)}</dd>
      <dt className="text-muted">Left afterwards</dt>
      <dd className={cx(afterIsShort && "text-down")}>{line(made.after, made.afterAsset)}</dd>
    </dl>
  );
}
