"""A panel with a slow table: its rows in a RowTable, sorted by a click on a header, exported as CSV.

The table draws all of its lines again whatever changes, so it is touched at most twice a second, and only while it can
be seen; what the user did themselves shows at once.
"""

import time
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import DataTable

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part
from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.panels.row_table import RowTable
from mexchange.tui.panels.sheet import Column, Row, SortOrder, csv_text, fitting, grown, in_order, kept_cells, turned
from mexchange.tui.trading.dealer import Dealer

PERIOD_S: Final = 0.5
ROWS_MAX: Final = 500
"""Shown; the CSV file has them all."""


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
        self._grown: tuple[Column, ...] = ()
        """All columns, as wide as they have become."""
        self._columns: tuple[Column, ...] = ()
        """Those that are drawn."""
        self._order: SortOrder | None = None
        self._painted_s = float("-inf")
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The table, and what is said instead of it."""
        yield RowTable()
        yield Empty(self.EMPTY, classes="empty")

    @property
    def table(self) -> RowTable:
        """The one there is."""
        return self.query_one(RowTable)

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor."""
        return self.table.chosen

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
        self._grown = grown(self.COLUMNS, self._grown, rows)
        columns = fitting(self._grown, self.size.width)
        if columns != self._columns:
            self._columns = columns
            self.table.draw_columns(columns, self._order, self._glyphs)
        self._rows = in_order(rows, self.COLUMNS, self._order)
        self.set_class(not self._rows, "-empty")
        shown = [kept_cells(row, self._grown, columns) for row in self._rows[:ROWS_MAX]]
        self.table.draw_rows(shown, self._glyphs)

    @property
    def _glyphs(self) -> GlyphSet:
        return self.dealer.shell.look.glyphs

    # Keys and presses.

    def action_cursor(self, direction: str) -> None:
        """h j k l."""
        getattr(self.table, f"action_cursor_{direction}")()

    def action_export(self) -> None:
        """A CSV file with all rows and columns."""
        text = csv_text(self.COLUMNS, self._rows)
        self.app.deliver_text(text, save_filename=f"{self.NAME}.csv", mime_type="text/csv")

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """By this column; again: the other way round; a third time: as it was."""
        event.stop()
        self._order = turned(self._order, str(event.column_key.value))
        self._columns = ()
        self.paint_now()


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
