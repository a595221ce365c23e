"""Book and tape as text."""

from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from mexchange.tui.desk import Desk
from mexchange.tui.frame import Part


class Text(Widget, can_focus=True):
    """Lines."""

    PARTS: ClassVar[Part] = Part.NOTHING

    def __init__(self) -> None:
        super().__init__()
        self._content = Content()

    def render(self) -> Content:
        """What was painted."""
        return self._content

    def lines(self, desk: Desk) -> list[Content]:
        """To show."""
        return []

    def paint(self, desk: Desk, parts: Part) -> None:
        """Anew."""
        self._content = Content("\n").join(self.lines(desk))
        self.refresh()


class Empty(Text):
    """Nothing yet."""


class BookText(Text):
    """Both sides."""

    PARTS: ClassVar[Part] = Part.BOOK

    def lines(self, desk: Desk) -> list[Content]:
        """Asks above bids."""
        if desk.book is None:
            return []
        rows = max(1, self.size.height // 2)
        show = desk.shown
        asks = [(level, "$ask") for level in reversed(desk.book.asks[:rows])]
        bids = [(level, "$bid") for level in desk.book.bids[:rows]]
        return [
            Content.assemble(f"{show.size(level.quantity):>14} ", (f"{show.price(level.price):>12}", colour))
            for level, colour in [*asks, *bids]
        ]


class TapeText(Text):
    """The last trades."""

    PARTS: ClassVar[Part] = Part.TRADES

    def lines(self, desk: Desk) -> list[Content]:
        """Newest first."""
        show = desk.shown
        return [
            Content(f"{show.price(trade.price):>10} {show.size(trade.quantity):>9} {show.time(trade.time_ns)}")
            for trade in list(desk.trades)[: self.size.height]
        ]
