"""The journal's unit: one group commit, as bytes. Pure functions.

    magic u32 | version u16 | type u16 | length u32 | count u32 | epoch u64 | first_sequence u64 | time_ns i64
    | previous digest 16 | digest 16 | body, padded with zeros to 8

Little-endian. The digest is BLAKE2b-128 over (previous digest, the fields before it, body): checksum and chain in one.
It notices a flipped bit as well as a frame that was lost, misdirected, rolled back or taken from another journal.
"""

import struct
from enum import IntEnum
from hashlib import blake2b
from typing import Final, TypeAlias

import msgspec

from mexchange.store.errors import FormatTooNew

FRAME_MAGIC: Final = 0x464A584D
"""The bytes `MXJF`."""
FRAME_MAGIC_BYTES: Final = FRAME_MAGIC.to_bytes(4, "little")
FRAME_VERSION: Final = 1
DIGEST_BYTES: Final = 16
FRAME_HEADER_BYTES: Final = 72
FRAME_ALIGN_BYTES: Final = 8
BODY_BYTES_MAX: Final = 1 << 20
"""Larger than any group commit, small enough to bound a reader's work on garbage."""
NO_DIGEST: Final = bytes(DIGEST_BYTES)
"""What the first frame of a journal is chained to."""

Body: TypeAlias = bytes | bytearray | memoryview

_FIELDS: Final = struct.Struct("<IHHIIQQq")
_DIGEST_AT: Final = _FIELDS.size + DIGEST_BYTES
assert _DIGEST_AT + DIGEST_BYTES == FRAME_HEADER_BYTES
assert FRAME_HEADER_BYTES % FRAME_ALIGN_BYTES == 0


class FrameType(IntEnum):
    """What the body is. Codes are file format and never reused."""

    COMMANDS = 1
    """Blocks; `count` commands from `first_sequence` on. All other types have count 0."""
    SEAL = 2
    """Nothing was queued after a sync. Not synced; the next frame overwrites it."""
    CLOSED = 3
    """A clean stop."""
    EPOCH = 4
    """A writer opened the journal."""
    SKIP = 5
    """u64 sequences that no replay applies."""
    FEATURE = 6
    """u64: a change of behaviour that is in force from `first_sequence` on."""


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One frame. `first_sequence` is the next sequence in frames that hold no commands."""

    type: FrameType
    count: int
    epoch: int
    first_sequence: int
    time_ns: int
    previous: bytes
    digest: bytes
    body: bytes

    @property
    def next_sequence(self) -> int:
        """The sequence after the last one in here."""
        return self.first_sequence + self.count

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return frame_bytes(len(self.body))


def frame_bytes(body_bytes: int) -> int:
    """Size in the file of a frame with a body of that size."""
    return FRAME_HEADER_BYTES + body_bytes + -body_bytes % FRAME_ALIGN_BYTES


def pack(
    type: FrameType,  # noqa: A002 - the field's name
    body: Body,
    *,
    count: int,
    epoch: int,
    first_sequence: int,
    time_ns: int,
    previous: bytes,
) -> tuple[bytes, bytes]:
    """The frame's bytes and its digest."""
    length = len(body)
    assert length <= BODY_BYTES_MAX
    assert len(previous) == DIGEST_BYTES
    fields = _FIELDS.pack(FRAME_MAGIC, FRAME_VERSION, type, length, count, epoch, first_sequence, time_ns)
    digest = _digest(previous, fields, body)
    return b"".join((fields, previous, digest, body, bytes(-length % FRAME_ALIGN_BYTES))), digest


def parse(data: bytes | memoryview, offset: int) -> Frame | None:
    """The frame that stands whole and unharmed at `offset`, else None. FormatTooNew if a later version wrote it.

    Says nothing of the chain: `previous` is to be compared by the caller.
    """
    if offset + FRAME_HEADER_BYTES > len(data):
        return None
    magic, version, code, length, count, epoch, first_sequence, time_ns = _FIELDS.unpack_from(data, offset)
    if magic != FRAME_MAGIC or length > BODY_BYTES_MAX:
        return None
    body_at = offset + FRAME_HEADER_BYTES
    end = offset + frame_bytes(length)
    if end > len(data) or any(data[body_at + length : end]):
        return None
    previous = bytes(data[offset + _FIELDS.size : offset + _DIGEST_AT])
    digest = bytes(data[offset + _DIGEST_AT : body_at])
    body = bytes(data[body_at : body_at + length])
    if _digest(previous, data[offset : offset + _FIELDS.size], body) != digest:
        return None
    if version > FRAME_VERSION or code not in _TYPES:
        raise FormatTooNew(f"journal frame of version {version}, type {code}: start the version that wrote it")
    return Frame(_TYPES[code], count, epoch, first_sequence, time_ns, previous, digest, body)


def find_frame(data: bytes, offset: int) -> int | None:
    """Where the first whole frame at or after `offset` stands, at a multiple of 8; None if there is none."""
    while (offset := data.find(FRAME_MAGIC_BYTES, offset)) >= 0:
        if offset % FRAME_ALIGN_BYTES == 0 and parse(data, offset) is not None:
            return offset
        offset += 1
    return None


def peek(data: bytes | memoryview, offset: int) -> tuple[int, int] | None:
    """(type code, size in the file) of what claims to be a frame, unverified: for hopping over frames."""
    if offset + FRAME_HEADER_BYTES > len(data):
        return None
    magic, _, code, length, *_ = _FIELDS.unpack_from(data, offset)
    if magic != FRAME_MAGIC or length > BODY_BYTES_MAX:
        return None
    return code, frame_bytes(length)


_TYPES: Final = {int(each): each for each in FrameType}


def _digest(previous: bytes, fields: bytes | memoryview, body: Body) -> bytes:
    state = blake2b(previous, digest_size=DIGEST_BYTES)
    state.update(fields)
    state.update(body)
    return state.digest()
