/** How good the line to the exchange is: one rule, the same as in the terminal client. */

export type LinkState = "LIVE" | "SLOW" | "STALE" | "RECONNECT" | "OFFLINE";

export interface LinkFacts {
  isOpen: boolean;
  /** Since the last message, or since the line was lost. */
  ageMs: number;
  /** 99th percentile of the last round trips; null before the first. */
  roundTripP99Ms: number | null;
  /** What the gateway says of its own line to the exchange; null before it says anything. */
  behind: LinkState | null;
}

const LIVE_AGE_MS = 1_500;
const SLOW_AGE_MS = 3_000;
export const RECONNECT_AGE_MS = 5_000;
const OFFLINE_AGE_MS = 30_000;
const SLOW_ROUND_TRIP_MS = 50;

const ORDER: readonly LinkState[] = ["LIVE", "SLOW", "STALE", "RECONNECT", "OFFLINE"];

/** The worse of the two legs: browser to gateway, gateway to exchange. */
export function linkState(facts: LinkFacts): LinkState {
  const own = ownLeg(facts);
  if (!facts.isOpen || facts.behind === null) return own === "OFFLINE" ? own : "RECONNECT";
  return ORDER.indexOf(facts.behind) > ORDER.indexOf(own) ? facts.behind : own;
}

/** So many of the last round trips were back in at most this; one alone says nothing. Null before the second. */
export function roundTripP99(tripsMs: readonly number[]): number | null {
  if (tripsMs.length < 2) return null;
  const sorted = tripsMs.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * 0.99)] ?? null;
}

/** Orders and amends are refused on what may be an old picture; cancels are always let through. */
export function mayTrade(state: LinkState): boolean {
  return state === "LIVE" || state === "SLOW";
}

function ownLeg(facts: LinkFacts): LinkState {
  if (facts.ageMs > OFFLINE_AGE_MS) return "OFFLINE";
  if (!facts.isOpen || facts.ageMs > RECONNECT_AGE_MS) return "RECONNECT";
  if (facts.ageMs > SLOW_AGE_MS) return "STALE";
  if (facts.ageMs > LIVE_AGE_MS || (facts.roundTripP99Ms ?? 0) > SLOW_ROUND_TRIP_MS) return "SLOW";
  return "LIVE";
}
