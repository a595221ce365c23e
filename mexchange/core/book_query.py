"""What a book looks like: levels, grouped if asked for, in pages that share a checksum."""

import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from msgspec.structs import replace

from mexchange.codec.messages import BookQuery, BookSnapshot, Level, Message
from mexchange.core.page import refused, room
from mexchange.core.state import BookSide, State
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import PRICE_MAX, Lots, Ticks

DEPTH_DEFAULT: Final = 1_000
"""Levels a side when a question does not say. The daemon bounds what the public may ask for."""
CHECKSUM_LEVELS: Final = 25
"""Levels a side that the checksum of a book covers."""
_LEVEL: Final = struct.Struct("<qqII")


def book_pages(state: State, question: BookQuery) -> Iterator[Message]:
    """Asks, then bids, best first, as pages of one snapshot."""
    book = state.books.get(question.market)
    if book is None:
        yield refused(RejectReason.MARKET_NOT_FOUND)
        return
    depth, group = question.depth or DEPTH_DEFAULT, min(max(question.group_ticks, 1), PRICE_MAX)
    asks = list(islice(_levels(book.asks, group), depth))
    bids = list(islice(_levels(book.bids, group), depth))
    head = BookSnapshot(
        subscription=0,
        market=question.market,
        sequence=state.sequence,
        checksum=checksum(asks, bids),
        time_ns=state.time_ns,
        group_ticks=group,
    )
    rows, fit = asks + bids, room(head, _LEVEL.size)
    pages = max(-(-len(rows) // fit), 1)
    for page in range(pages):
        yield replace(head, page=page + 1, pages=pages, levels=rows[page * fit : (page + 1) * fit])


def _levels(side: BookSide, group: int) -> Iterator[Level]:
    """Best first; prices in groups of ticks, bids rounded down and asks up, away from the middle."""
    price = quantity = orders = 0
    for key in side.keys:
        level = side.levels[key]
        grouped = level.price // group * group if side.side == Side.BUY else -(-level.price // group) * group
        if orders and grouped != price:
            yield Level(Ticks(price), Lots(quantity), orders, side.side)
            quantity = orders = 0
        price = grouped
        quantity += level.quantity
        orders += level.orders
    if orders:
        yield Level(Ticks(price), Lots(quantity), orders, side.side)


def checksum(asks: list[Level], bids: list[Level]) -> int:
    """CRC-32 of the best CHECKSUM_LEVELS levels a side as packed LevelS, asks then bids, best first."""
    best = asks[:CHECKSUM_LEVELS] + bids[:CHECKSUM_LEVELS]
    return zlib.crc32(b"".join([_LEVEL.pack(row.price, row.quantity, row.orders, row.side) for row in best]))
