import type { OrderStatus } from "../gateway/shapes";
import { cx } from "../ui/class-names";
import type { Pending } from "./orders";
import { STATUS_WORDS } from "./words";

const COLOURS: Partial<Record<OrderStatus, string>> = {
  filled: "text-up",
  partially_filled: "text-warn",
  rejected: "text-down",
  cancelled: "text-muted",
  expired: "text-muted",
};
const PENDING_WORDS: Record<Pending, string> = {
  sending: "Sending …",
  cancelling: "Cancelling …",
  amending: "Amending …",
  unknown: "Unknown, asking …",
};

export function Status({ status, pending = null }: { status: OrderStatus; pending?: Pending | null }) {
  return (
    <span className={cx("whitespace-nowrap", pending === null ? (COLOURS[status] ?? "text-ink") : "text-warn")}>
      {pending === null ? STATUS_WORDS[status] : PENDING_WORDS[pending]}
    </span>
  );
}
