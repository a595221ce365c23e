"""How wide a ladder's columns are, and which are left out where there is little room."""

from enum import Enum
from typing import NamedTuple

OWN_MIN, OWN_MAX = 5, 9
BAR_MIN, BAR_MAX = 4, 24
SIZE_MIN = 4


class Column(Enum):
    """Part of a row."""

    OWN = "own"
    SIZE = "size"
    CUM = "cum"
    PRICE = "price"
    BAR = "depth"


class Columns(NamedTuple):
    """Widths in cells, 0: left out. One cell for the cursor comes first, and one blank before each but the first."""

    width: int
    own: int = 0
    size: int = 0
    cum: int = 0
    price: int = 0
    bar: int = 0

    @property
    def price_begin(self) -> int:
        """The column where the price begins."""
        return 1 + sum(each + 1 for each in (self.own, self.size, self.cum) if each)

    def at(self, x: int) -> Column:
        """Which column a cell belongs to; blanks belong to the column after them."""
        end = 1
        for column, width in zip(Column, self[1:5], strict=False):
            end += width + 1 if width else 0
            if width and x < end - (column is not Column.PRICE):
                return column
        return Column.BAR if self.bar else Column.PRICE


def columns_of(width: int, *, size: int, cum: int, price: int) -> Columns:
    """Columns in so many cells, for texts of these lengths. The price stays longest, then size, own, bar, cum."""
    left = max(0, width - 1)
    price = min(price, left)
    left -= price
    size = min(size, left - 1) if left > SIZE_MIN else 0
    left -= size + 1 if size else 0
    own = OWN_MIN if left > OWN_MIN else 0
    left -= own + 1 if own else 0
    if not own or left <= cum + 1 + BAR_MIN + 1:
        cum = 0
    left -= cum + 1 if cum else 0
    bar = min(left - 2, BAR_MAX) if left - 2 >= BAR_MIN else 0
    left -= bar + 2 if bar else 0
    if own:
        wider = min(left, OWN_MAX - own)
        own, left = own + wider, left - wider
    if bar:
        bar, left = bar + left, 0
    return Columns(width, own, size, cum, price, bar)
