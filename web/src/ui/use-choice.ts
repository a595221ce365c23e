import { useState, type KeyboardEvent } from "react";

interface Choice {
  /** Where the arrows stand; it begins anew with every search. */
  at: number;
  begin: () => void;
  /** Of the input: arrows move, Enter takes. */
  keyed: (event: KeyboardEvent) => void;
}

/** One of a list that is narrowed by typing, as a combobox has it: the focus stays in the input. */
export function useChoice<T>(found: readonly T[], take: (one: T) => void): Choice {
  const [at, setAt] = useState(0);
  const keyed = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (step !== undefined) {
      setAt((at + step + found.length) % Math.max(1, found.length));
      return;
    }
    const chosen = found[at];
    if (chosen !== undefined) take(chosen);
  };
  return { at, begin: () => setAt(0), keyed };
}
