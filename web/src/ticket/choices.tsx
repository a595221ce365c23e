import { useId, type KeyboardEvent } from "react";

import type { TimeInForce } from "../gateway/shapes";
import { cx } from "../ui/class-names";
import { Select } from "../ui/field";
import { useDraft, write, type Draft } from "./draft";

const PERCENTS = [25, 50, 75, 100] as const;

/** Buy or sell; arrow keys turn it. */
export function Sides({ draft }: { draft: Draft }) {
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

/** Limit or market. */
export function Types({ draft }: { draft: Draft }) {
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

/** The size as a share of what is available. */
export function Percents({ draft, isOff }: { draft: Draft; isOff: boolean }) {
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

/** How long the order stands, and whether it may take. */
export function Terms({ draft }: { draft: Draft }) {
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
