"""Answers cut into blocks that fit a datagram, and the cursor: where the next page goes on."""

import struct
from functools import cache
from typing import Final

import msgspec

from mexchange.codec import Malformed, encode
from mexchange.codec._generated import STRUCTS, TABLES
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX
from mexchange.codec.messages import HistoryPage
from mexchange.domain.units import Sequence
from mexchange.store.index_walk import Position

PARTS_MAX: Final = 3
_PART: Final = struct.Struct("<q")
_SLACK: Final = 16
"""What alignment may add to a page once it has rows."""


def cursor_of(position: Position | None) -> bytes:
    """Nothing if there is no next page."""
    return b"" if position is None else b"".join(_PART.pack(part) for part in position)


def position_of(cursor: bytes, parts: int) -> Position | None:
    """Inverse of `cursor_of`. Raises Malformed for what was not made by it."""
    if not cursor:
        return None
    if len(cursor) != parts * _PART.size:
        raise Malformed("this cursor is not of that question")
    return tuple(part for (part,) in _PART.iter_unpack(cursor))


def pages_of(page: HistoryPage, *, as_of: int, head: int, correlation: int) -> list[bytes]:
    """The blocks of an answer, one at least; each carries the cursor."""
    room = _room(type(page))
    starts = range(0, max(len(page.rows), 1), room)
    return [
        encode(
            msgspec.structs.replace(
                page,
                as_of=Sequence(as_of),
                head=Sequence(head),
                page=number,
                pages=len(starts),
                rows=page.rows[start : start + room],
            ),
            correlation,
        )
        for number, start in enumerate(starts, 1)
    ]


@cache
def _room(kind: type[HistoryPage]) -> int:
    """Rows of a block."""
    (rows,) = (field for field in TABLES[kind.__name__].fields if field.name == "rows")
    empty = encode(kind(next=bytes(PARTS_MAX * _PART.size)))
    return (DATAGRAM_BLOCKS_MAX - len(empty) - _SLACK) // STRUCTS[rows.of].size
