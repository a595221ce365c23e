"""How much could be traded within so many percent of the middle, as rows of a chart. Integers only."""

from collections.abc import Sequence
from typing import NamedTuple

from mexchange.codec.messages import Level
from mexchange.domain.order import Side
from mexchange.domain.units import div_ceil, div_floor

BASIS = 10_000
STEPS_BP = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
"""Ranges that a reader may choose from, in basis points."""


class DepthRow(NamedTuple):
    """All orders of a side from its best price to this one."""

    side: Side
    price: int
    """Ticks."""
    cum: int
    """Lots."""
    is_whole: bool
    """False: the book that we have does not reach this price, there may be more."""


def depth_rows(
    bids: Sequence[Level], asks: Sequence[Level], *, rows: int, range_bp: int, depth: int = 0
) -> tuple[list[DepthRow], list[DepthRow]]:
    """So many rows of bids and of asks, nearest to the middle first; none for a side without a middle to measure from.

    Row i of n reaches i/n of the range, rounded away from the middle to a tick. `depth`: at how many levels the book
    is cut off, 0 if it is whole.
    """
    if not bids or not asks or rows <= 0:
        return [], []
    doubled = bids[0].price + asks[0].price
    return (
        _side(bids, Side.BUY, doubled, rows, range_bp, depth),
        _side(asks, Side.SELL, doubled, rows, range_bp, depth),
    )


def range_for(bids: Sequence[Level], asks: Sequence[Level], old_bp: int) -> int:
    """The range that shows the whole book and not much more; the old one stays while it is not far off."""
    if not bids or not asks:
        return old_bp or STEPS_BP[-1]
    doubled = bids[0].price + asks[0].price
    farthest = max(doubled - 2 * bids[-1].price, 2 * asks[-1].price - doubled)
    reach_bp = div_ceil(farthest * BASIS, doubled)
    if reach_bp <= old_bp <= 5 * reach_bp:
        return old_bp
    return next((step for step in STEPS_BP if step >= reach_bp), STEPS_BP[-1])


def _side(levels: Sequence[Level], side: Side, doubled: int, rows: int, range_bp: int, depth: int) -> list[DepthRow]:
    found: list[DepthRow] = []
    cut = bool(depth) and len(levels) >= depth
    index = cum = 0
    sign = 1 if side is Side.SELL else -1
    for row in range(1, rows + 1):
        numerator = doubled * (BASIS * rows + sign * range_bp * row)
        divide = div_ceil if side is Side.SELL else div_floor
        price = divide(numerator, 2 * BASIS * rows)
        while index < len(levels) and sign * levels[index].price <= sign * price:
            cum += levels[index].quantity
            index += 1
        found.append(DepthRow(side, max(0, price), cum, not (cut and index == len(levels))))
    return found
