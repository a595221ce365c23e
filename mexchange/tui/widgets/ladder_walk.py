"""Where the cursor of a ladder comes to when it goes so many rows. Prices in ticks; the lowest row is the last."""

from typing import Final

from mexchange.tui.widgets.ladder_rows import Sides

FARTHEST: Final = 10**6
"""Rows from one end to the other, or more."""


def price_after(sides: Sides, cursor: int | None, rows: int, *, group: int, is_dom: bool) -> int | None:
    """From the cursor, or from the middle while there is none, `rows` down; None: there is no price to go to."""
    if is_dom and not sides.crossed:
        return _price_by_steps(sides, cursor, rows, group)
    return _price_by_levels(sides, cursor, rows)


def _price_by_steps(sides: Sides, cursor: int | None, rows: int, group: int) -> int | None:
    start = cursor if cursor is not None else sides.centre // group * group
    if abs(rows) >= FARTHEST:
        edge = sides.asks[-1:] if rows < 0 else sides.bids[-1:]
        return edge[0][0] if edge else start or None
    return max(group, start - rows * group) if start else None


def _price_by_levels(sides: Sides, cursor: int | None, rows: int) -> int | None:
    """The cursor may stand where there is no level; the first step then leads to the nearest one."""
    prices = [price for price, _ in reversed(sides.asks)] + [price for price, _ in sides.bids]
    if not prices:
        return None
    if cursor is None:
        index = len(sides.asks) + (rows if rows < 0 else rows - 1)
    else:
        above = sum(1 for price in prices if price > cursor)
        index = above + (rows if cursor in prices or rows < 0 else rows - 1)
    return prices[max(0, min(len(prices) - 1, index))]
