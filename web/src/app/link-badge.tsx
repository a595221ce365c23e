import { useEffect, useRef } from "react";
import { useShallow } from "zustand/react/shallow";

import { useLink } from "../gateway/link";
import type { LinkState } from "../gateway/link-state";
import { cx } from "../ui/class-names";
import { speak } from "../ui/notices";
import { Popover } from "../ui/popover";

const LOOKS: Record<LinkState, { colour: string; sign: string; word: string; means: string }> = {
  LIVE: { colour: "text-up", sign: "●", word: "Live", means: "What you see is what the exchange has." },
  SLOW: { colour: "text-warn", sign: "◐", word: "Slow", means: "Data arrives late. You can trade." },
  STALE: { colour: "text-warn", sign: "○", word: "Stale", means: "Nothing new for seconds. Only cancels are sent." },
  RECONNECT: { colour: "text-warn", sign: "◌", word: "Connecting", means: "The line is being opened again." },
  OFFLINE: { colour: "text-down", sign: "✕", word: "Offline", means: "The exchange cannot be reached. What you see is old." },
};

/** A fixed number of digits: the line below must not dance. */
const ms = (value: number | null): string => (value === null ? "–" : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);
const grouped = (value: number | null): string => (value === null ? "–" : value.toLocaleString("en-US"));

/** The state of the line as a word; behind it, what it was measured by. */
export function LinkBadge() {
  const link = useLink();
  const look = LOOKS[link.state];
  useSpokenState(link.state, look.word);
  return (
    <Popover
      name={`Connection: ${look.word}`}
      label={
        <>
          <span aria-hidden className={cx(look.colour, link.state === "RECONNECT" && "animate-pulse")}>
            {look.sign}
          </span>
          <span data-testid="link-state">{look.word}</span>
        </>
      }
      className="flex min-h-8 items-center gap-1.5 rounded-md px-2 text-xs text-soft hover:bg-raised pointer-coarse:min-h-11"
      panelClassName="right-0 w-72 p-3"
    >
      {() => (
        <>
          <p className="pb-2 text-soft">{look.means}</p>
          <dl className="grid grid-cols-[1fr_auto] gap-y-1 text-xs">
            <dt className="text-muted">Sequence of the exchange</dt>
            <dd>{grouped(link.sequence)}</dd>
            <dt className="text-muted">Last message</dt>
            <dd>{(link.ageMs / 1_000).toFixed(1)} s ago</dd>
            <dt className="text-muted">Round trip from here</dt>
            <dd>
              {ms(link.roundTripMs)} · p99 {ms(link.roundTripP99Ms)}
            </dd>
            <dt className="text-muted">Gateway to exchange</dt>
            <dd>{ms(link.behindMs)}</dd>
            <dt className="text-muted">Clock of this device</dt>
            <dd>{link.offsetMs > 0 ? "−" : "+"}{Math.abs(link.offsetMs / 1_000).toFixed(2)} s</dd>
            {link.attempts > 0 && (
              <>
                <dt className="text-muted">Attempts</dt>
                <dd>{link.attempts}</dd>
              </>
            )}
          </dl>
        </>
      )}
    </Popover>
  );
}

/** The line at the foot of the desk. */
export function StatusBar() {
  const { state, sequence, roundTripMs, roundTripP99Ms, behindMs, ageMs } = useLink(
    useShallow((link) => ({
      state: link.state,
      sequence: link.sequence,
      roundTripMs: link.roundTripMs,
      roundTripP99Ms: link.roundTripP99Ms,
      behindMs: link.behindMs,
      ageMs: link.ageMs > 1_500 ? Math.round(link.ageMs / 100) * 100 : 0,
    })),
  );
  const look = LOOKS[state];
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 overflow-hidden border-t border-line bg-panel px-3 text-2xs whitespace-nowrap text-muted">
      <span className={look.colour}>
        <span aria-hidden>{look.sign}</span> {state}
        {ageMs > 0 && ` ${(ageMs / 1_000).toFixed(1)} s`}
      </span>
      <span>seq {grouped(sequence)}</span>
      <span>
        rtt {ms(roundTripMs)} · p99 {ms(roundTripP99Ms)}
      </span>
      <span>exchange {ms(behindMs)}</span>
    </footer>
  );
}

/** Losing the exchange and finding it again are told to those who do not see the badge. */
function useSpokenState(state: LinkState, word: string): void {
  const before = useRef<LinkState | null>(null);
  useEffect(() => {
    const isNews = before.current !== null && before.current !== state && state !== "SLOW" && before.current !== "SLOW";
    if (isNews) speak(`Connection ${word}`);
    before.current = state;
  }, [state, word]);
}
