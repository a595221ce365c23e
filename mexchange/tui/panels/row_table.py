"""A DataTable of rows by key, which touches only cells that differ: each touch draws all of its lines again."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from textual import events
from textual.coordinate import Coordinate
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import DataTable

from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.panels.sheet import Cell, Column, Row, SortOrder
from mexchange.tui.plain import narrow

RIGHT_BUTTON: Final = 3
_CELL_MAX: Final = 60


class RowTable(DataTable[Text]):
    """Cursor and scroll offset stay with their rows. The right button chooses a row and asks for its menu."""

    class MenuWanted(Message):
        """At this place of the screen, for the row under the cursor."""

        def __init__(self, place: Offset) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__(cursor_type="row", cursor_foreground_priority="renderable", cell_padding=1)
        self._drawn_columns: tuple[Column, ...] = ()
        self._drawn_rows: dict[str, tuple[Cell, ...]] = {}
        self._chosen_before: str | None = None
        """What the cursor was on when other columns came."""

    @property
    def chosen(self) -> str | None:
        """The key of the row under the cursor."""
        if not self._drawn_rows or not 0 <= self.cursor_row < len(self._drawn_rows):
            return None
        return list(self._drawn_rows)[self.cursor_row]

    def draw_columns(self, columns: tuple[Column, ...], order: SortOrder | None, glyphs: GlyphSet) -> None:
        """Empty, with these columns; the one that rows are sorted by says so."""
        self._chosen_before = self.chosen or self._chosen_before
        self._drawn_columns, self._drawn_rows = columns, {}
        self.clear(columns=True)
        for column in columns:
            mark = ""
            if order is not None and order.column == column.name:
                mark = glyphs.down if order.is_falling else glyphs.up
            label = Text(column.name + mark, justify="right" if column.right else "left")
            self.add_column(label, key=column.name, width=column.width)

    def draw_rows(self, rows: Sequence[Row], glyphs: GlyphSet) -> None:
        """A cell for each of the columns."""
        if [row.key for row in rows] != list(self._drawn_rows):
            self._draw_anew(rows, glyphs)
            return
        for y, row in enumerate(rows):
            for x, (cell, before) in enumerate(zip(row.cells, self._drawn_rows[row.key], strict=True)):
                if cell != before:
                    self.update_cell_at(Coordinate(y, x), self._text(cell, self._drawn_columns[x], glyphs))
            self._drawn_rows[row.key] = row.cells

    def _draw_anew(self, rows: Sequence[Row], glyphs: GlyphSet) -> None:
        chosen, scroll, at = self.chosen or self._chosen_before, self.scroll_offset, self.cursor_row
        self._chosen_before = None
        self.clear()
        for row in rows:
            pairs = zip(row.cells, self._drawn_columns, strict=True)
            self.add_row(*(self._text(cell, column, glyphs) for cell, column in pairs), key=row.key)
        self._drawn_rows = {row.key: row.cells for row in rows}
        keys = list(self._drawn_rows)
        if keys:
            self.move_cursor(row=keys.index(chosen) if chosen in self._drawn_rows else min(max(at, 0), len(keys) - 1))
        self.scroll_to(scroll.x, scroll.y, animate=False)

    def _text(self, cell: Cell, column: Column, glyphs: GlyphSet) -> Text:
        style = self.app.theme_variables.get(cell.ink, "") if cell.ink else ""
        text = Text(narrow(cell.text, _CELL_MAX), style=style, justify="right" if column.right else "left")
        if len(text) > column.width:
            text.truncate(column.width)
            text.right_crop(1)
            text.append(glyphs.ellipsis)
        if cell.struck:
            text.stylize("strike")
        if cell.faint:
            text.stylize("dim")
        return text

    async def _on_click(self, event: events.Click) -> None:
        if event.button != RIGHT_BUTTON:
            return  # the table's own business
        event.prevent_default()
        event.stop()
        if (row := event.style.meta.get("row", -1)) >= 0:
            self.move_cursor(row=row)
            self.post_message(self.MenuWanted(event.screen_offset))
