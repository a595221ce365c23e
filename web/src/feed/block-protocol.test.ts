import { Builder, ByteBuffer } from "flatbuffers";
import { expect, test } from "vitest";

import { BlockBook, split, subscribe } from "./block-protocol";
import { crc32 } from "./crc32";
import { BookDelta } from "./generated/mx/book-delta";
import { BookSnapshot } from "./generated/mx/book-snapshot";
import { LevelS } from "./generated/mx/level-s";
import { MessageType } from "./generated/mx/message-type";
import { Subscribe } from "./generated/mx/subscribe";

type Row = [price: bigint, size: bigint, orders: number, side: 1 | 2];

/** CRC-32 of the levels as they stand in memory on the wire, written here by hand. */
function checksumOf(rows: Row[]): number {
  const view = new DataView(new ArrayBuffer(rows.length * 24));
  rows.forEach(([price, size, orders, side], index) => {
    view.setBigInt64(index * 24, price, true);
    view.setBigInt64(index * 24 + 8, size, true);
    view.setUint32(index * 24 + 16, orders, true);
    view.setUint32(index * 24 + 20, side, true);
  });
  return crc32(new Uint8Array(view.buffer));
}

function levels(builder: Builder, rows: Row[]): number {
  BookDelta.startLevelsVector(builder, rows.length);
  for (const [price, size, orders, side] of rows.toReversed()) LevelS.createLevelS(builder, price, size, orders, side);
  return builder.endVector();
}

function snapshot(rows: Row[], sequence: bigint, checksum: number, page = 1, pages = 1): ByteBuffer {
  const builder = new Builder();
  const vector = levels(builder, rows);
  BookSnapshot.startBookSnapshot(builder);
  BookSnapshot.addSequence(builder, sequence);
  BookSnapshot.addPage(builder, page);
  BookSnapshot.addPages(builder, pages);
  BookSnapshot.addChecksum(builder, checksum);
  BookSnapshot.addLevels(builder, vector);
  builder.finish(BookSnapshot.endBookSnapshot(builder));
  return new ByteBuffer(builder.asUint8Array());
}

function delta(rows: Row[], previous: bigint, sequence: bigint, checksum: number): ByteBuffer {
  const builder = new Builder();
  const vector = levels(builder, rows);
  BookDelta.startBookDelta(builder);
  BookDelta.addPreviousSequence(builder, previous);
  BookDelta.addSequence(builder, sequence);
  BookDelta.addPage(builder, 1);
  BookDelta.addPages(builder, 1);
  BookDelta.addChecksum(builder, checksum);
  BookDelta.addLevels(builder, vector);
  builder.finish(BookDelta.endBookDelta(builder));
  return new ByteBuffer(builder.asUint8Array());
}

const ASK: Row = [101n, 5n, 1, 2];
const FAR_ASK: Row = [2n ** 53n + 1n, 7n, 2, 2];
const BID: Row = [99n, 3n, 1, 1];

function whole(): BlockBook {
  const book = new BlockBook();
  expect(book.snapshot(snapshot([ASK, FAR_ASK, BID], 10n, checksumOf([ASK, FAR_ASK, BID])))).toBe("done");
  return book;
}

test("a snapshot and a delta make the exchange's book, beyond what a float holds", () => {
  const book = whole();
  const better: Row = [100n, 4n, 3, 1];
  const now = checksumOf([FAR_ASK, better, BID]);
  expect(book.delta(delta([[101n, 0n, 0, 2], better], 10n, 12n, now))).toBe("done");
  expect(book.asks.best(9).map(({ price }) => price)).toEqual([2n ** 53n + 1n]);
  expect(book.bids.best(9).map(({ price }) => price)).toEqual([100n, 99n]);
  expect(book.sequence).toBe(12n);
});

test("a delta that does not follow is a gap", () => {
  expect(whole().delta(delta([BID], 11n, 12n, 0))).toBe("gap");
});

test("a level that was lost is found by the checksum", () => {
  expect(whole().delta(delta([], 10n, 11n, checksumOf([ASK, BID])))).toBe("gap");
});

test("a page that was lost is a gap, and the next snapshot heals it", () => {
  const book = new BlockBook();
  const sum = checksumOf([ASK, FAR_ASK, BID]);
  expect(book.snapshot(snapshot([ASK], 10n, sum, 1, 3))).toBe("more");
  expect(book.snapshot(snapshot([BID], 10n, sum, 3, 3))).toBe("gap");
  expect(book.snapshot(snapshot([ASK, FAR_ASK], 10n, sum, 1, 2))).toBe("more");
  expect(book.snapshot(snapshot([BID], 10n, sum, 2, 2))).toBe("done");
});

test("what is sent is whole blocks that say what is wanted", () => {
  const bytes = subscribe(3, { kind: "book", groupTicks: 5, depth: 50 }, 77);
  const [block, ...others] = split(bytes.buffer);
  expect(others).toEqual([]);
  expect(bytes.length % 8).toBe(0);
  expect([block?.type, block?.correlation]).toEqual([MessageType.Subscribe, 77]);
  const said = Subscribe.getRootAsSubscribe(block?.payload ?? new ByteBuffer(new Uint8Array()));
  expect([said.market(), said.depth(), said.groupTicks()]).toEqual([3, 50, 5n]);
});

test("a message that ends within a block is refused", () => {
  const bytes = subscribe(1, { kind: "trades" }, 1);
  expect(() => split(bytes.slice(0, -1).buffer)).toThrow(RangeError);
});

test("the checksum is that of zlib", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});
