import { useId, type InputHTMLAttributes, type ReactNode } from "react";

import { cx } from "./class-names";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  "data-first"?: boolean;
  label: string;
  /** Stands inside at the right: a unit, buttons. */
  after?: ReactNode;
  problem?: string | null;
  hint?: ReactNode;
}

/** A labelled input; what is wrong with it is tied to it. */
export function Field({ label, after, problem, hint, className, ...rest }: Props) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="text-xs text-soft">
        {label}
      </label>
      <div
        className={cx(
          "flex min-h-10 items-center rounded-md border bg-ground focus-within:border-accent",
          problem ? "border-down" : "border-edge",
        )}
      >
        <input
          id={id}
          aria-describedby={note ? `${id}-note` : undefined}
          aria-invalid={problem ? true : undefined}
          autoComplete="off"
          spellCheck={false}
          className="min-w-0 flex-1 bg-transparent px-3 py-1.5 text-sm outline-none placeholder:text-muted"
          {...rest}
        />
        {after}
      </div>
      {note && (
        <p id={`${id}-note`} className={cx("text-xs", problem ? "text-down" : "text-muted")}>
          {note}
        </p>
      )}
    </div>
  );
}

/** A choice among few, as a native list. */
export function Select<K extends string | number>({
  label,
  isLabelHidden,
  value,
  options,
  choose,
  className,
}: {
  label: string;
  isLabelHidden?: boolean;
  value: K;
  options: readonly (readonly [K, string])[];
  choose: (value: K) => void;
  className?: string;
}) {
  const id = useId();
  return (
    <div className={cx("flex gap-1", isLabelHidden ? "items-center" : "flex-col", className)}>
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "text-xs text-soft"}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const option = options[event.target.selectedIndex];
          if (option !== undefined) choose(option[0]);
        }}
        className={cx(
          "rounded-md bg-raised text-soft hover:text-ink",
          isLabelHidden ? "min-h-6 px-1 text-xs pointer-coarse:min-h-9" : "min-h-10 border border-edge px-2 text-sm",
        )}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Switch({ label, hint, isOn, set }: { label: string; hint?: string; isOn: boolean; set: (isOn: boolean) => void }) {
  const id = useId();
  return (
    <div className="flex items-center justify-between gap-4">
      <label htmlFor={id} className="flex flex-col">
        <span className="text-sm">{label}</span>
        {hint && <span className="text-xs text-muted">{hint}</span>}
      </label>
      <button
        id={id}
        type="button"
        role="switch"
        aria-label={label}
        aria-checked={isOn}
        onClick={() => set(!isOn)}
        className={cx(
          "relative h-6 w-11 shrink-0 rounded-full border transition-colors",
          isOn ? "border-accent bg-accent" : "border-edge bg-raised",
        )}
      >
        <span
          className={cx("absolute top-0.75 size-4 rounded-full transition-all", isOn ? "left-5.5 bg-ground" : "left-1 bg-soft")}
        />
      </button>
    </div>
  );
}
