import type { KeyboardEvent, PointerEvent } from "react";

import { cx } from "./class-names";

interface Props {
  /** What it makes wider or higher. */
  name: string;
  direction: "column" | "row";
  value: number;
  min: number;
  max: number;
  /** 1: dragging right or down makes it larger; -1: smaller. */
  sign: 1 | -1;
  change: (value: number) => void;
}

const STEP = 16;

/** The line between two panels: dragged, or moved with the arrow keys. */
export function Separator({ name, direction, value, min, max, sign, change }: Props) {
  const clamp = (wanted: number): number => Math.round(Math.min(max, Math.max(min, wanted)));
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const target = event.currentTarget;
    const start = direction === "column" ? event.clientX : event.clientY;
    target.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => {
      const now = direction === "column" ? moved.clientX : moved.clientY;
      change(clamp(value + sign * (now - start)));
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("lostpointercapture", () => target.removeEventListener("pointermove", move), { once: true });
  };
  const press = (event: KeyboardEvent): void => {
    const [less, more] = direction === "column" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const steps = event.key === more ? sign : event.key === less ? -sign : 0;
    if (steps === 0) return;
    event.preventDefault();
    change(clamp(value + steps * STEP));
  };
  return (
    <div
      role="separator"
      aria-label={name}
      aria-orientation={direction === "column" ? "vertical" : "horizontal"}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
      className={cx(
        "group relative z-10 shrink-0 touch-none select-none",
        direction === "column" ? "w-1 cursor-col-resize" : "h-1 cursor-row-resize",
      )}
    >
      <div
        className={cx(
          "absolute transition-colors group-hover:bg-accent/60 group-focus-visible:bg-accent",
          direction === "column" ? "inset-y-0 left-px w-0.5" : "inset-x-0 top-px h-0.5",
        )}
      />
    </div>
  );
}
