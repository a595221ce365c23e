"""A table before it is drawn: columns, rows and cells; what of them there is room for, in which order, and as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

_GAP: Final = 2
"""Cells between two columns."""
_MARK: Final = "▲"
"""Behind the name of the column by which rows are sorted."""


class Column(msgspec.Struct, frozen=True):
    """`width`: cells at most. `rank`: the columns of the highest numbers go first where there is no room; 0 stays."""

    name: str
    width: int
    right: bool = False
    rank: int = 0


class Cell(msgspec.Struct, frozen=True):
    """What is shown, and by what it is sorted. `ink` names a colour of the theme."""

    text: str
    value: int | str = 0
    ink: str = ""
    struck: bool = False
    faint: bool = False

    @property
    def plain(self) -> str:
        """For files: without separators of thousands."""
        return self.text.replace(",", "") if isinstance(self.value, int) else self.text


class Row(msgspec.Struct, frozen=True):
    """A line, the same one as long as its key is the same. A cell for each column, shown or not."""

    key: str
    cells: tuple[Cell, ...]


class SortOrder(NamedTuple):
    """By which column rows are sorted."""

    column: str
    is_falling: bool = False


def turned(order: SortOrder | None, column: str) -> SortOrder | None:
    """After a press on a column: by it; again: the other way round; a third time: as the rows came."""
    if order == SortOrder(column, is_falling=True):
        return None
    return SortOrder(column, is_falling=order == SortOrder(column))


def in_order(rows: list[Row], columns: Sequence[Column], order: SortOrder | None) -> list[Row]:
    """Sorted by the values of a column, numbers before words."""
    if order is None:
        return rows
    place = next(place for place, column in enumerate(columns) if column.name == order.column)
    return sorted(rows, key=lambda row: _rank(row.cells[place].value), reverse=order.is_falling)


def grown(columns: Sequence[Column], before: Sequence[Column], rows: Iterable[Row]) -> tuple[Column, ...]:
    """As wide as their names and cells, and no narrower than before: nothing moves to and fro while numbers change.

    `columns` are as wide as they may become, `before` as they were drawn last, if they were.
    """
    widths = [each.width for each in before] or [len(each.name) + len(_MARK) for each in columns]
    for row in rows:
        widths = [max(width, len(cell.text)) for width, cell in zip(widths, row.cells, strict=True)]
    return tuple(
        msgspec.structs.replace(column, width=min(width, column.width))
        for column, width in zip(columns, widths, strict=True)
    )


def fitting(columns: Iterable[Column], room: int) -> tuple[Column, ...]:
    """Those that there is room for, in cells: rank by rank they go."""
    kept = list(columns)
    for rank in sorted({column.rank for column in kept}, reverse=True):
        if rank == 0 or sum(column.width + _GAP for column in kept) <= room:
            break
        kept = [column for column in kept if column.rank != rank]
    return tuple(kept)


def kept_cells(row: Row, columns: Sequence[Column], kept: Sequence[Column]) -> Row:
    """The row with the cells of the kept columns alone."""
    pairs = zip(columns, row.cells, strict=True)
    return Row(row.key, tuple(cell for column, cell in pairs if column in kept))


def csv_text(columns: Iterable[Column], rows: Iterable[Row]) -> io.StringIO:
    """A file with all of it, to be read from its beginning."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(column.name for column in columns)
    writer.writerows([_safe(cell.plain) for cell in row.cells] for row in rows)
    text.seek(0)
    return text


def _rank(value: int | str) -> tuple[int, int, str]:
    return (0, value, "") if isinstance(value, int) else (1, 0, value)


def _safe(text: str) -> str:
    """No cell may start a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t") else text
