"""The outer sixteen bytes of every datagram, in clear, and the sizes that all the rest follows from.

    kind u8 | epoch u8 | minor u16 | receiver_index u32 | counter u64          little-endian, authenticated as AEAD data

`receiver_index` finds the session at the receiver before any cryptography; 0 while there is none. `counter` is the
nonce of a Data datagram and is never used twice under one key.
"""

from enum import IntEnum
from struct import Struct
from typing import Final, NamedTuple

from mexchange.protocol.errors import BadPacket

HEADER: Final = Struct("<BBHIQ")
HEADER_SIZE: Final = 16
TAG_SIZE: Final = 16
DATAGRAM_SIZE_MAX: Final = 1200
"""UDP payload. Passes every path that QUIC passes; never fragmented, never probed."""
BLOCKS_SIZE_MAX: Final = DATAGRAM_SIZE_MAX - HEADER_SIZE - TAG_SIZE
DATA_SIZE_MIN: Final = HEADER_SIZE + TAG_SIZE

PROTOCOL_MAJOR: Final = b"mx/1"
"""Enters the handshake's hash: two sides of different majors cannot agree on keys."""
PROTOCOL_MINOR: Final = 0
NO_INDEX: Final = 0

assert HEADER.size == HEADER_SIZE
assert BLOCKS_SIZE_MAX == 1168
assert BLOCKS_SIZE_MAX % 8 == 0

Address = tuple[str, int] | tuple[str, int, int, int]
"""What recvfrom gives: host, port, and for IPv6 flow and scope."""


class Kind(IntEnum):
    """The first byte. The order is that of a session's life."""

    HELLO = 1
    RETRY = 2
    HANDSHAKE_INIT = 3
    HANDSHAKE_RESPONSE = 4
    DATA = 5
    STATELESS_RESET = 6


class Header(NamedTuple):
    """The outer header, parsed."""

    kind: Kind
    epoch: int
    minor: int
    receiver_index: int
    counter: int


_KINDS: Final = {int(kind): kind for kind in Kind}


def pack_header(
    kind: Kind, *, receiver_index: int = NO_INDEX, counter: int = 0, epoch: int = 0, minor: int = PROTOCOL_MINOR
) -> bytes:
    """The sixteen bytes."""
    return HEADER.pack(kind, epoch, minor, receiver_index, counter)


def parse_header(datagram: bytes) -> Header:
    """The header of any datagram of ours. Raises BadPacket by length or kind."""
    if not HEADER_SIZE <= len(datagram) <= DATAGRAM_SIZE_MAX:
        raise BadPacket(f"{len(datagram)} bytes")
    kind, epoch, minor, receiver_index, counter = HEADER.unpack_from(datagram)
    known = _KINDS.get(kind)
    if known is None:
        raise BadPacket(f"kind {kind}")
    return Header(known, epoch, minor, receiver_index, counter)
