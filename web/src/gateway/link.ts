/** The state of the line as the page shows it, looked at four times a second. */
import { create } from "zustand";

import type { Feed } from "../feed/feed";
import { linkState, RECONNECT_AGE_MS, roundTripP99, type LinkState } from "./link-state";
import type { Socket } from "./socket";

interface Link {
  state: LinkState;
  /** Whether the line was ever up since the page was opened. */
  wasUp: boolean;
  ageMs: number;
  attempts: number;
  roundTripMs: number | null;
  roundTripP99Ms: number | null;
  /** Of the gateway's own line to the exchange. */
  behindMs: number | null;
  /** The exchange's head. */
  sequence: number | null;
  /** Add it to this machine's clock to have the exchange's. */
  offsetMs: number;
}

export const useLink = create<Link>()(() => ({
  state: "RECONNECT",
  wasUp: false,
  ageMs: 0,
  attempts: 0,
  roundTripMs: null,
  roundTripP99Ms: null,
  behindMs: null,
  sequence: null,
  offsetMs: 0,
}));

const LOOK_MS = 250;
const TRIPS_KEPT = 100;

/** Follows the heartbeat and the round trips, gives up a silent line. Returns what ends it. */
export function watchLink(socket: Socket, feed: Feed): () => void {
  const trips: number[] = [];
  let behind: LinkState | null = null;

  const stopHeartbeat = socket.follow("heartbeat", (said) => {
    behind = said["status"] as LinkState;
    const nanoseconds = said["round_trip_ns"];
    useLink.setState({
      sequence: Number(said["sequence"]),
      behindMs: nanoseconds === null || nanoseconds === undefined ? null : Number(nanoseconds) / 1e6,
      offsetMs: Number(said["time"]) * 1_000 - Date.now(),
    });
  });

  const look = (): void => {
    const ageMs = performance.now() - socket.lastHeard;
    if (!socket.isOpen) behind = null;
    const p99 = roundTripP99(trips);
    const state = linkState({ isOpen: socket.isOpen, ageMs, roundTripP99Ms: p99, behind });
    useLink.setState((link) => ({
      state,
      wasUp: link.wasUp || state === "LIVE" || state === "SLOW",
      ageMs,
      attempts: socket.attempts,
      roundTripMs: trips.at(-1) ?? null,
      roundTripP99Ms: p99,
    }));
    if (socket.isOpen && ageMs > RECONNECT_AGE_MS) socket.reopen();
  };
  feed.onTrip = (ms) => {
    trips.push(ms);
    if (trips.length > TRIPS_KEPT) trips.shift();
  };
  const looking = setInterval(look, LOOK_MS);
  return () => {
    stopHeartbeat();
    clearInterval(looking);
  };
}
