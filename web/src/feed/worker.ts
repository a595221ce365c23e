/**
 * Market data, away from the page's thread: keeps books level by level, checks each against the exchange's checksum, and
 * sends pictures of them no faster than they are painted.
 */
import { Socket } from "../gateway/socket";
import type { BookSide } from "./book";
import type { FromWorker, Scale, ToWorker, Wanted } from "./messages";
import { candlesOf, channelOf, TextBook, tradesOf } from "./text-protocol";

interface Watch {
  scale: Scale;
  wanted: Wanted;
  stop: () => void;
}

const watches = new Map<number, Watch>();
const unpainted = new Map<number, TextBook>();
let socket: Socket | null = null;
let hz = 10;
let painting: ReturnType<typeof setTimeout> | null = null;
let paintedAt = 0;

const say = (message: FromWorker): void => globalThis.postMessage(message);

globalThis.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "open":
      socket = new Socket(() => new WebSocket(data.url) as never);
      socket.onLine = () => say({ type: "line", isOpen: socket?.isOpen === true });
      socket.start();
      return;
    case "watch":
      watches.set(data.key, { ...data, stop: follow(data.key, data.scale, data.wanted) });
      return;
    case "unwatch":
      watches.get(data.key)?.stop();
      watches.delete(data.key);
      unpainted.delete(data.key);
      return;
    case "pace":
      hz = data.hz;
      schedule();
  }
});

function follow(key: number, scale: Scale, wanted: Wanted): () => void {
  const channel = channelOf(scale, wanted);
  const line = socket;
  if (line === null) return () => undefined;
  switch (wanted.kind) {
    case "book": {
      const book = new TextBook(scale);
      let stop = (): void => undefined;
      const begin = (): void => {
        stop = line.follow(channel, (said) => {
          if (book.receive(said)) {
            unpainted.set(key, book);
            schedule();
          } else {
            say({ type: "gap", key });
            stop();
            begin();
          }
        });
      };
      begin();
      return () => stop();
    }
    case "trades":
      return line.follow(channel, (said) =>
        say({ type: "trades", key, trades: tradesOf(scale, said), isSnapshot: said["snapshot"] === true }),
      );
    case "candles":
      return line.follow(channel, (said) =>
        say({ type: "candles", key, candles: candlesOf(scale, said), isSnapshot: said["snapshot"] === true }),
      );
  }
}

function schedule(): void {
  if (painting !== null || hz === 0 || unpainted.size === 0) return;
  const pause = Math.max(0, paintedAt + 1_000 / hz - performance.now());
  painting = setTimeout(paint, pause);
}

function paint(): void {
  painting = null;
  paintedAt = performance.now();
  for (const [key, book] of unpainted) {
    const wanted = watches.get(key)?.wanted;
    if (wanted?.kind !== "book") continue;
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
