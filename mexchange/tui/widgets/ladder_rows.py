"""Which row of a ladder shows what. Integers in, plain rows out; nothing is drawn here.

    book mode   asks above, a row for the middle, bids below; prices without a level are skipped
    DOM mode    a row for each step of the price; the middle stands in the last row, so that prices keep their rows

A row is a value: rows that are equal look the same, so a widget redraws those that differ.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from mexchange.domain.order import Side
from mexchange.tui.widgets.grouping import OwnGroup, in_steps, own_in_steps
from mexchange.tui.widgets.ladder_data import LadderData


class Kind(IntEnum):
    """What a row is."""

    BLANK = 0
    """Nothing can stand here."""
    ASK = 1
    BID = 2
    EMPTY = 3
    """A price without a level."""
    BEYOND = 4
    """A price farther away than the book reaches: what is there is not known."""
    MIDDLE = 5


class Row(NamedTuple):
    """One row. Prices in ticks, sizes in lots."""

    kind: Kind = Kind.BLANK
    side: int = 0
    """Where an order at this price rests, 0 in rows without a price."""
    price: int = 0
    size: int = 0
    cum: int = 0
    """From the best level to here."""
    own: OwnGroup | None = None
    is_last: bool = False
    """The last trade was at this price."""


BLANK = Row()
MIDDLE = Row(Kind.MIDDLE)


@dataclass
class Sides:
    """A book in steps: (price, size), best first."""

    bids: Sequence[tuple[int, int]]
    asks: Sequence[tuple[int, int]]
    own: dict[tuple[int, int], OwnGroup]

    @property
    def crossed(self) -> bool:
        """Bids reach asks: in an auction, or for the moment of a grouping."""
        return bool(self.bids and self.asks) and self.bids[0][0] >= self.asks[0][0]

    @cached_property
    def best(self) -> tuple[int, int]:
        """The best bid and ask, own orders that are no level yet among them; 0: none."""
        bids = [price for side, price in self.own if side == Side.BUY] + [price for price, _ in self.bids[:1]]
        asks = [price for side, price in self.own if side == Side.SELL] + [price for price, _ in self.asks[:1]]
        return max(bids, default=0), min(asks, default=0)

    @property
    def centre(self) -> int:
        """Around which price the book lies, in ticks; 0 if it is empty."""
        if self.bids and self.asks:
            return (self.bids[0][0] + self.asks[0][0]) // 2
        best = self.bids or self.asks
        return best[0][0] if best else 0


def sides_of(data: LadderData) -> Sides:
    """The book in the steps asked for."""
    group = max(1, data.group_ticks)
    return Sides(
        in_steps(data.bids, Side.BUY, group, data.depth),
        in_steps(data.asks, Side.SELL, group, data.depth),
        own_in_steps(data.own, group),
    )


@dataclass(slots=True)
class Place:
    """Where the reader looks. Without an anchor the middle of the book stays in the middle of the ladder."""

    anchor: int | None = None
    """A price that stays in its row."""
    row: int = 0
    """Its row; may lie outside of the ladder."""
    top: int = 0
    """DOM mode without an anchor: the price of the first row, kept while the middle moves by a row."""


def book_rows(sides: Sides, data: LadderData, height: int, place: Place, cursor: int | None) -> list[Row]:
    """Rows of book mode, exactly `height`. The row of the cursor exists even where there is no level."""
    asks = _with_extras(sides, Side.SELL, cursor)
    bids = _with_extras(sides, Side.BUY, cursor)
    first = _first(asks, bids, height, place)
    middle = len(asks) - first
    """The row of the middle; may lie outside."""
    shown_asks = _level_rows(asks, max(0, middle - height), middle - max(0, -first), Side.SELL, sides, data)
    shown_bids = _level_rows(bids, max(0, -middle - 1), max(0, height - middle - 1), Side.BUY, sides, data)
    rows = [BLANK] * max(0, min(height, -first))
    rows += reversed(shown_asks)
    rows += [MIDDLE] if 0 <= middle < height else []
    rows += shown_bids
    return rows + [BLANK] * (height - len(rows))


def dom_rows(sides: Sides, data: LadderData, height: int, place: Place) -> list[Row]:
    """Rows of DOM mode, exactly `height`. Moves `place.top` along with the book if nothing is anchored."""
    group = max(1, data.group_ticks)
    _follow(sides, group, height, place)
    known: dict[int, Row] = {}
    for side, levels in ((Side.SELL, sides.asks), (Side.BUY, sides.bids)):
        begin, end = _between(levels, place.top - (height - 1) * group, place.top, side)
        for row in _level_rows(levels, begin, end, side, sides, data):
            known[row.price] = row
    rows: list[Row] = []
    for price in range(place.top, place.top - height * group, -group):
        rows.append(known.get(price) or (_levelless(sides, data, price) if price > 0 else BLANK))
    return rows


def _levelless(sides: Sides, data: LadderData, price: int) -> Row:
    """The row of a price where nobody rests, or where we do not know."""
    side = side_at(sides, price)
    kind = Kind.BEYOND if _is_beyond(sides, data, price, side) else Kind.EMPTY
    return Row(kind, side, price, own=sides.own.get((side, price)), is_last=_is_last(data, price))


def side_at(sides: Sides, price: int) -> Side:
    """Where an order at this price would rest, were it placed by somebody who wants it to."""
    bid, ask = sides.best
    if ask and price >= ask:
        return Side.SELL
    if bid and price <= bid:
        return Side.BUY
    if bid and ask:
        return Side.SELL if 2 * price > bid + ask else Side.BUY
    return Side.SELL if bid else Side.BUY


def _with_extras(sides: Sides, side: Side, cursor: int | None) -> Sequence[tuple[int, int]]:
    """The levels of a side, and rows of size 0 for what must be seen without being a level."""
    levels = sides.asks if side is Side.SELL else sides.bids
    extras = {price for own_side, price in sides.own if own_side == side}
    if cursor is not None and cursor > 0 and side_at(sides, cursor) is side:
        extras.add(cursor)
    if extras:
        extras.difference_update([price for price, _ in levels])
    if not extras:
        return levels
    return sorted([*levels, *((price, 0) for price in extras)], reverse=side is Side.BUY)


def _first(asks: Sequence[tuple[int, int]], bids: Sequence[tuple[int, int]], height: int, place: Place) -> int:
    """Which of asks (farthest first), middle, bids stands in row 0; negative: rows above are blank."""
    if place.anchor is None:
        return len(asks) - height // 2
    above = sum(1 for price, _ in asks if price > place.anchor)
    if above == len(asks):
        bids_above = sum(1 for price, _ in bids if price > place.anchor)
        if bids_above or (bids and bids[0][0] == place.anchor):
            above += 1 + bids_above
    return above - place.row


def _level_rows(
    levels: Sequence[tuple[int, int]], begin: int, end: int, side: Side, sides: Sides, data: LadderData
) -> list[Row]:
    """Rows of levels[begin:end], best first."""
    cum = sum(size for _, size in levels[:begin])
    rows = []
    for price, size in levels[begin : max(begin, end)]:
        cum += size
        kind = (Kind.ASK if side is Side.SELL else Kind.BID) if size else Kind.EMPTY
        rows.append(
            Row(kind, side, price, size, cum if size else 0, sides.own.get((side, price)), _is_last(data, price))
        )
    return rows


def _between(levels: Sequence[tuple[int, int]], low: int, high: int, side: Side) -> tuple[int, int]:
    """Where the levels with low <= price <= high begin and end."""
    if side is Side.SELL:
        return bisect_left(levels, low, key=_price), bisect_right(levels, high, key=_price)
    return bisect_left(levels, -high, key=_price_down), bisect_right(levels, -low, key=_price_down)


def _price(level: tuple[int, int]) -> int:
    return level[0]


def _price_down(level: tuple[int, int]) -> int:
    return -level[0]


def _follow(sides: Sides, group: int, height: int, place: Place) -> None:
    if place.anchor is not None:
        place.top = place.anchor // group * group + place.row * group
        return
    if not sides.centre:
        return
    wanted = sides.centre // group * group + height // 2 * group
    if abs(place.top - wanted) > group or place.top % group:
        place.top = wanted


def _is_beyond(sides: Sides, data: LadderData, price: int, side: Side) -> bool:
    levels = sides.asks if side is Side.SELL else sides.bids
    cut = data.depth and len(data.asks if side is Side.SELL else data.bids) >= data.depth
    return bool(cut and levels) and (price > levels[-1][0] if side is Side.SELL else price < levels[-1][0])


def _is_last(data: LadderData, price: int) -> bool:
    return price == data.last_price and data.group_ticks == 1
