"""A book channel: one view of one book, told as a snapshot and then as deltas that chain.

A channel is (market, depth, group_ticks, rate class). What its subscribers were told is kept (`_bids`, `_asks`), so a
delta is the difference between two windows: levels that leave the window are told as gone, levels that enter it are
told whole. Blocks are encoded once, whoever listens; a late subscriber gets the view that the others have, at the
channel's sequence, so that the next delta fits.
"""

from itertools import islice
from struct import Struct
from typing import Final
from zlib import crc32

from mexchange.codec import encode
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX
from mexchange.codec.messages import BookDelta, BookSnapshot
from mexchange.codec.messages import Level as LevelRow
from mexchange.daemon.ladder import BUY, NOTHING, SELL, Book, Window, price_of
from mexchange.domain.units import Lots, Sequence, Ticks

DEPTHS: Final = (10, 50, 1000)
CHECKSUM_LEVELS: Final = 25
"""Levels a side that the checksum covers."""
LEVELS_PER_BLOCK_MAX: Final = 44
"""So that a page fits into a datagram: 24 bytes each beside at most 112 bytes of headers and fields."""
assert LEVELS_PER_BLOCK_MAX * 24 + 112 <= DATAGRAM_BLOCKS_MAX

_LEVEL: Final = Struct("<qqII")


class BookChannel:
    """One view of a book, for all who subscribed to it."""

    __slots__ = ("_asks", "_bids", "_book", "_checksum", "_depth", "_group_ticks", "_pages", "head", "subscription")

    def __init__(self, subscription: int, book: Book, depth: int, group_ticks: int) -> None:
        self.subscription = subscription
        self._book = book
        self._depth = depth
        self._group_ticks = group_ticks
        self._bids, self._asks = self._windows()
        self._checksum = checksum(self._bids, self._asks)
        self._pages: list[bytes] = []
        self.head: int = book.sequence
        """Sequence of the view that the subscribers have."""

    def opening(self) -> list[bytes]:
        """The snapshot for somebody who joins: pages at `head`, frozen until the next delta."""
        if not self._pages:
            self._pages = snapshot_blocks(
                self._bids,
                self._asks,
                subscription=self.subscription,
                book=self._book,
                sequence=Sequence(self.head),
                group_ticks=self._group_ticks,
            )
        return self._pages

    def flush(self, time_ns: int) -> list[bytes]:
        """The delta from what was told to what is; empty if nothing in the window changed."""
        bids, asks = self._windows()
        levels = _difference(SELL, self._asks, asks) + _difference(BUY, self._bids, bids)
        if not levels:
            return []
        previous, self.head = self.head, self._book.sequence
        assert self.head > previous
        self._bids, self._asks, self._pages = bids, asks, []
        self._checksum = checksum(bids, asks)
        return self._delta(previous, levels)

    def _windows(self) -> tuple[Window, Window]:
        book, depth, group_ticks = self._book, self._depth, self._group_ticks
        return book.window(BUY, depth, group_ticks), book.window(SELL, depth, group_ticks)

    def _delta(self, previous: int, levels: list[LevelRow]) -> list[bytes]:
        pages = _paged(levels)
        return [
            encode(
                BookDelta(
                    subscription=self.subscription,
                    market=self._book.market,
                    previous_sequence=Sequence(previous),
                    sequence=Sequence(self.head),
                    checksum=self._checksum,
                    time_ns=self._book.time_ns,
                    levels=page,
                    page=number,
                    pages=len(pages),
                )
            )
            for number, page in enumerate(pages, 1)
        ]


def snapshot_blocks(
    bids: Window,
    asks: Window,
    *,
    subscription: int,
    book: Book,
    sequence: Sequence,
    group_ticks: int,
    correlation: int = 0,
) -> list[bytes]:
    """BookSnapshot pages of two windows; at least one, also for an empty book."""
    code = checksum(bids, asks)
    pages = _paged(_rows(SELL, asks) + _rows(BUY, bids))
    return [
        encode(
            BookSnapshot(
                subscription=subscription,
                market=book.market,
                sequence=sequence,
                page=number,
                pages=len(pages),
                checksum=code,
                time_ns=book.time_ns,
                levels=page,
                group_ticks=group_ticks,
            ),
            correlation,
        )
        for number, page in enumerate(pages, 1)
    ]


def checksum(bids: Window, asks: Window) -> int:
    """CRC-32 of the best 25 levels a side as packed LevelS, asks then bids, best first."""
    code = 0
    for side, window in ((SELL, asks), (BUY, bids)):
        for rank, level in islice(window.items(), CHECKSUM_LEVELS):
            code = crc32(_LEVEL.pack(price_of(side, rank), level.quantity, level.orders, side), code)
    return code


def _difference(side: int, old: Window, new: Window) -> list[LevelRow]:
    """What to tell a reader who knows `old` so that it knows `new`: gone levels first, then best first."""
    gone = dict.fromkeys(sorted(old.keys() - new.keys()), NOTHING)
    changed = dict(sorted(new.items() - old.items()))
    return _rows(side, gone) + _rows(side, changed)


def _rows(side: int, window: Window) -> list[LevelRow]:
    return [
        LevelRow(Ticks(price_of(side, rank)), Lots(level.quantity), level.orders, side)
        for rank, level in window.items()
    ]


def _paged(levels: list[LevelRow]) -> list[list[LevelRow]]:
    starts = range(0, len(levels), LEVELS_PER_BLOCK_MAX)
    return [levels[start : start + LEVELS_PER_BLOCK_MAX] for start in starts] or [[]]
