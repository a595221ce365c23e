import { isBuy } from "../orders/words";
import { cx } from "./class-names";

/** A side as colour, sign and word: none of them is needed alone. */
export function Side({ side, className }: { side: "bid" | "ask" | "buy" | "sell"; className?: string }) {
  return (
    <span className={cx("whitespace-nowrap", isBuy(side) ? "text-up" : "text-down", className)}>
      {isBuy(side) ? "Buy" : "Sell"} <span aria-hidden>{isBuy(side) ? "▲" : "▼"}</span>
    </span>
  );
}

/** A change in per cent: with its sign, coloured, and an arrow. */
export function Change({ text, className }: { text: string | null; className?: string }) {
  if (text === null) return <span className={cx("text-muted", className)}>–</span>;
  const isDown = text.startsWith("-");
  return (
    <span className={cx("whitespace-nowrap", isDown ? "text-down" : "text-up", className)}>
      <span aria-hidden>{isDown ? "▼" : "▲"}</span> {isDown ? text.replace("-", "−") : `+${text}`} %
    </span>
  );
}
