import { expect, test } from "vitest";

import { linkState, mayTrade, roundTripP99, type LinkFacts, type LinkState } from "./link-state";

const live: LinkFacts = { isOpen: true, ageMs: 100, roundTripP99Ms: 3, behind: "LIVE" };

test.each<[string, Partial<LinkFacts>, LinkState]>([
  ["fresh", {}, "LIVE"],
  ["1.5 s old", { ageMs: 1_500 }, "LIVE"],
  ["1.6 s old", { ageMs: 1_600 }, "SLOW"],
  ["50 ms away", { roundTripP99Ms: 50 }, "LIVE"],
  ["51 ms away", { roundTripP99Ms: 51 }, "SLOW"],
  ["3.1 s old", { ageMs: 3_100 }, "STALE"],
  ["5.1 s old", { ageMs: 5_100 }, "RECONNECT"],
  ["closed just now", { isOpen: false, ageMs: 10 }, "RECONNECT"],
  ["closed for long", { isOpen: false, ageMs: 30_001 }, "OFFLINE"],
  ["behind the gateway stale", { behind: "STALE" }, "STALE"],
  ["behind the gateway gone", { behind: "OFFLINE" }, "OFFLINE"],
  ["slow here, stale behind", { ageMs: 2_000, behind: "STALE" }, "STALE"],
  ["not told yet what is behind", { behind: null }, "RECONNECT"],
])("%s", (_, facts, state) => {
  expect(linkState({ ...live, ...facts })).toBe(state);
  expect(mayTrade(state)).toBe(state === "LIVE" || state === "SLOW");
});

test("one slow round trip says nothing, two of a hundred do", () => {
  expect(roundTripP99([])).toBe(null);
  expect(roundTripP99([80])).toBe(null);
  expect(roundTripP99([3, 900, 4])).toBe(4);
  const hundred = Array.from({ length: 99 }, () => 5);
  expect(roundTripP99([...hundred, 900])).toBe(5);
  expect(roundTripP99([...hundred.slice(1), 900, 800])).toBe(800);
});
