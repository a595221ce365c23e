"""The tape: public trades, newest first, each with the taker's side as colour, glyph and, where there is room, word."""

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from rich.style import Style
from textual import events
from textual.reactive import reactive
from textual.strip import Strip

from mexchange.codec.messages import Trade
from mexchange.domain.order import Side
from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.fit import fit_price, fit_size, without_zeros
from mexchange.tui.widgets.line import Line
from mexchange.tui.widgets.price_pressed import PricePressed
from mexchange.tui.widgets.shown import NO_SHOWN, Shown

TIME_WIDTH: Final = len("22:42:49")
WORD_WIDTH: Final = len("SELL ")
WHEEL_ROWS: Final = 3


class Widths(NamedTuple):
    """Cells of the parts of a line; 0: left out."""

    width: int
    word: int
    price: int
    size: int
    time: int


class Tape(Drawn):
    """Shows trades. Scrolled away from the newest, it stays at the trade it shows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "tape--row",
        "tape--bought",
        "tape--sold",
        "tape--size",
        "tape--time",
        "tape--empty",
    }
    DEFAULT_CSS = """
    Tape {
        & > .tape--bought { color: $bid; }
        & > .tape--sold { color: $ask; }
        & > .tape--time { color: $muted; }
        & > .tape--empty { color: $muted; }
    }
    """

    min_size: reactive[int] = reactive(0)
    """Smaller trades are left out, in lots."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._trades: Sequence[Trade] = ()
        self._visible: list[Trade] = []
        self._first_id: int | None = None
        """The trade in the first line, None while the newest is."""
        self._shown = NO_SHOWN
        self._widths = Widths(0, 0, 0, 0, 0)
        self._painted: dict[int, Trade] = {}
        self._drawn: dict[int, Strip] = {}
        self._drawn_look = self.look

    def show(self, trades: Sequence[Trade], shown: Shown) -> None:
        """Show these, newest first."""
        if shown != self._shown:
            self._first_id, self._widths = None, Widths(0, 0, 0, 0, 0)
        self._trades, self._shown = trades, shown
        self.update()

    def watch_min_size(self, _size: int) -> None:
        """Filter anew."""
        self._first_id = None
        self.update()

    def forget_arrangement(self) -> None:
        """Columns for the new size."""
        self._widths = Widths(0, 0, 0, 0, 0)

    def update(self) -> None:
        width, height = self.extent
        if not self.is_mounted or not width or not height:
            return
        least = fit_size(without_zeros(self._shown.size(self.min_size)), 10, self.glyphs.ellipsis)
        self.titles = ("Tape", f"{self.glyphs.at_least} {least}")
        trades = self._trades
        if self.min_size:
            trades = [trade for trade in trades if trade.quantity >= self.min_size]
        visible = list(trades[self._first_of(trades) :][:height])
        widths = self._widths_for(visible, width)
        if widths != self._widths or self.look != self._drawn_look:
            self._visible, self._widths, self._drawn_look = visible, widths, self.look
            self._drawn.clear()
            self.refresh()
            return
        old, self._visible = self._visible, visible
        longest = max(len(old), len(visible))
        self.refresh_lines(y for y in range(longest) if old[y : y + 1] != visible[y : y + 1])

    def _first_of(self, trades: Sequence[Trade]) -> int:
        if self._first_id is None:
            return 0
        for index, trade in enumerate(trades):
            if trade.trade_id <= self._first_id:
                return index
        return max(0, len(trades) - 1)

    def _widths_for(self, trades: Sequence[Trade], width: int) -> Widths:
        """Glyph, price and size come first, then the time, then the word. Columns only grow."""
        old, shown = self._widths, self._shown
        price = len(shown.price(max([trade.price for trade in trades], default=0)))
        size = len(shown.size(max([trade.quantity for trade in trades], default=0)))
        price, size = max(price, old.price), max(size, old.size)
        left = width - 2
        if price + size + 1 > left:
            price = max(0, min(price, left))
            size = max(0, min(size, left - price - 1))
        left -= price + size + bool(size)
        time = TIME_WIDTH if left > TIME_WIDTH else 0
        left -= time + bool(time)
        word = WORD_WIDTH if left >= WORD_WIDTH else 0
        left -= word
        gaps = bool(size) + bool(time)
        return Widths(width, word, price + (left // 2 if gaps else 0), size + (left - left // 2 if gaps else 0), time)

    def notify_style_update(self) -> None:
        """Colours are asked for again."""
        self._drawn.clear()
        super().notify_style_update()

    def draw_line(self, y: int, width: int) -> Strip:
        """One trade. Trades move down the tape without changing, so their strips are kept while they are seen."""
        line, blank = Line(width), self.ink("tape--row")
        if y >= len(self._visible):
            self._painted.pop(y, None)
            if y == 0 and self._shown is not NO_SHOWN:
                line.add(" no trades yet" if not self._trades else " none of this size", self.ink("tape--empty"))
            return line.strip(blank)
        trade = self._painted[y] = self._visible[y]
        strip = self._drawn.get(trade.trade_id)
        if strip is None:
            strip = self._drawn[trade.trade_id] = self._draw_trade(trade, line, blank)
            if len(self._drawn) > 4 * self.extent.height:
                seen = {each.trade_id for each in self._visible}
                self._drawn = {key: kept for key, kept in self._drawn.items() if key in seen}
        return strip

    def _draw_trade(self, trade: Trade, line: Line, blank: Style) -> Strip:
        widths, glyphs, shown = self._widths, self.glyphs, self._shown
        bought = trade.side == Side.BUY
        side = self.ink("tape--bought" if bought else "tape--sold")
        line.add((glyphs.up if bought else glyphs.down) + " ", side)
        if widths.word:
            line.add(("BUY" if bought else "SELL").ljust(widths.word), side)
        line.add(fit_price(shown.price(trade.price), widths.price, glyphs.ellipsis).rjust(widths.price), side)
        if widths.size:
            size = fit_size(shown.size(trade.quantity), widths.size, glyphs.ellipsis)
            line.add(" " + size.rjust(widths.size), self.ink("tape--size"))
        if widths.time:
            line.add(" " + shown.time(trade.time_ns), self.ink("tape--time"))
        return line.strip(blank)

    # Keys: the app binds these.

    def action_cursor_up(self) -> None:
        """Toward the newest."""
        self._scroll(-1)

    def action_cursor_down(self) -> None:
        """Toward the oldest."""
        self._scroll(1)

    def action_cursor_page_up(self) -> None:
        """A screen toward the newest."""
        self._scroll(-max(1, self.extent.height - 1))

    def action_cursor_page_down(self) -> None:
        """A screen toward the oldest."""
        self._scroll(max(1, self.extent.height - 1))

    def action_cursor_home(self) -> None:
        """The newest, and follow them."""
        self._scroll(-len(self._trades))

    def action_cursor_end(self) -> None:
        """The oldest."""
        self._scroll(len(self._trades))

    def _scroll(self, rows: int) -> None:
        trades = [trade for trade in self._trades if trade.quantity >= self.min_size]
        first = max(0, min(self._first_of(trades) + rows, len(trades) - self.extent.height))
        self._first_id = trades[first].trade_id if first else None
        self.update()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Toward the newest."""
        event.stop()
        self._scroll(-WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Toward the oldest."""
        event.stop()
        self._scroll(WHEEL_ROWS)

    def on_click(self, event: events.Click) -> None:
        """The price that was painted there."""
        offset = event.get_content_offset(self)
        trade = self._painted.get(offset.y) if offset is not None else None
        if trade is not None:
            event.stop()
            self.post_message(PricePressed(Side(trade.side), trade.price))
