"""A slow table: rows by key in a DataTable, sorted by a click on a header, exported as CSV.

DataTable draws all of its lines again whatever changes, so it is touched at most twice a second, and only while it can
be seen; what the user did themselves shows at once.
"""

import csv
import io
import time
from typing import ClassVar, Final

import msgspec
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.coordinate import Coordinate
from textual.geometry import Offset
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import DataTable

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.plain import narrow
from mexchange.tui.trading.dealer import Dealer

PERIOD_S: Final = 0.5
RIGHT_BUTTON: Final = 3
ROWS_MAX: Final = 500
"""Shown; the CSV file has them all."""
_CELL_MAX: Final = 60


class Column(msgspec.Struct, frozen=True):
    """`rank`: the columns of the highest numbers go first where there is no room."""

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
    """A line, the same one as long as its key is the same."""

    key: str
    cells: tuple[Cell, ...]


class Table(DataTable[Text]):
    """The right button chooses a row and asks for its menu."""

    class MenuWanted(Message):
        """At this place of the screen, for the row under the cursor."""

        def __init__(self, place: Offset) -> None:
            super().__init__()
            self.place = place

    async def _on_click(self, event: events.Click) -> None:
        if event.button != RIGHT_BUTTON:
            return  # the table's own business
        event.prevent_default()
        event.stop()
        if (row := event.style.meta.get("row", -1)) >= 0:
            self.move_cursor(row=row)
            self.post_message(self.MenuWanted(event.screen_offset))


class TablePanel(Widget):
    """Subclasses say which columns there are, and what their rows are now."""

    PARTS: ClassVar[Part] = Part.NOTHING
    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    NAME: ClassVar[str] = "table"
    EMPTY: ClassVar[str] = ""
    """Said when there is nothing."""
    DEFAULT_CSS = """
    TablePanel { layout: vertical; }
    TablePanel DataTable { height: 1fr; background: $background; scrollbar-size-horizontal: 0; }
    TablePanel DataTable:focus { background-tint: $foreground 0%; }
    TablePanel DataTable > .datatable--header { background: $background; color: $muted; text-style: none; }
    TablePanel DataTable > .datatable--cursor { background: $panel; color: $foreground; }
    TablePanel DataTable:focus > .datatable--cursor { background: $primary 25%; color: $foreground; }
    TablePanel DataTable > .datatable--hover { background: $panel; }
    TablePanel > .empty { display: none; color: $muted; padding: 0 1; }
    TablePanel.-empty > .empty { display: block; }
    TablePanel.-empty > DataTable { height: 1; }
    """

    def __init__(self, dealer: Dealer) -> None:
        super().__init__()
        self.dealer = dealer
        self._desk: Desk | None = None
        self._rows: list[Row] = []
        self._drawn: dict[str, tuple[Cell, ...]] = {}
        self._columns: tuple[Column, ...] = ()
        self._sorted_by: tuple[str, bool] | None = None
        self._painted_s = float("-inf")
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The table, and what is said instead of it."""
        yield Table(cursor_type="row", cursor_foreground_priority="renderable", cell_padding=1)
        yield Empty(self.EMPTY, classes="empty")

    @property
    def table(self) -> DataTable[Text]:
        """The one there is."""
        return self.query_one(DataTable)

    # For subclasses.

    def rows(self, desk: Desk) -> list[Row]:
        """What there is, in the usual order."""
        raise NotImplementedError

    def present_rows(self) -> list[Row] | None:
        """None: nothing to show them of."""
        return self.rows(self._desk) if self._desk is not None else None

    # What the screen calls.

    def heading(self) -> str:
        """What keys do here."""
        return ""

    def paint(self, desk: Desk, parts: Part) -> None:
        """Something changed: now, or when the half second is over."""
        self._desk = desk
        wait_s = self._painted_s + PERIOD_S - time.monotonic()
        if wait_s <= 0:
            self.paint_now()
        elif self._timer is None:
            self._timer = self.set_timer(wait_s, self.paint_now)

    def paint_now(self) -> None:
        """Show the rows as they are."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        rows = self.present_rows() if self.is_mounted else None
        if rows is None:
            return
        self._painted_s = time.monotonic()
        self._fit_columns()
        self._rows = self._sorted(rows)
        self.set_class(not self._rows, "-empty")
        self._draw([self._kept(row) for row in self._rows[:ROWS_MAX]])

    # Cursor.

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor."""
        table = self.table
        if not self._drawn or not 0 <= table.cursor_row < len(self._drawn):
            return None
        return list(self._drawn)[table.cursor_row]

    def action_cursor(self, direction: str) -> None:
        """h j k l."""
        getattr(self.table, f"action_cursor_{direction}")()

    # Sorting and files.

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """By this column; again: the other way round; a third time: as it was."""
        event.stop()
        name = str(event.column_key.value)
        if self._sorted_by == (name, True):
            self._sorted_by = None
        else:
            self._sorted_by = (name, self._sorted_by == (name, False))
        self._columns = ()
        self.paint_now()

    def action_export(self) -> None:
        """A CSV file with all rows and columns."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(column.name for column in self.COLUMNS)
        writer.writerows([_safe(cell.plain) for cell in row.cells] for row in self._rows)
        text.seek(0)
        self.app.deliver_text(text, save_filename=f"{self.NAME}.csv", mime_type="text/csv")

    # Drawing.

    def _fit_columns(self) -> None:
        columns, room = list(self.COLUMNS), self.size.width
        for rank in sorted({column.rank for column in columns}, reverse=True):
            if rank == 0 or sum(column.width + 2 for column in columns) <= room:
                break
            columns = [column for column in columns if column.rank != rank]
        if tuple(columns) == self._columns:
            return
        self._columns, self._drawn = tuple(columns), {}
        table = self.table
        table.clear(columns=True)
        for column in columns:
            mark = ""
            if self._sorted_by is not None and self._sorted_by[0] == column.name:
                mark = self.dealer.shell.look.glyphs.down if self._sorted_by[1] else self.dealer.shell.look.glyphs.up
            label = Text(column.name + mark, justify="right" if column.right else "left")
            table.add_column(label, key=column.name, width=column.width)

    def _sorted(self, rows: list[Row]) -> list[Row]:
        if self._sorted_by is None:
            return rows
        name, is_falling = self._sorted_by
        place = next(place for place, column in enumerate(self.COLUMNS) if column.name == name)
        return sorted(rows, key=lambda row: _rank(row.cells[place].value), reverse=is_falling)

    def _kept(self, row: Row) -> Row:
        """With the cells of the columns that are shown."""
        pairs = zip(self.COLUMNS, row.cells, strict=True)
        return Row(row.key, tuple(cell for column, cell in pairs if column in self._columns))

    def _draw(self, rows: list[Row]) -> None:
        table = self.table
        if [row.key for row in rows] != list(self._drawn):
            self._draw_anew(rows)
            return
        for y, row in enumerate(rows):
            for x, (cell, before) in enumerate(zip(row.cells, self._drawn[row.key], strict=True)):
                if cell != before:
                    table.update_cell_at(Coordinate(y, x), self._text(cell, self._columns[x]))
            self._drawn[row.key] = row.cells

    def _draw_anew(self, rows: list[Row]) -> None:
        table, chosen, scroll = self.table, self.chosen, self.table.scroll_offset
        at = table.cursor_row
        table.clear()
        for row in rows:
            table.add_row(*(self._text(cell, self._columns[x]) for x, cell in enumerate(row.cells)), key=row.key)
        self._drawn = {row.key: row.cells for row in rows}
        keys = list(self._drawn)
        if keys:
            table.move_cursor(row=keys.index(chosen) if chosen in self._drawn else min(max(at, 0), len(keys) - 1))
        table.scroll_to(scroll.x, scroll.y, animate=False)

    def _text(self, cell: Cell, column: Column) -> Text:
        style = self.app.theme_variables.get(cell.ink, "") if cell.ink else ""
        text = Text(narrow(cell.text, _CELL_MAX), style=style, justify="right" if column.right else "left")
        if len(text) > column.width:
            text.truncate(column.width)
            text.right_crop(1)
            text.append(self.dealer.shell.look.glyphs.ellipsis)
        if cell.struck:
            text.stylize("strike")
        if cell.faint:
            text.stylize("dim")
        return text


class Listing(TablePanel):
    """Rows that somebody else has fetched."""

    def __init__(self, dealer: Dealer) -> None:
        super().__init__(dealer)
        self._given: list[Row] | None = None

    def give(self, rows: list[Row]) -> None:
        """Show these."""
        self._given = rows
        self.paint_now()

    def present_rows(self) -> list[Row] | None:
        """Those that were given."""
        return self._given

    def on_resize(self) -> None:
        """Another choice of columns."""
        self.call_after_refresh(self.paint_now)


class Empty(Widget):
    """A sentence."""

    def __init__(self, text: str, *, classes: str) -> None:
        super().__init__(classes=classes)
        self._text = text

    def render(self) -> str:
        """It."""
        return self._text


def _rank(value: int | str) -> tuple[int, int, str]:
    return (0, value, "") if isinstance(value, int) else (1, 0, value)


def _safe(text: str) -> str:
    """No cell may start a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t") else text
