"""A market's book: a snapshot in pages, then deltas that chain by sequence and carry a checksum.

    EMPTY ── all pages ──> VERIFIED ── delta fits, checksum right ──> VERIFIED
                              │ a delta is missing for 2 ms, a checksum is wrong, or the server is ahead
                              v
                             GAP ── the missing delta, or a new snapshot ──> VERIFIED

The gap is marked before anything heals it: a view never shows a book that it knows to be wrong as right.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import Final

from mexchange.client.view import View
from mexchange.codec.messages import BookDelta, BookSnapshot, Level
from mexchange.domain.order import Side

REORDER_WAIT_NS: Final = 2_000_000
HEAL_WAIT_NS: Final = 20_000_000
"""How long a marked gap may heal by a late datagram before a snapshot is asked for."""
SNAPSHOT_WAIT_NS: Final = 200_000_000
"""A snapshot whose pages have not all come by then is asked for again."""
HEAD_WAIT_NS: Final = 150_000_000
"""How long the server may be ahead by its own word before we call that a gap: the delta may still be on its way."""
DELTAS_HELD_MAX: Final = 256
CHECKED_LEVELS: Final = 25
"""A side's best levels that the checksum covers."""

_LEVEL = struct.Struct("<qqII")
_Rows = dict[int, Level]


class BookView(View):
    """Levels of both sides, best first in `bids` and `asks`. `now_ns` is monotonic."""

    def __init__(self, market: int, *, depth: int = 10, group_ticks: int = 1) -> None:
        super().__init__()
        self.market = market
        self.depth = depth
        self.group_ticks = group_ticks
        self.sequence = 0
        self.time_ns = 0
        self.verified = False
        """Complete, contiguous and with the right checksum, as far as is known."""
        self.gaps = 0
        """How often a gap was marked."""
        self._sides: dict[int, _Rows] = {Side.BUY: {}, Side.SELL: {}}
        self._sorted: dict[int, list[Level] | None] = {Side.BUY: [], Side.SELL: []}
        self._pages: dict[int, BookSnapshot] = {}
        self._held: dict[int, dict[int, BookDelta]] = {}
        self._hole_since_ns: int | None = None
        self._behind_since_ns: int | None = None
        self._asked_ns: int | None = None
        self._heals_until_ns: int | None = None

    @property
    def gap(self) -> bool:
        """Had we a book, and do we know that it is not right any more."""
        return not self.verified and self.sequence > 0

    @property
    def bids(self) -> list[Level]:
        """Best (highest) first. Do not change it."""
        return self._levels(Side.BUY)

    @property
    def asks(self) -> list[Level]:
        """Best (lowest) first. Do not change it."""
        return self._levels(Side.SELL)

    @property
    def best_bid(self) -> Level | None:
        """The highest bid."""
        return self.bids[0] if self._sides[Side.BUY] else None

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask."""
        return self.asks[0] if self._sides[Side.SELL] else None

    def checksum(self) -> int:
        """CRC-32 of the best levels, asks then bids."""
        return checksum(self.bids, self.asks)

    def asked(self, now_ns: int) -> None:
        """A subscription was sent: a snapshot is to come."""
        self._asked_ns, self._heals_until_ns = now_ns, None

    def snapshot(self, page: BookSnapshot, now_ns: int) -> None:
        """One page. With the last one of its sequence the book is replaced."""
        if page.sequence < self.sequence or (page.sequence == self.sequence and self.verified):
            return
        if self._pages and next(iter(self._pages.values())).sequence != page.sequence:
            if next(iter(self._pages.values())).sequence > page.sequence:
                return
            self._pages.clear()
        self._pages[page.page] = page
        if len(self._pages) < page.pages:
            return
        levels = [level for number in sorted(self._pages) for level in self._pages[number].levels]
        self._pages.clear()
        self._replace(levels, page, now_ns)

    def delta(self, delta: BookDelta, now_ns: int) -> None:
        """One page of a delta; applied when it is whole and fits, held while an earlier one is missing."""
        if delta.sequence <= self.sequence:
            return
        if len(self._held) >= DELTAS_HELD_MAX and delta.previous_sequence not in self._held:
            return  # far behind: the snapshot that is to come makes it needless
        self._held.setdefault(delta.previous_sequence, {})[delta.page] = delta
        self._apply_held(now_ns)

    def show(self, levels: Iterable[Level], *, sequence: int, time_ns: int, verified: bool) -> None:
        """A whole book from elsewhere, whatever stood here before; also an older one."""
        self._fill(levels)
        self.sequence, self.time_ns, self.verified = sequence, time_ns, verified
        self.tell()

    def head(self, sequence: int, now_ns: int) -> None:
        """The server says what it sent last."""
        if sequence <= self.sequence:
            self._behind_since_ns = None
        elif self._behind_since_ns is None:
            self._behind_since_ns = now_ns

    def lost(self) -> None:
        """The session is gone: what follows will not chain to what we have."""
        self._held.clear()
        self._pages.clear()
        self._mark_gap(None)

    def wants_snapshot(self, now_ns: int) -> bool:
        """Mark gaps whose time has come; is it time to subscribe (again)."""
        if self.verified:
            if self._is_over(self._hole_since_ns, REORDER_WAIT_NS, now_ns) or self._is_over(
                self._behind_since_ns, HEAD_WAIT_NS, now_ns
            ):
                self._mark_gap(now_ns)
            return False
        if self._heals_until_ns is not None and now_ns < self._heals_until_ns:
            return False
        return self._asked_ns is None or self._is_over(self._asked_ns, SNAPSHOT_WAIT_NS, now_ns)

    def next_timer_ns(self) -> int | None:
        """When `wants_snapshot` may say something new."""
        timers = []
        if self.verified:
            if self._hole_since_ns is not None:
                timers.append(self._hole_since_ns + REORDER_WAIT_NS)
            if self._behind_since_ns is not None:
                timers.append(self._behind_since_ns + HEAD_WAIT_NS)
        elif self._asked_ns is not None:
            timers.append(self._asked_ns + SNAPSHOT_WAIT_NS)
        else:
            timers.append(self._heals_until_ns or 0)
        return min(timers, default=None)

    @staticmethod
    def _is_over(since_ns: int | None, wait_ns: int, now_ns: int) -> bool:
        return since_ns is not None and now_ns >= since_ns + wait_ns

    def _replace(self, levels: list[Level], page: BookSnapshot, now_ns: int) -> None:
        self._fill(levels)
        self.sequence, self.time_ns = page.sequence, page.time_ns
        self._settle(page.checksum)
        self._apply_held(now_ns)
        self.tell()

    def _fill(self, levels: Iterable[Level]) -> None:
        for side, rows in self._sides.items():
            rows.clear()
            self._sorted[side] = None
        for level in levels:
            self._sides[level.side][level.price] = level

    def _apply_held(self, now_ns: int) -> None:
        applied = False
        for previous in [held for held in self._held if held < self.sequence]:
            if next(iter(self._held[previous].values())).sequence <= self.sequence:
                del self._held[previous]
        while self.sequence and (pages := self._held.get(self.sequence)):
            any_page = next(iter(pages.values()))
            if len(pages) < max(1, any_page.pages):
                break
            del self._held[self.sequence]
            self._apply(pages)
            applied = True
        if not self._held:
            self._hole_since_ns = None
        elif self._hole_since_ns is None or applied:
            self._hole_since_ns = now_ns
        if applied:
            self.tell()

    def _apply(self, pages: dict[int, BookDelta]) -> None:
        for number in sorted(pages):
            for level in pages[number].levels:
                rows = self._sides[level.side]
                if level.quantity:
                    rows[level.price] = level
                else:
                    rows.pop(level.price, None)
                self._sorted[level.side] = None
        last = pages[max(pages)]
        self.sequence, self.time_ns = last.sequence, last.time_ns
        self._behind_since_ns = None
        self._trim()
        self._settle(last.checksum)

    def _trim(self) -> None:
        """Levels that fell out of the channel's depth are not kept up to date, so they are not kept."""
        for side, rows in self._sides.items():
            if len(rows) > self.depth:
                for level in self._levels(Side(side))[self.depth :]:
                    del rows[level.price]
                self._sorted[side] = None

    def _settle(self, expected: int) -> None:
        if self.checksum() == expected:
            self.verified = True
            self._asked_ns = self._heals_until_ns = None
        else:
            self._mark_gap(None)

    def _mark_gap(self, now_ns: int | None) -> None:
        """From now on the book counts as wrong. With a time: what is missing may still come of itself."""
        self._hole_since_ns = self._behind_since_ns = self._asked_ns = None
        self._heals_until_ns = None if now_ns is None else now_ns + HEAL_WAIT_NS
        if self.verified:
            self.verified = False
            self.gaps += 1
            self.tell()

    def _levels(self, side: Side) -> list[Level]:
        levels = self._sorted[side]
        if levels is None:
            rows = self._sides[side]
            levels = [rows[price] for price in sorted(rows, reverse=side is Side.BUY)]
            self._sorted[side] = levels
        return levels


def checksum(bids: list[Level], asks: list[Level]) -> int:
    """CRC-32 of the best 25 levels a side as packed LevelS, asks then bids, best first."""
    pack = _LEVEL.pack
    return zlib.crc32(
        b"".join(
            pack(level.price, level.quantity, level.orders, level.side)
            for level in (*asks[:CHECKED_LEVELS], *bids[:CHECKED_LEVELS])
        )
    )
