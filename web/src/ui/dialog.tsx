import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";

import { cx } from "./class-names";

interface Props {
  title: string;
  close: () => void;
  children: ReactNode;
  /** `sheet`: from the bottom edge of a phone. */
  look?: "card" | "sheet";
  className?: string;
}

/** A modal dialog: the browser's own, which holds the focus, closes on Esc and gives the focus back. It begins at `data-first`. */
export function Dialog({ title, close, children, look = "card", className }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The browser would begin with the button that closes.
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) close();
      }}
      className={cx(
        "fade-in border border-line bg-panel p-0 shadow-2xl",
        look === "card" ? "w-105 rounded-xl" : "mx-0 mt-auto mb-0 w-full max-w-full rounded-t-xl",
        className,
      )}
    >
      <div className="flex items-center justify-between border-b border-line py-2 pr-2 pl-4">
        <h2 id={id} className="text-sm font-semibold">
          {title}
        </h2>
        <button
          type="button"
          onClick={close}
          aria-label="Close"
          className="flex size-8 items-center justify-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-11"
        >
          <X size={16} aria-hidden />
        </button>
      </div>
      <div className="p-4">{children}</div>
    </dialog>
  );
}
