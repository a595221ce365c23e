"""Reads a recording: what it holds, and the moments of any span of it.

A file that was closed has an index; one that was not, or whose end is gone, is walked chunk by chunk up to the first
that is not whole. Where a damaged place is read, `damage` is set, and nothing from there on is played any more.
"""

from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO, Final, Self

import msgspec

from mexchange.client.errors import BadRecording, DamagedRecording
from mexchange.client.recording_format import (
    CHUNK_HEADER_BYTES,
    END_MAGIC,
    HEADER,
    INDEX_ROW,
    TRAILER,
    Chunk,
    ChunkKind,
    Moment,
    is_whole,
    parse_chunk,
    parse_header,
    unpack,
    unpack_moments,
)
from mexchange.codec import decode
from mexchange.codec.blocks import split
from mexchange.codec.candles import candle_of
from mexchange.codec.errors import CodecError
from mexchange.codec.messages import Candles
from mexchange.domain.candles import Candle, Interval

__all__ = ["Moment", "PastCandles", "Recording", "Span"]


class Span(msgspec.Struct, frozen=True):
    """A stretch that can be played by itself."""

    opening: Moment
    """Blocks that give the state at its beginning."""
    moments: list[Moment]


class PastCandles(msgspec.Struct, frozen=True):
    """Candles of one market, oldest first."""

    spans: int
    """How many spans stand before them. 0: they are older than the recording, of any interval; else they are the trades
    of the last of those spans, by the second."""
    market: int
    interval: Interval
    candles: list[Candle]


class Recording:
    """An open file. `spans` are its stretches, by number from 0."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises BadRecording, DamagedRecording when nothing of it can be played."""
        self._file = file
        self.created_ns: Final = parse_header(self._read(0, HEADER.size))
        self.damage: DamagedRecording | None = None
        """What was found to be damaged: whatever stands there and behind is not played."""
        self.is_closed_properly = True
        self._chunks = self._indexed() or self._walked()
        self._starts = [number for number, chunk in enumerate(self._chunks) if chunk.kind is ChunkKind.SPAN]
        if not self._starts:
            raise self.damage or BadRecording("this recording is empty")

    @classmethod
    def open(cls, path: Path) -> Self:
        """OSError, BadRecording."""
        file = path.open("rb")
        try:
            return cls(file)
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        """Nothing more is read."""
        self._file.close()

    @property
    def spans(self) -> int:
        """How many there are."""
        return len(self._starts)

    @property
    def first_sequence(self) -> int:
        """Of the state at the beginning."""
        return self._chunks[self._starts[0]].first_sequence

    @property
    def first_time_ns(self) -> int:
        """Of the state at the beginning."""
        return self._chunks[self._starts[0]].first_time_ns

    @property
    def last_sequence(self) -> int:
        """Of the last moment."""
        return self._chunks[-1].last_sequence

    @property
    def last_time_ns(self) -> int:
        """Of the last moment."""
        return self._chunks[-1].last_time_ns

    @property
    def moments(self) -> int:
        """In all spans."""
        return sum(chunk.moments for chunk in self._chunks)

    @property
    def trades(self) -> int:
        """In all spans."""
        return sum(chunk.trades for chunk in self._chunks)

    def span_at_sequence(self, sequence: int) -> int:
        """The last span that begins at or before it; the first, if none does."""
        begins = [self._chunks[start].first_sequence for start in self._starts]
        return max(0, bisect_right(begins, sequence) - 1)

    def span_at_time(self, time_ns: int) -> int:
        """The last span that begins at or before it; the first, if none does."""
        begins = [self._chunks[start].first_time_ns for start in self._starts]
        return max(0, bisect_right(begins, time_ns) - 1)

    def span_with_trade(self, first: int, *, backward: bool = False) -> int | None:
        """The nearest span from `first` on that has trades, by the word of the headers."""
        order = range(first, -1, -1) if backward else range(first, self.spans)
        return next((number for number in order if any(chunk.trades for chunk in self._span_chunks(number))), None)

    def span(self, number: int) -> Span:
        """The moments of a span. Those behind a damaged place are left out, and `damage` is set."""
        moments: list[Moment] = []
        for chunk in self._span_chunks(number):
            try:
                moments += unpack_moments(self._body(chunk))
            except ValueError:
                self._cut(chunk, moments[-1].sequence if moments else chunk.first_sequence)
                break
        if not moments:
            assert self.damage is not None
            raise self.damage
        return Span(moments[0], moments[1:])

    def past(self) -> list[PastCandles]:
        """All candles that the recording holds, in its order. Those behind a damaged place are left out."""
        found: list[PastCandles] = []
        spans = 0
        for chunk in tuple(self._chunks):
            if chunk.kind is ChunkKind.SPAN:
                spans += 1
            elif chunk.kind is ChunkKind.CANDLES:
                try:
                    found += _candles_in(self._body(chunk), spans)
                except (ValueError, CodecError):
                    self._cut(chunk, chunk.first_sequence)
                    break
        return found

    def cut_behind(self, number: int, what: str, *, sequence: int) -> None:
        """The blocks of this span do not follow from each other after `sequence`: later spans are not played."""
        begin = self._starts[number]
        self.damage = DamagedRecording(what, offset=self._chunks[begin].offset, sequence=sequence)
        self._starts = self._starts[: number + 1]

    def _span_chunks(self, number: int) -> list[Chunk]:
        begin = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._chunks)
        return [chunk for chunk in self._chunks[begin:end] if chunk.kind is not ChunkKind.CANDLES]

    def _body(self, chunk: Chunk) -> bytes:
        data = self._read(chunk.offset, chunk.end - chunk.offset)
        if parse_chunk(data, chunk.offset) != chunk or not is_whole(chunk, data[CHUNK_HEADER_BYTES:]):
            raise ValueError("what was written is not there any more")
        return unpack(chunk, data[CHUNK_HEADER_BYTES:])

    def _cut(self, chunk: Chunk, sequence: int) -> None:
        """Nothing from this chunk on is played."""
        self.damage = DamagedRecording("the recording is damaged", offset=chunk.offset, sequence=sequence)
        del self._chunks[self._chunks.index(chunk) :]
        self._starts = [start for start in self._starts if start < len(self._chunks)]

    def _indexed(self) -> list[Chunk] | None:
        """The chunks by the index at the end; None without a whole one."""
        size = self._file.seek(0, 2)
        trailer = self._read(size - TRAILER.size, TRAILER.size) if size > TRAILER.size else b""
        if trailer[-len(END_MAGIC) :] != END_MAGIC:
            return None
        offset, _ = TRAILER.unpack(trailer)
        chunk = parse_chunk(self._read(offset, CHUNK_HEADER_BYTES), offset)
        if chunk is None or chunk.kind is not ChunkKind.INDEX or chunk.end + TRAILER.size != size:
            return None
        try:
            return _chunks_in(self._body(chunk))
        except ValueError:
            return None

    def _walked(self) -> list[Chunk]:
        """The chunks up to the first that is not whole, each verified."""
        self.is_closed_properly = False
        chunks: list[Chunk] = []
        offset = HEADER.size
        while head := self._read(offset, CHUNK_HEADER_BYTES):
            chunk = parse_chunk(head, offset)
            sequence = chunks[-1].last_sequence if chunks else 0
            if chunk is None or not is_whole(chunk, self._read(offset + CHUNK_HEADER_BYTES, chunk.stored)):
                self.damage = DamagedRecording("the recording is damaged", offset=offset, sequence=sequence)
                break
            if chunk.kind is ChunkKind.INDEX:
                break
            chunks.append(chunk)
            offset = chunk.end
        return chunks

    def _read(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)


def _chunks_in(rows: bytes) -> list[Chunk]:
    """What an index lists. Raises ValueError."""
    size = INDEX_ROW.size + CHUNK_HEADER_BYTES
    chunks = []
    for start in range(0, len(rows), size):
        (offset,) = INDEX_ROW.unpack_from(rows, start)
        chunk = parse_chunk(rows[start + INDEX_ROW.size : start + size], offset)
        if chunk is None:
            raise ValueError("a row that is no chunk")
        chunks.append(chunk)
    return chunks


def _candles_in(body: bytes, spans: int) -> list[PastCandles]:
    """Raises ValueError, CodecError."""
    (moment,) = unpack_moments(body)
    found = []
    for message_type, _, payload in split(moment.blocks):
        message = decode(message_type, payload)
        if not isinstance(message, Candles):
            raise ValueError("what is not candles")
        candles = [candle_of(row) for row in message.candles]
        found.append(PastCandles(spans, message.market, Interval(message.interval), candles))
    return found
