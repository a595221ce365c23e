import { Minus, Plus } from "lucide-react";
import { useId } from "react";

import type { Decimal } from "../money/decimal";
import { cx } from "../ui/class-names";
import { stepped } from "./estimate";

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
export function NumberField({ label, unit, value, step, from, change, isWrong, fills = [] }: NumberProps) {
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
