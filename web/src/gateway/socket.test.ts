import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Socket, type Line } from "./socket";

class Wire implements Line {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: { id: string; method: string; params: Record<string, unknown> }[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    // The test loses lines by `onclose`.
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  /** Answers what was asked last with `method`. */
  answer(method: string, result: unknown): void {
    const asked = this.sent.findLast((request) => request.method === method);
    this.say({ id: asked?.id, result });
  }
}

const wires: Wire[] = [];
const last = (): Wire => {
  const wire = wires.at(-1);
  if (wire === undefined) throw new Error("no line was opened");
  return wire;
};
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function newSocket(): Socket {
  return new Socket(
    () => {
      const wire = new Wire();
      wires.push(wire);
      return wire;
    },
    () => Date.now(),
    () => 1,
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  wires.length = 0;
});
afterEach(() => vi.useRealTimers());

test("answers find their questions, in whatever order they come", async () => {
  const socket = newSocket();
  socket.start();
  last().onopen?.();
  await settled();
  const first = socket.request("a");
  const second = socket.request("b");
  last().answer("b", 2);
  last().answer("a", 1);
  expect(await Promise.all([first, second])).toEqual([1, 2]);
});

test("a lost line leaves the outcome unknown and comes back with the channels and their place", async () => {
  const socket = newSocket();
  let seen = 7;
  socket.follow("fills", (notification) => void (seen = Number(notification["account_sequence"])), "private", () => seen);
  socket.signIn(true);
  socket.start();
  last().onopen?.();
  last().answer("public/auth", {});
  await settled();
  last().say({ channel_name: "fills", notification: { account_sequence: 9 } });

  const order = socket.request("private/place_order").catch((fault: unknown) => fault);
  last().onclose?.({ code: 1006 });
  expect(await order).toMatchObject({ code: "E_LOST", isUnknown: true });
  expect(socket.isOpen).toBe(false);

  await vi.advanceTimersByTimeAsync(250);
  expect(wires).toHaveLength(2);
  last().onopen?.();
  last().answer("public/auth", {});
  await settled();
  expect(last().sent.at(-1)?.params).toEqual({ channels: ["fills"], resume: { fills: 9 } });
});

test("pauses between attempts grow to eight seconds", async () => {
  const socket = newSocket();
  socket.start();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const lost = Date.now();
    const opened = wires.length;
    last().onclose?.({ code: 1006 });
    // oxlint-disable-next-line no-await-in-loop
    while (wires.length === opened) await vi.advanceTimersByTimeAsync(50);
    pauses.push(Date.now() - lost);
  }
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test("a request that nobody answers is unknown after its time", async () => {
  const socket = newSocket();
  socket.start();
  last().onopen?.();
  await settled();
  const asked = socket.request("private/place_order", {}, 1_000).catch((fault: unknown) => fault);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await asked).toMatchObject({ code: "E_TIMEOUT", isUnknown: true });
});

test("without a line nothing is sent, and that is certain", async () => {
  const fault = await newSocket()
    .request("private/place_order")
    .catch((refusal: unknown) => refusal);
  expect(fault).toMatchObject({ code: "E_NOT_SENT", isUnknown: false });
});
