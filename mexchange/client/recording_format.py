"""Bytes of a recording: what a market did, block by block, with the time and the sequence of each moment.

    file      = header, chunks, index chunk, trailer         (the last two only once it was closed properly)
    header    = magic 8 | version u16 | reserved 6 | created_ns i64 | reserved 8
    chunk     = magic u32 | kind u16 | reserved u16 | stored u32 | size u32 | moments u32 | trades u32 |
                first_sequence u64 | first_time_ns i64 | last_sequence u64 | last_time_ns i64 | digest 16 | body
    body      = a zstd frame of `stored` bytes, `size` when unpacked
    moment    = time_ns i64 | sequence u64 | length u32 | reserved u32 | blocks
    trailer   = offset of the index chunk u64 | magic 8

Little-endian. The digest is BLAKE2b-128 of the chunk's header before it and its body as stored. Kinds:

    SPAN      first moment: blocks that give the whole state, whatever came before; then moments as in MORE
    MORE      moments that go on from the chunk before
    CANDLES   one moment: Candles blocks; those before the first SPAN are the past of the chart, each other one the
              trades of the span before it by the second
    INDEX     the headers of all other chunks, each after its offset u64

Blocks are those of the wire: AssetsPage, MarketsPage, BookSnapshot, BookDelta, Trades, Ticker; and AccountPage, without
balances, for the open orders of whoever recorded: pages up to one with `next_order` 0 name all of them, each time that
they have changed; and FillsPage for their fills, oldest first, each once. A recording of nobody has neither.

Times and sequences never decrease. Whoever jumps to a place reads the last SPAN before it and what follows; the charts
of a market need the CANDLES before that span and the trades in it.
"""

import struct
from enum import IntEnum
from hashlib import blake2b
from typing import Final

import msgspec
import zstandard

from mexchange.client.errors import BadRecording

MAGIC: Final = b"MXRECORD"
END_MAGIC: Final = b"MXRECEND"
VERSION: Final = 1
CHUNK_MAGIC: Final = 0x4B43584D
CHUNK_BYTES_MAX: Final = 64 << 20
"""Unpacked; nothing longer is written or believed."""
DIGEST_BYTES: Final = 16
LEVEL: Final = 3
"""Of zstd: quick, and within a tenth of what the slow levels reach on books."""

HEADER: Final = struct.Struct("<8sH6xq8x")
CHUNK: Final = struct.Struct("<IHxxIIIIQqQq")
CHUNK_HEADER_BYTES: Final = CHUNK.size + DIGEST_BYTES
MOMENT: Final = struct.Struct("<qQI4x")
INDEX_ROW: Final = struct.Struct("<Q")
TRAILER: Final = struct.Struct("<Q8s")


class ChunkKind(IntEnum):
    """What a chunk holds. Numbers are file format."""

    SPAN = 1
    MORE = 2
    CANDLES = 3
    INDEX = 4


class Chunk(msgspec.Struct, frozen=True):
    """A chunk's header, and where it stands."""

    offset: int
    kind: ChunkKind
    stored: int
    """Bytes of its body in the file."""
    size: int
    """Bytes of its body when unpacked."""
    moments: int
    """Without the state of a SPAN."""
    trades: int
    first_sequence: int
    first_time_ns: int
    last_sequence: int
    last_time_ns: int
    digest: bytes

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.offset + CHUNK_HEADER_BYTES + self.stored


class Moment(msgspec.Struct, frozen=True):
    """What happened at once."""

    time_ns: int
    sequence: int
    blocks: bytes


def pack_moment(moment: Moment) -> bytes:
    """Its bytes in a body."""
    return MOMENT.pack(moment.time_ns, moment.sequence, len(moment.blocks)) + moment.blocks


def unpack_moments(body: bytes) -> list[Moment]:
    """The moments of a body. Raises ValueError unless it is whole moments and nothing else."""
    moments = []
    at = 0
    while at < len(body):
        if len(body) - at < MOMENT.size:
            raise ValueError("half a moment")
        time_ns, sequence, length = MOMENT.unpack_from(body, at)
        at += MOMENT.size
        if len(body) - at < length:
            raise ValueError("half a moment")
        moments.append(Moment(time_ns, sequence, body[at : at + length]))
        at += length
    return moments


def pack_chunk(chunk: Chunk, stored: bytes) -> bytes:
    """Header and body, under their digest."""
    head = head_of(chunk)
    return head + digest_of(head, stored) + stored


def pack_header(created_ns: int) -> bytes:
    """The beginning of a file."""
    return HEADER.pack(MAGIC, VERSION, created_ns)


def parse_header(data: bytes) -> int:
    """When the recording was begun. Raises BadRecording."""
    if len(data) < HEADER.size or data[: len(MAGIC)] != MAGIC:
        raise BadRecording("this is not a recording")
    _, version, created_ns = HEADER.unpack_from(data)
    if version != VERSION:
        raise BadRecording(f"this recording has format {version}; this program reads {VERSION}")
    return int(created_ns)


def parse_chunk(data: bytes, offset: int) -> Chunk | None:
    """The header of a chunk, not verified yet; None if this cannot be one."""
    if len(data) < CHUNK_HEADER_BYTES:
        return None
    magic, kind, *figures = CHUNK.unpack_from(data)
    stored, size, moments, trades, first_sequence, first_time_ns, last_sequence, last_time_ns = figures
    if magic != CHUNK_MAGIC or kind not in frozenset(ChunkKind) or size > CHUNK_BYTES_MAX or stored > CHUNK_BYTES_MAX:
        return None
    return Chunk(
        offset=offset,
        kind=ChunkKind(kind),
        stored=stored,
        size=size,
        moments=moments,
        trades=trades,
        first_sequence=first_sequence,
        first_time_ns=first_time_ns,
        last_sequence=last_sequence,
        last_time_ns=last_time_ns,
        digest=data[CHUNK.size : CHUNK_HEADER_BYTES],
    )


def is_whole(chunk: Chunk, stored: bytes) -> bool:
    """Are header and body as they were written."""
    return len(stored) == chunk.stored and digest_of(head_of(chunk), stored) == chunk.digest


def unpack(chunk: Chunk, stored: bytes) -> bytes:
    """The body. Raises ValueError."""
    try:
        body = zstandard.ZstdDecompressor().decompress(stored, max_output_size=max(chunk.size, 1))
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None
    if len(body) != chunk.size:
        raise ValueError("the body has another size than its header says")
    return body


def digest_of(head: bytes, stored: bytes) -> bytes:
    """Of a chunk."""
    digest = blake2b(head, digest_size=DIGEST_BYTES)
    digest.update(stored)
    return digest.digest()


def head_of(chunk: Chunk) -> bytes:
    """The header without its digest."""
    return CHUNK.pack(
        CHUNK_MAGIC,
        chunk.kind,
        chunk.stored,
        chunk.size,
        chunk.moments,
        chunk.trades,
        chunk.first_sequence,
        chunk.first_time_ns,
        chunk.last_sequence,
        chunk.last_time_ns,
    )
