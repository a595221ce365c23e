"""Levels and own orders in steps of several ticks, with the rounding of the exchange: bids down, asks up."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mexchange.codec.messages import Level
from mexchange.domain.order import Side
from mexchange.domain.units import div_ceil, div_floor
from mexchange.tui.widgets.ladder_data import OwnAt

GROUPS: Final = tuple(factor * power for power in (1, 10, 100, 1_000, 10_000, 100_000) for factor in (1, 2, 5))
"""In ticks."""


class OwnGroup(NamedTuple):
    """Own orders in one step."""

    size: int
    ahead: int | None
    """Only where they stand at one price."""
    prices: tuple[int, ...]
    """The exact ones, best first."""


def step_of(price: int, side: int, group_ticks: int) -> int:
    """The price of the step that holds this one."""
    rounded = div_floor if side == Side.BUY else div_ceil
    return rounded(price, group_ticks) * group_ticks


def in_steps(levels: Sequence[Level], side: Side, group_ticks: int, depth: int) -> Sequence[tuple[int, int]]:
    """(price, size) in steps, best first.

    Of a book that is cut off at `depth` levels, the last step is left out when it had to be summed up here: levels that
    belong to it may be missing. 0: the book is whole.
    """
    if all(level.price % group_ticks == 0 for level in levels):
        return [(level.price, level.quantity) for level in levels]
    sums: dict[int, int] = {}
    for level in levels:
        price = step_of(level.price, side, group_ticks)
        sums[price] = sums.get(price, 0) + level.quantity
    if depth and len(levels) >= depth:
        sums.popitem()
    return list(sums.items())


def own_in_steps(own: Mapping[tuple[Side, int], OwnAt], group_ticks: int) -> dict[tuple[int, int], OwnGroup]:
    """By side and price of the step."""
    groups: dict[tuple[int, int], OwnGroup] = {}
    for (side, price), at in sorted(own.items(), reverse=True):
        key = (int(side), step_of(price, side, group_ticks))
        before = groups.get(key)
        if before is None:
            groups[key] = OwnGroup(at.size, at.ahead, (price,))
        else:
            prices = (*before.prices, price) if side is Side.BUY else (price, *before.prices)
            groups[key] = OwnGroup(before.size + at.size, None, prices)
    return groups


def next_group(group_ticks: int, step: int = 1) -> int:
    """The next of 1, 2, 5, 10, 20, 50 … ticks, or the one before."""
    if step > 0:
        return next((each for each in GROUPS if each > group_ticks), GROUPS[0])
    return next((each for each in reversed(GROUPS) if each < group_ticks), GROUPS[0])
