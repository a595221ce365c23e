"""Sizes that have just changed, and for how long it is to be seen."""

from collections.abc import Callable, Iterable
from typing import Final

from mexchange.tui.widgets.ladder_rows import Row

FLASH_NS: Final = 300_000_000


class Flashes:
    """By side and price. `clock_ns`: monotonic."""

    def __init__(self, clock_ns: Callable[[], int]) -> None:
        self._clock_ns = clock_ns
        self._until_ns: dict[tuple[int, int], int] = {}

    def __contains__(self, row: Row) -> bool:
        return (row.side, row.price) in self._until_ns

    def look(self, rows: Iterable[Row], before: Iterable[Row], *, motion: bool) -> None:
        """Flash where a size is another one than before, and let what has flashed long enough be."""
        now_ns = self._clock_ns()
        self._until_ns = {key: until_ns for key, until_ns in self._until_ns.items() if until_ns > now_ns}
        if not motion:
            return
        sizes = {(row.side, row.price): row.size for row in before}
        for row in rows:
            key = (row.side, row.price)
            if row.size and sizes.get(key, row.size) != row.size:
                self._until_ns[key] = now_ns + FLASH_NS

    def forget(self) -> None:
        """They belong to another book."""
        self._until_ns.clear()

    @property
    def next_end_s(self) -> float | None:
        """Until the first of them is over, never below 0: a timer would not come back. None: nothing flashes."""
        return max(0, min(self._until_ns.values()) - self._clock_ns()) / 1e9 if self._until_ns else None
