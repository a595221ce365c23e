"""The fills of whoever made a recording, the last ones, each once."""

from collections.abc import Iterable, Sequence
from typing import Final

from mexchange.codec import encode
from mexchange.codec.messages import Fill, FillsPage

FILLS_KEPT: Final = 500
"""The newest: what a place in a recording can show."""
FILLS_PER_BLOCK: Final = 200


class OwnFills:
    """In the order in which they were told; none of nobody."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int, int], Fill] = {}

    @property
    def rows(self) -> Sequence[Fill]:
        """Oldest first."""
        return tuple(self._rows.values())

    def __contains__(self, fill: Fill) -> bool:
        return _key(fill) in self._rows

    def apply(self, page: FillsPage) -> None:
        """The next ones, oldest first; those that were here already are passed over."""
        for fill in page.rows:
            self._rows.setdefault(_key(fill), fill)
        for key in [*self._rows][:-FILLS_KEPT]:
            del self._rows[key]

    def blocks(self) -> list[bytes]:
        """What gives these to whoever had none."""
        return fill_pages(self.rows)


def fill_pages(rows: Sequence[Fill]) -> list[bytes]:
    """Blocks that tell of these fills, oldest first."""
    starts = range(0, len(rows), FILLS_PER_BLOCK)
    return [encode(FillsPage(rows=list(rows[start : start + FILLS_PER_BLOCK]))) for start in starts]


def oldest_first(rows: Iterable[Fill]) -> list[Fill]:
    """By time, and within one by the trade."""
    return sorted(rows, key=lambda fill: (fill.time_ns, fill.trade_id, fill.order_id))


def _key(fill: Fill) -> tuple[int, int, int]:
    """An order that trades with its own has two of one trade."""
    return (fill.market, fill.trade_id, fill.order_id)
