"""The price levels of one book as the public may see them, plain and grouped.

A level's *rank* sorts its side best first: the price of an ask, the negative price of a bid. So both sides are one
code: grouping rounds a rank up, which moves asks up and bids down, never past each other.
"""

from collections.abc import ItemsView, Mapping
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from sortedcontainers import SortedDict

from mexchange.domain.order import Side
from mexchange.domain.units import MarketId, Sequence, Ticks, TimeNs, div_ceil

BUY: Final = int(Side.BUY)
SELL: Final = int(Side.SELL)
GROUPS_PER_MARKET_MAX: Final = 16
"""Groupings of one market that are kept up to date at a time."""
CHANGED_MAX: Final = 4_096
"""Changed levels that wait for somebody to look."""
LEVELS_WALKED_MAX: Final = 20_000
"""Prices that an answer in a grouping which is not kept looks at; what may be incomplete is left out."""

LevelKey: TypeAlias = int
"""A rank."""


class Level(NamedTuple):
    """What rests at one price: lots, and the number of orders."""

    quantity: int
    orders: int


NOTHING: Final = Level(0, 0)
Window: TypeAlias = dict[LevelKey, Level]
"""The best levels of one side, by rank, best first."""


def rank_of(side: int, price: int) -> LevelKey:
    """The key that sorts `price` best first on `side`."""
    return price if side == SELL else -price


def price_of(side: int, rank: LevelKey) -> int:
    """The price in ticks of a rank."""
    return rank if side == SELL else -rank


class Ladder:
    """Both sides of a book at one grouping."""

    __slots__ = ("_asks", "_bids", "group_ticks")

    def __init__(self, group_ticks: int = 1) -> None:
        assert group_ticks > 0
        self.group_ticks = group_ticks
        self._asks: SortedDict = SortedDict()
        self._bids: SortedDict = SortedDict()

    def set(self, side: int, rank: LevelKey, level: Level) -> Level:
        """Replace a level; quantity 0 takes it away. Returns what stood there."""
        levels = self._asks if side == SELL else self._bids
        before: Level = levels.get(rank, NOTHING)
        if level.quantity:
            levels[rank] = level
        elif before.quantity:
            del levels[rank]
        return before

    def add(self, side: int, rank: LevelKey, quantity: int, orders: int) -> None:
        """Add differences to the group that holds `rank`."""
        levels = self._asks if side == SELL else self._bids
        group = div_ceil(rank, self.group_ticks) * self.group_ticks
        before: Level = levels.get(group, NOTHING)
        after = Level(before.quantity + quantity, before.orders + orders)
        assert after.quantity >= 0
        if after.quantity:
            levels[group] = after
        elif before.quantity:
            del levels[group]

    def window(self, side: int, depth: int) -> Window:
        """The best `depth` levels of a side."""
        return dict(islice((self._asks if side == SELL else self._bids).items(), depth))

    def levels(self, side: int) -> ItemsView[LevelKey, Level]:
        """All levels of a side, best first."""
        items: ItemsView[LevelKey, Level] = (self._asks if side == SELL else self._bids).items()
        return items

    def best(self, side: int) -> Ticks:
        """The best price, or 0."""
        levels = self._asks if side == SELL else self._bids
        return Ticks(price_of(side, levels.peekitem(0)[0]) if levels else 0)


class Book:
    """The ladders of one market: the plain one, and those of the groupings that somebody looks at."""

    __slots__ = ("_changed", "_grouped", "_plain", "market", "sequence", "time_ns")

    def __init__(self, market: int) -> None:
        self.market = MarketId(market)
        self.sequence = Sequence(0)
        """Of the last command that touched the book."""
        self.time_ns = TimeNs(0)
        self._plain = Ladder()
        self._grouped: dict[int, Ladder] = {}
        self._changed: dict[tuple[int, int], tuple[int, int]] = {}
        """(side, price) → (quantity, orders) since somebody looked: most levels change more often than that."""

    def set_levels(self, levels: Mapping[tuple[int, int], tuple[int, int]]) -> None:
        """Take over absolute levels of the engine: (side, price) → (quantity, orders)."""
        self._changed.update(levels)
        if len(self._changed) >= CHANGED_MAX:
            self._settle()

    def clear(self) -> None:
        """Forget all levels. Nobody looks at a grouping."""
        assert not self._grouped
        self._plain = Ladder()
        self._changed.clear()

    def best(self, side: int) -> Ticks:
        """The best price, or 0."""
        self._settle()
        return self._plain.best(side)

    def may_group(self, group_ticks: int) -> bool:
        """Is there room for this grouping."""
        return group_ticks == 1 or group_ticks in self._grouped or len(self._grouped) < GROUPS_PER_MARKET_MAX

    def keep(self, group_ticks: int) -> None:
        """Keep a grouping up to date from now on until `forget`. `may_group` was asked before."""
        if group_ticks != 1 and group_ticks not in self._grouped:
            assert self.may_group(group_ticks)
            self._settle()
            self._grouped[group_ticks] = self._group(group_ticks)

    def window(self, side: int, depth: int, group_ticks: int) -> Window:
        """The best levels of a side in any grouping: fewer than `depth` if LEVELS_WALKED_MAX prices make fewer."""
        self._settle()
        kept = self._plain if group_ticks == 1 else self._grouped.get(group_ticks)
        if kept is not None:
            return kept.window(side, depth)
        groups: Window = {}
        walked = 0
        for rank, level in islice(self._plain.levels(side), LEVELS_WALKED_MAX):
            group = div_ceil(rank, group_ticks) * group_ticks
            if group not in groups and len(groups) == depth:
                return groups
            before = groups.get(group, NOTHING)
            groups[group] = Level(before.quantity + level.quantity, before.orders + level.orders)
            walked += 1
        if walked == LEVELS_WALKED_MAX:
            groups.popitem()
        return groups

    def forget(self, group_ticks: int) -> None:
        """Nobody looks at this grouping any more."""
        self._grouped.pop(group_ticks, None)

    def _settle(self) -> None:
        for (side, price), (quantity, orders) in self._changed.items():
            rank = rank_of(side, price)
            before = self._plain.set(side, rank, Level(quantity, orders))
            for ladder in self._grouped.values():
                ladder.add(side, rank, quantity - before.quantity, orders - before.orders)
        self._changed.clear()

    def _group(self, group_ticks: int) -> Ladder:
        ladder = Ladder(group_ticks)
        for side in (BUY, SELL):
            for rank, level in self._plain.levels(side):
                ladder.add(side, rank, *level)
        return ladder
