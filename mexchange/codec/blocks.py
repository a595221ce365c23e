"""A block: the unit of the wire, of the journal and of the engine's input.

    length u16 | type u16 | correlation u32 | payload

Little-endian. `length` counts the payload, which is a FlatBuffers root padded with zeros to a multiple of 8. Blocks
follow one another without gaps. Correlation is chosen by who asks and echoed in the answers; 0 is unsolicited.
"""

import struct
from typing import Final

from mexchange.codec.errors import Malformed, Unencodable

BLOCK_HEADER: Final = 8
"""Bytes before the payload."""
ALIGNMENT: Final = 8
BLOCK_PAYLOAD_MAX: Final = 65_528
"""The largest multiple of 8 that `length` holds."""
DATAGRAM_BLOCKS_MAX: Final = 1_168
"""Bytes of blocks in a datagram of 1,200."""
CORRELATION_MAX: Final = 2**32 - 1

assert DATAGRAM_BLOCKS_MAX % ALIGNMENT == 0
assert BLOCK_PAYLOAD_MAX % ALIGNMENT == 0

_HEADER = struct.Struct("<HHI")
_PADDING: Final = tuple(bytes(-size % ALIGNMENT) for size in range(ALIGNMENT))


def pack(message_type: int, payload: bytes, correlation: int = 0) -> bytes:
    """One block. Raises Unencodable if the payload is longer than BLOCK_PAYLOAD_MAX."""
    padding = _PADDING[len(payload) % ALIGNMENT]
    try:
        return _HEADER.pack(len(payload) + len(padding), message_type, correlation) + payload + padding
    except struct.error as error:
        raise Unencodable(f"a payload of {len(payload)} bytes, correlation {correlation}: {error}") from None


def split(data: bytes) -> list[tuple[int, int, bytes]]:
    """Type, correlation and payload of each block. Raises Malformed unless `data` is whole blocks and nothing else."""
    return [
        (message_type, correlation, data[start + BLOCK_HEADER : end])
        for message_type, correlation, start, end in _walk(data)
    ]


def split_blocks(data: bytes) -> list[tuple[int, int, bytes]]:
    """Type, correlation and the whole block, header included. Raises like `split`."""
    return [(message_type, correlation, data[start:end]) for message_type, correlation, start, end in _walk(data)]


def with_correlation(block: bytes, correlation: int) -> bytes:
    """The same block under another correlation. The block has a whole header."""
    assert len(block) >= BLOCK_HEADER
    return block[:4] + correlation.to_bytes(4, "little") + block[BLOCK_HEADER:]


def _walk(data: bytes) -> list[tuple[int, int, int, int]]:
    found = []
    start, size = 0, len(data)
    while start < size:
        if size - start < BLOCK_HEADER:
            raise Malformed(f"{size - start} bytes are too few for a block header")
        length, message_type, correlation = _HEADER.unpack_from(data, start)
        end = start + BLOCK_HEADER + length
        if length % ALIGNMENT or end > size:
            raise Malformed(f"a block of {length} bytes where {size - start - BLOCK_HEADER} are left")
        found.append((message_type, correlation, start, end))
        start = end
    return found
