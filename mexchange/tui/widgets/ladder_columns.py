"""How wide a ladder's columns are, and which are left out where there is little room."""

from enum import Enum
from typing import NamedTuple

OWN_MIN, OWN_MAX = 6, 9
BAR_MIN, BAR_WITH_CUM_MIN, BAR_MAX = 4, 8, 12
SIZE_MIN = 4


class Column(Enum):
    """Part of a row."""

    OWN = "own"
    SIZE = "size"
    CUM = "cum"
    PRICE = "price"
    BAR = "depth"


class Columns(NamedTuple):
    """Widths in cells, 0: left out.

    cursor own ' ' size ' ' cum ' ' price, a cell that marks the last price, bar, ' '
    """

    width: int
    own: int = 0
    size: int = 0
    cum: int = 0
    price: int = 0
    bar: int = 0

    def at(self, x: int) -> Column:
        """Which column a cell belongs to; a blank belongs to the column before it."""
        end = 1
        for column, width in ((Column.OWN, self.own), (Column.SIZE, self.size), (Column.CUM, self.cum)):
            end += width + 1 if width else 0
            if width and x < end:
                return column
        return Column.PRICE if x <= end + self.price or not self.bar else Column.BAR


def columns_of(width: int, *, size: int, cum: int, price: int) -> Columns:
    """Columns in so many cells, for texts of these lengths. The price stays longest, then size, own, bar, cum."""
    left = max(0, width - 1)
    price = min(price, left)
    left -= price
    size = min(size, left - 1) if left > SIZE_MIN else 0
    left -= size + 1 if size else 0
    own = OWN_MIN if left > OWN_MIN else 0
    left -= own + 1 if own else 0
    if not own or left < cum + 1 + BAR_WITH_CUM_MIN + 2:
        cum = 0
    left -= cum + 1 if cum else 0
    bar = left - 2 if left - 2 >= BAR_MIN else 0
    wider = min(max(0, bar - BAR_MAX) if bar else max(0, left - 1), OWN_MAX - own) if own else 0
    return Columns(width, own + wider, size, cum, price, bar - wider if bar else 0)
