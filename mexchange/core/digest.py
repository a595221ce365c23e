"""What stands for the content of a command, and for everything that the engine has put out.

Two engines that ever differ in one byte differ in their running digest from then on; one client order id with two
contents is told by their digests. Both run for every command, so they are quick: they catch accidents. Nobody gains by
a collision: a client could only hide from itself that it used an id twice. The state hash, which is compared between
machines, is BLAKE2b as ever, and covers the digests.

The running digest is `records u64 | CRC-32 u32 | 0 u32`, over all records since the feature QUICK_DIGESTS; before it,
BLAKE2b-128 over the digest before and the records of each command.
"""

import struct
import zlib
from hashlib import blake2b
from typing import Final

from mexchange.codec.events import RECORD_SIZE
from mexchange.core.features import QUICK_DIGESTS
from mexchange.core.state import DIGEST_SIZE, Answer, State
from mexchange.domain.commands import Command

CONTENT_DIGEST_SIZE: Final = 8
_SEED: Final = 0x9E37_79B9_7F4A_7C15
_FACTOR: Final = 0xD6E8_FEB8_6659_FD93
"""Odd, so that a step loses nothing: contents of one type that differ in one word differ in their digest."""
_U64: Final = 2**64 - 1
_WORD: Final = 8
_TYPE_SIZE: Final = 2
_RUNNING: Final = struct.Struct("<QI4x")


class Content:
    """What makes two commands the same under one id: message type, and every field but account, actor and deadline."""

    __slots__ = ("_content", "_quick_from", "digest")

    def __init__(self, content: bytes, quick_from: int | None) -> None:
        """`content` is the message type, u16, then the fields; `quick_from` since when QUICK_DIGESTS is in force."""
        self._content = content
        self._quick_from = quick_from
        self.digest: Final = _blake(content) if quick_from is None else _mixed(content)
        """Eight bytes: what is remembered of it."""

    def is_of(self, answer: Answer) -> bool:
        """Is this the content that was remembered, by the rule of that time."""
        if self._quick_from is not None and answer.sequence < self._quick_from:
            return _blake(self._content) == answer.digest
        return self.digest == answer.digest


def fields_of(command: Command) -> bytes:
    """The fields of a command that is not batched.

    Integers as 8 bytes, little-endian two's complement; bytes as they are; text as UTF-8 behind its length.
    """
    parts = []
    for name in command.__struct_fields__:
        if name in ("account", "actor", "deadline_ns"):
            continue
        value = getattr(command, name)
        if isinstance(value, int):
            parts.append((value & _U64).to_bytes(_WORD, "little"))
        elif isinstance(value, bytes):
            parts.append(value)
        else:
            text = value.encode()
            parts.append(len(text).to_bytes(_WORD, "little") + text)
    return b"".join(parts)


def extend(state: State, records: bytes) -> None:
    """A command has put out these records."""
    if QUICK_DIGESTS in state.features:
        count, crc = _RUNNING.unpack(state.digest)
        state.digest = _RUNNING.pack(count + len(records) // RECORD_SIZE, zlib.crc32(records, crc))
    else:
        state.digest = blake2b(state.digest + records, digest_size=DIGEST_SIZE).digest()


def begin_quick(state: State) -> None:
    """From now on digests are quick; the running one goes on from what it was."""
    state.digest = _RUNNING.pack(0, zlib.crc32(state.digest))


def _mixed(content: bytes) -> bytes:
    """Words of eight bytes, little-endian, the last one filled up with zeros."""
    digest = _SEED ^ int.from_bytes(content[:_TYPE_SIZE], "little")
    fields = content[_TYPE_SIZE:]
    fields += bytes(-len(fields) % _WORD)
    for word in struct.unpack(f"<{len(fields) // _WORD}Q", fields):
        digest = (digest ^ word) * _FACTOR & _U64
        digest ^= digest >> 32
    return digest.to_bytes(CONTENT_DIGEST_SIZE, "little")


def _blake(content: bytes) -> bytes:
    return blake2b(content, digest_size=CONTENT_DIGEST_SIZE).digest()
