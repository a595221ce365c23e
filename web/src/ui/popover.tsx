import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import { cx } from "./class-names";

interface Props {
  label: ReactNode;
  /** Spoken name of the button where its content does not say it. */
  name?: string;
  className?: string;
  panelClassName?: string;
  children: (close: () => void) => ReactNode;
}

/** A button that opens a panel below it; Esc, a click elsewhere and leaving by Tab close it. */
export function Popover({ label, name, className, panelClassName, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setOpen(false), []);
  useEffect(() => {
    if (!isOpen) return;
    const opener = button.current;
    const panel = box.current;
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !panel?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
      // The focus goes back where it came from, unless it has gone elsewhere by itself.
      if (document.activeElement === document.body || panel?.contains(document.activeElement)) opener?.focus();
    };
  }, [isOpen]);
  return (
    <div
      ref={box}
      role="none"
      className="relative"
      onKeyDown={(event) => {
        if (event.key === "Escape" && isOpen) {
          event.stopPropagation();
          close();
        }
      }}
    >
      <button
        ref={button}
        type="button"
        aria-label={name}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className={className}
      >
        {label}
      </button>
      {isOpen && (
        <div
          className={cx(
            "fade-in absolute top-full z-40 mt-1 rounded-lg border border-line bg-raised shadow-2xl",
            panelClassName,
          )}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
