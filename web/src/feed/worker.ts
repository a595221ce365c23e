/**
 * Market data, away from the page's thread: keeps books level by level, checks each against the exchange's checksum, and
 * sends pictures of them no faster than they are painted. A lost line is opened again, and everything asked for anew.
 */
import { BlockBook, candlesOf, pastTrades, ping, split, subscribe, tradesOf, unsubscribe, type Block } from "./block-protocol";
import type { BookSide } from "./book";
import { BookDelta } from "./generated/mx/book-delta";
import { BookSnapshot } from "./generated/mx/book-snapshot";
import { MessageType } from "./generated/mx/message-type";
import { Subscribed } from "./generated/mx/subscribed";
import type { FromWorker, ToWorker, Wanted } from "./messages";

interface Watch {
  key: number;
  market: number;
  wanted: Wanted;
  /** Given by the gateway; null while it is asked for. */
  subscription: bigint | null;
  book: BlockBook;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;
/** The exchange says something every half second. */
const SILENCE_MS = 5_000;
const PING_MS = 2_000;
/** Of no watch: those count from 1. */
const PING = 0xffff_ffff;

const watches = new Map<number, Watch>();
const unpainted = new Set<Watch>();
let line: WebSocket | null = null;
let attempts = 0;
let heardAt = 0;
let hz = 10;
let painting: ReturnType<typeof setTimeout> | null = null;
let paintedAt = 0;
let pingedAt: number | null = null;

const say = (message: FromWorker): void => globalThis.postMessage(message);

globalThis.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "open":
      connect(data.url);
      setInterval(() => {
        if (line?.readyState === WebSocket.OPEN && performance.now() - heardAt > SILENCE_MS) line.close();
      }, SILENCE_MS / 5);
      setInterval(measure, PING_MS);
      return;
    case "watch": {
      const watch = { key: data.key, market: data.market, wanted: data.wanted, subscription: null, book: new BlockBook() };
      watches.set(data.key, watch);
      begin(watch);
      return;
    }
    case "unwatch": {
      const watch = watches.get(data.key);
      watches.delete(data.key);
      if (watch !== undefined) end(watch);
      return;
    }
    case "pace":
      hz = data.hz;
      schedule();
  }
});

function connect(url: string): void {
  const opened = new WebSocket(url);
  opened.binaryType = "arraybuffer";
  line = opened;
  opened.addEventListener("open", () => {
    attempts = 0;
    heardAt = performance.now();
    for (const watch of watches.values()) begin(watch);
    say({ type: "line", isOpen: true });
    pingedAt = null;
    measure();
  });
  opened.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
    heardAt = performance.now();
    for (const block of split(data)) receive(block);
  });
  opened.addEventListener("close", () => {
    for (const watch of watches.values()) watch.subscription = null;
    say({ type: "line", isOpen: false });
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts);
    attempts += 1;
    setTimeout(() => connect(url), longest * (0.5 + Math.random() / 2));
  });
}

/** The round trip, seen from here: on the page's thread it would be that of the page's work too. */
function measure(): void {
  if (pingedAt !== null || hz === 0 || line?.readyState !== WebSocket.OPEN) return;
  pingedAt = performance.now();
  line.send(ping(PING));
}

/** Asks for what is watched; the key comes back as correlation. */
function begin(watch: Watch): void {
  watch.subscription = null;
  watch.book = new BlockBook();
  if (line?.readyState !== WebSocket.OPEN) return;
  line.send(subscribe(watch.market, watch.wanted, watch.key));
  if (watch.wanted.kind === "trades") line.send(pastTrades(watch.market, watch.key));
}

/** Two panels may watch one subscription: it ends with the last of them. */
function end(watch: Watch): void {
  const { subscription } = watch;
  unpainted.delete(watch);
  if (subscription === null || of(subscription).length > 0 || line?.readyState !== WebSocket.OPEN) return;
  line.send(unsubscribe(subscription));
}

const of = (subscription: bigint): Watch[] => [...watches.values()].filter((watch) => watch.subscription === subscription);

function receive({ type, correlation, payload }: Block): void {
  switch (type) {
    case MessageType.Heartbeat:
      if (correlation !== PING || pingedAt === null) return;
      say({ type: "trip", ms: performance.now() - pingedAt });
      pingedAt = null;
      return;
    case MessageType.Subscribed: {
      const watch = watches.get(correlation);
      if (watch !== undefined) watch.subscription = Subscribed.getRootAsSubscribed(payload).subscription();
      return;
    }
    case MessageType.BookSnapshot:
      for (const watch of of(BookSnapshot.getRootAsBookSnapshot(payload).subscription())) judge(watch, watch.book.snapshot(payload));
      return;
    case MessageType.BookDelta:
      for (const watch of of(BookDelta.getRootAsBookDelta(payload).subscription())) judge(watch, watch.book.delta(payload));
      return;
    case MessageType.Trades: {
      const { subscription, trades } = tradesOf(payload);
      const past = watches.get(correlation);
      if (subscription === 0n && past !== undefined) say({ type: "trades", key: past.key, trades, isSnapshot: true });
      for (const { key } of subscription === 0n ? [] : of(subscription)) say({ type: "trades", key, trades, isSnapshot: false });
      return;
    }
    case MessageType.Candles: {
      const { subscription, candles } = candlesOf(payload);
      for (const { key } of of(subscription)) say({ type: "candles", key, candles, isSnapshot: false });
    }
  }
}

/** A book with a hole in it, or one that the checksum disowns, is asked for anew. */
function judge(watch: Watch, verdict: "done" | "more" | "gap"): void {
  if (verdict === "more") return;
  if (verdict === "done") {
    unpainted.add(watch);
    schedule();
    return;
  }
  // What comes before the new answer is of the old picture, and finds no watch.
  say({ type: "gap", key: watch.key });
  begin(watch);
}

function schedule(): void {
  if (painting !== null || hz === 0 || unpainted.size === 0) return;
  const pause = Math.max(0, paintedAt + 1_000 / hz - performance.now());
  painting = setTimeout(paint, pause);
}

function paint(): void {
  painting = null;
  paintedAt = performance.now();
  for (const { key, wanted, book } of unpainted) {
    if (wanted.kind !== "book") continue;
    const [bidPrices, bidSizes] = arrays(book.bids, wanted.depth);
    const [askPrices, askSizes] = arrays(book.asks, wanted.depth);
    say({ type: "book", key, bidPrices, bidSizes, askPrices, askSizes, sequence: book.sequence });
  }
  unpainted.clear();
}

function arrays(side: BookSide, depth: number): [BigInt64Array, BigInt64Array] {
  const levels = side.best(depth);
  return [BigInt64Array.from(levels, ({ price }) => price), BigInt64Array.from(levels, ({ size }) => size)];
}
