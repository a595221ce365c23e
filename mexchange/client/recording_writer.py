"""Writes a recording: moments in, chunks out; a new span with the whole state every so often.

The file can be played at any time up to the last `flush`, whatever becomes of the program. `close` adds the index.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final

import msgspec
import zstandard

from mexchange.client.errors import RecordingFull
from mexchange.client.market_state import MarketState, MarketStates
from mexchange.client.recorded_fills import OwnFills
from mexchange.client.recorded_orders import OwnOrders
from mexchange.client.recording_format import (
    CHUNK,
    CHUNK_BYTES_MAX,
    CHUNK_HEADER_BYTES,
    END_MAGIC,
    INDEX_ROW,
    LEVEL,
    MOMENT,
    TRAILER,
    Chunk,
    ChunkKind,
    Moment,
    head_of,
    pack_chunk,
    pack_header,
    pack_moment,
)
from mexchange.codec import encode
from mexchange.codec.candles import row_of
from mexchange.codec.messages import Candles, Trades
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.units import MarketId

SIZE_MAX: Final = 1 << 30
"""Bytes of a file, unless somebody allows another size."""
CHUNK_BYTES: Final = 128 << 10
"""Unpacked bytes that wait to be written together."""
SPAN_BYTES: Final = 1 << 20
SPAN_NS: Final = 60_000_000_000
"""A span ends with the chunk that reaches one of them: what a jump has to read at most, about."""
CANDLES_PER_BLOCK: Final = 600
RESERVE: Final = 64 << 10
"""Of the allowed size, for what stands at the end: candles, the trailer."""

Past = Mapping[int, Mapping[Interval, Sequence[Candle]]]
"""By market: candles of trades before the recording, oldest first."""


class RecordingWriter:
    """Onto a file that is empty and open for writing. `size_max` bounds it. OSError from every method that writes."""

    def __init__(self, file: BinaryIO, *, created_ns: int, size_max: int = SIZE_MAX) -> None:
        self.moments = 0
        self.trades = 0
        self._file = file
        self._size_max = size_max
        self._states = MarketStates()
        self._chunks: list[Chunk] = []
        self._opening: Moment | None = None
        """The state with which the span begins, until it is written."""
        self._waiting: list[Moment] = []
        self._waiting_bytes = 0
        self._waiting_trades = 0
        self._span_bytes = 0
        self._span_begin_ns = 0
        self._last = Moment(0, 0, b"")
        self._is_closed = False
        self._compressor = zstandard.ZstdCompressor(level=LEVEL)
        header = pack_header(created_ns)
        self._file.write(header)
        self.size = len(header)
        """Bytes of the file, without what waits."""

    @property
    def sequence(self) -> int:
        """Of the last moment."""
        return self._last.sequence

    def market(self, number: int) -> MarketState:
        """As whoever plays this will have it after the last moment. Do not change it."""
        return self._states[number]

    @property
    def own(self) -> OwnOrders:
        """Our open orders, in the same way."""
        return self._states.own

    @property
    def fills(self) -> OwnFills:
        """Our fills, in the same way."""
        return self._states.fills

    def begin(self, first: Moment, past: Past) -> None:
        """The state at the beginning, and the candles before it. Once, before the first `add`."""
        assert not self._chunks
        self._last = first
        self._write_candles(past)
        for market, by_interval in past.items():
            ends = [candles[-1].last_trade_id for candles in by_interval.values() if candles]
            self._states[market].charted = max(ends, default=0)
        self._states.apply(first.blocks)
        self._states.take_seconds()
        self._begin_span()
        self._write_waiting()
        self._file.flush()

    def add(self, time_ns: int, sequence: int, blocks: bytes) -> None:
        """What happened next. Times and sequences that go back count as those before. RecordingFull, Unplayable."""
        if self.size + self._waiting_bytes + len(blocks) + self._reserve() > self._size_max:
            raise RecordingFull(f"the recording has reached {self._size_max:,} bytes")
        messages = self._states.apply(blocks)
        self._last = Moment(max(self._last.time_ns, time_ns), max(self._last.sequence, sequence), blocks)
        self._waiting.append(self._last)
        self._waiting_bytes += len(blocks) + MOMENT.size
        self._waiting_trades += sum(len(message.trades) for message in messages if isinstance(message, Trades))
        if self._waiting_bytes >= CHUNK_BYTES:
            self._write_waiting()

    def flush(self) -> None:
        """Hand what waits to the system: from now on it survives the end of this program."""
        if self._waiting:
            self._write_waiting()
        self._file.flush()

    def close(self) -> None:
        """Write everything that waits, and the index. Idempotent; the file stays open."""
        if self._is_closed:
            return
        self._is_closed = True
        self.flush()
        offset = self.size
        rows = b"".join(INDEX_ROW.pack(chunk.offset) + head_of(chunk) + chunk.digest for chunk in self._chunks)
        self._store(ChunkKind.INDEX, rows, Moment(self._last.time_ns, self._last.sequence, b""))
        self._file.write(TRAILER.pack(offset, END_MAGIC))
        self.size += TRAILER.size
        self._file.flush()

    def _write_waiting(self) -> None:
        moments, self._waiting = self._waiting, []
        body = b"".join(pack_moment(moment) for moment in moments)
        kind = ChunkKind.MORE
        if self._opening is not None:
            kind, body, self._opening = ChunkKind.SPAN, pack_moment(self._opening) + body, None
        first = moments[0] if moments else self._last
        self._store(kind, body, first, moments=len(moments), trades=self._waiting_trades)
        self.moments += len(moments)
        self.trades += self._waiting_trades
        self._span_bytes += self._waiting_bytes
        self._waiting_bytes = self._waiting_trades = 0
        if self._span_bytes >= SPAN_BYTES or self._last.time_ns - self._span_begin_ns >= SPAN_NS:
            self._write_candles({number: {Interval.S1: row} for number, row in self._states.take_seconds().items()})
            self._begin_span()

    def _begin_span(self) -> None:
        self._opening = msgspec.structs.replace(self._last, blocks=b"".join(self._states.blocks()))
        self._span_bytes, self._span_begin_ns = 0, self._last.time_ns

    def _write_candles(self, candles: Past) -> None:
        blocks = b"".join(_candle_blocks(candles))
        if blocks:
            self._store(ChunkKind.CANDLES, pack_moment(msgspec.structs.replace(self._last, blocks=blocks)), self._last)

    def _store(self, kind: ChunkKind, body: bytes, first: Moment, *, moments: int = 0, trades: int = 0) -> None:
        assert len(body) <= CHUNK_BYTES_MAX
        stored = self._compressor.compress(body)
        chunk = Chunk(
            offset=self.size,
            kind=kind,
            stored=len(stored),
            size=len(body),
            moments=moments,
            trades=trades,
            first_sequence=first.sequence,
            first_time_ns=first.time_ns,
            last_sequence=self._last.sequence,
            last_time_ns=self._last.time_ns,
            digest=b"",
        )
        packed = pack_chunk(chunk, stored)
        self._file.write(packed)
        self.size += len(packed)
        self._chunks.append(msgspec.structs.replace(chunk, digest=packed[CHUNK.size : CHUNK_HEADER_BYTES]))

    def _reserve(self) -> int:
        """What ending now may still take: a state, candles, and the index."""
        opening = 0 if self._opening is None else len(self._opening.blocks)
        return opening + RESERVE + (len(self._chunks) + 3) * (INDEX_ROW.size + CHUNK_HEADER_BYTES)


def _candle_blocks(candles: Past) -> Iterator[bytes]:
    for market, by_interval in candles.items():
        for interval, row in by_interval.items():
            for start in range(0, len(row), CANDLES_PER_BLOCK):
                part = row[start : start + CANDLES_PER_BLOCK]
                yield encode(
                    Candles(market=MarketId(market), interval=interval, candles=[row_of(each) for each in part])
                )
