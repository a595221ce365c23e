"""The watch list: one line for each market, drawn at most twice a second."""

import time
from collections.abc import Callable
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from mexchange.tui.desk import Desk
from mexchange.tui.edges.header import change
from mexchange.tui.frame import Part
from mexchange.tui.keymap import bindings
from mexchange.tui.watch_list import SPARK_LENGTH, Watched, WatchList, spark
from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.fit import fit_price
from mexchange.tui.widgets.line import Line

PAINT_S: Final = 0.5
_NAME: Final = 9
_CHANGE: Final = 7


class WatchPanel(Drawn):
    """Reads the list when it is painted."""

    PARTS: ClassVar[Part] = Part.WATCH
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("watch")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "watch--row",
        "watch--cursor",
        "watch--heading",
        "watch--up",
        "watch--down",
        "watch--shown",
    }
    DEFAULT_CSS = """
    WatchPanel {
        & > .watch--cursor { background: $foreground 12%; }
        & > .watch--heading { color: $muted; }
        & > .watch--up { color: $bid; }
        & > .watch--down { color: $ask; }
        & > .watch--shown { color: $primary; text-style: bold; }
    }
    """

    class MarketWanted(Message):
        """This market is to be shown."""

        def __init__(self, market: int) -> None:
            super().__init__()
            self.market = market

    def __init__(self, watch_list: Callable[[], WatchList | None]) -> None:
        super().__init__()
        self._list = watch_list
        self._rows: list[Watched] = []
        self._shown_market = 0
        self._cursor = 0
        self._painted_s = float("-inf")
        self._is_due = False

    def paint(self, desk: Desk, parts: Part) -> None:
        """Now, or half a second after the last time."""
        self._shown_market = desk.market.market
        left_s = self._painted_s + PAINT_S - time.monotonic()
        if left_s <= 0 or parts != Part.WATCH:
            self._repaint()
        elif not self._is_due:
            self._is_due = True
            self.set_timer(left_s, self._repaint)

    def _repaint(self) -> None:
        self._is_due, self._painted_s = False, time.monotonic()
        found = self._list()
        self._rows = found.rows if found is not None else []
        self._cursor = max(0, min(self._cursor, len(self._rows) - 1))
        self.refresh()

    def update(self) -> None:
        """The whole panel: it is drawn seldom."""
        self.refresh()

    def draw_line(self, y: int, width: int) -> Strip:
        """The heading, or a market."""
        line = Line(width)
        if y == 0:
            line.add(_heading(width), self.ink("watch--heading"))
        elif y - 1 < len(self._rows):
            self._draw_row(line, self._rows[y - 1], width, y - 1 == self._cursor and self.has_focus)
        return line.strip(self.ink("watch--row"))

    def _draw_row(self, line: Line, row: Watched, width: int, at_cursor: bool) -> None:
        on = "watch--cursor" if at_cursor else ""
        glyphs, ticker = self.glyphs, row.ticker
        name = "watch--shown" if row.market.market == self._shown_market else "watch--row"
        line.add(f"{row.shown.symbol[:_NAME]:<{_NAME}}", self.ink(name, on))
        if ticker is None or not ticker.last:
            line.add("  no trades yet", self.ink("watch--heading", on))
            line.fill_to(width, self.ink("watch--row", on))
            return
        tone = "watch--up" if ticker.last >= ticker.open_24h else "watch--down"
        price = fit_price(row.shown.price(ticker.last), _price_room(width), glyphs.ellipsis)
        line.add(f"{price:>{_price_room(width)}}", self.ink("watch--row", on))
        moved = change(ticker.last, ticker.open_24h, glyphs) if ticker.open_24h else ""
        line.add(f"{moved:>{_CHANGE + 1}}", self.ink(tone, on))
        if width >= _NAME + _CHANGE + SPARK_LENGTH + 8:
            line.add(f" {spark(row.closes, ascii_only=glyphs.parts == 1)}", self.ink(tone, on))
        line.fill_to(width, self.ink("watch--row", on))

    def action_cursor_up(self) -> None:
        """A market up."""
        self._cursor = max(0, self._cursor - 1)
        self.refresh()

    def action_cursor_down(self) -> None:
        """A market down."""
        self._cursor = min(max(0, len(self._rows) - 1), self._cursor + 1)
        self.refresh()

    def action_cursor_home(self) -> None:
        """The first market."""
        self._cursor = 0
        self.refresh()

    def action_choose(self) -> None:
        """Show the market at the cursor."""
        if self._cursor < len(self._rows):
            self.post_message(self.MarketWanted(self._rows[self._cursor].market.market))

    def on_click(self, event: events.Click) -> None:
        """Show the market under the pointer."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 < offset.y <= len(self._rows):
            self._cursor = offset.y - 1
            self.action_choose()


def _price_room(width: int) -> int:
    spark_room = SPARK_LENGTH + 1 if width >= _NAME + _CHANGE + SPARK_LENGTH + 8 else 0
    return max(1, min(12, width - _NAME - _CHANGE - 1 - spark_room))


def _heading(width: int) -> str:
    price = _price_room(width)
    rest = " spark" if width >= _NAME + _CHANGE + SPARK_LENGTH + 8 else ""
    return f"{'market':<{_NAME}}{'last':>{price}}{'24h':>{_CHANGE + 1}}{rest}"
