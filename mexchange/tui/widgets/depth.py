"""The depth chart: how much rests within so many percent of the middle, asks above, bids below."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.reactive import reactive
from textual.strip import Strip

from mexchange.codec.messages import Level
from mexchange.domain.order import Side
from mexchange.tui.widgets.depth_rows import STEPS_BP, DepthRow, depth_rows, range_for
from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.fit import fit_price, fit_size
from mexchange.tui.widgets.line import Line, add_bar, bar_parts
from mexchange.tui.widgets.price_pressed import PricePressed
from mexchange.tui.widgets.shown import NO_SHOWN, Shown

BAR_MIN: Final = 4


class DepthChart(Drawn):
    """Shows cumulative sizes by price."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "depth--row",
        "depth--bid",
        "depth--ask",
        "depth--bid-bar",
        "depth--ask-bar",
        "depth--size",
        "depth--middle",
        "depth--empty",
    }
    DEFAULT_CSS = """
    DepthChart {
        & > .depth--bid { color: $bid; }
        & > .depth--ask { color: $ask; }
        & > .depth--bid-bar { color: $bid-dim; }
        & > .depth--ask-bar { color: $ask-dim; }
        & > .depth--middle { color: $muted; }
        & > .depth--empty { color: $muted; }
    }
    """

    range_bp: reactive[int] = reactive(0)
    """How far from the middle, in basis points; 0: as far as the book reaches."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._bids: Sequence[Level] = ()
        self._asks: Sequence[Level] = ()
        self._depth = 0
        self._shown = NO_SHOWN
        self._rows: list[DepthRow | None] = []
        self._frame: tuple[int, int, int, int] = (0, 0, 0, 0)
        self._middle = 0
        self._range_bp = 0
        """What is shown."""
        self._painted: dict[int, DepthRow] = {}

    def show(self, bids: Sequence[Level], asks: Sequence[Level], shown: Shown, *, depth: int = 0) -> None:
        """Show this book. `depth`: at how many levels a side it is cut off, 0 if it is whole."""
        if shown != self._shown:
            self._range_bp = 0
        self._bids, self._asks, self._shown, self._depth = bids, asks, shown, depth
        self.update()

    def watch_range_bp(self, _range: int) -> None:
        """Compute anew."""
        self.update()

    def forget_arrangement(self) -> None:
        """Columns for the new size."""
        self._frame = (0, 0, 0, 0)

    def action_range(self, step: int = 1) -> None:
        """Look farther (1) or nearer (-1)."""
        wider = [each for each in STEPS_BP if (each > self._range_bp if step > 0 else each < self._range_bp)]
        if wider:
            self.range_bp = wider[0] if step > 0 else wider[-1]

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Nearer."""
        event.stop()
        self.action_range(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Farther."""
        event.stop()
        self.action_range(1)

    def on_click(self, event: events.Click) -> None:
        """The price of the row that was painted there."""
        offset = event.get_content_offset(self)
        row = self._painted.get(offset.y) if offset is not None else None
        if row is not None and row.price:
            event.stop()
            self.post_message(PricePressed(row.side, row.price))

    def update(self) -> None:
        width, height = self.extent
        if not self.is_mounted or not width or not height:
            return
        self._range_bp = self.range_bp or range_for(self._bids, self._asks, self._range_bp)
        self.titles = ("Depth", f"cumulative {self.glyphs.plus_minus}{_percent(self._range_bp)} %")
        below = (height - 1) // 2
        above = height - 1 - below
        most = max(above, below)
        bids, asks = depth_rows(self._bids, self._asks, rows=most, range_bp=self._range_bp, depth=self._depth)
        rows: list[DepthRow | None] = [*reversed(asks[:above]), None, *bids[:below]] if bids or asks else [None]
        shown, priced = self._shown, [row for row in rows if row is not None]
        price = len(shown.price(max((row.price for row in priced), default=0)))
        scale = max((row.cum for row in priced), default=0)
        size = len(shown.size(scale))
        size += 0 if all(row.is_whole for row in priced) else len(self.glyphs.at_least)
        frame = (width, min(price, width), size, scale)
        middle = self._bids[0].price + self._asks[0].price if self._bids and self._asks else 0
        if frame != self._frame or len(rows) != len(self._rows):
            self.refresh()
        else:
            changed = {y for y, (new, old) in enumerate(zip(rows, self._rows, strict=True)) if new != old}
            self.refresh_lines(changed | ({above} if middle != self._middle else set()))
        self._rows, self._frame, self._middle = rows, frame, middle

    def draw_line(self, y: int, width: int) -> Strip:
        """One row, or the middle."""
        line, blank = Line(width), self.ink("depth--row")
        self._painted.pop(y, None)
        if y >= len(self._rows):
            return line.strip(blank)
        row = self._rows[y]
        if row is None:
            return self._draw_middle(line)
        self._painted[y] = row
        _, price, size, scale = self._frame
        glyphs, ask = self.glyphs, row.side is Side.SELL
        text = fit_price(self._shown.price(row.price), price, glyphs.ellipsis)
        line.add(text.rjust(price), self.ink("depth--ask" if ask else "depth--bid"))
        line.add(" ", blank)
        room = width - price - 1
        size = size if room - size - 1 >= BAR_MIN else 0
        bar = max(0, room - (size + 1 if size else 0))
        self._add_bar(line, row, bar, scale)
        if size:
            line.fill_to(width - size - 1, blank)
            mark = "" if row.is_whole else glyphs.at_least
            text = mark + fit_size(self._shown.size(row.cum), size - len(mark), glyphs.ellipsis)
            line.add(" " + text.rjust(size), self.ink("depth--size"))
        return line.strip(blank)

    def _add_bar(self, line: Line, row: DepthRow, cells: int, scale: int) -> None:
        glyphs, ask = self.glyphs, row.side is Side.SELL
        name = "depth--ask-bar" if ask else "depth--bid-bar"
        parts = bar_parts(row.cum, scale, cells, len(glyphs.left_parts))
        fill = glyphs.ask_fill if ask else glyphs.bid_fill
        add_bar(line, parts, self.look, fill, edge=self.ink(name), solid=self.solid(name))

    def _draw_middle(self, line: Line) -> Strip:
        style, dash = self.ink("depth--middle"), self.glyphs.dash
        if not self._middle:
            line.add(" no book on both sides" if self._bids or self._asks else " no orders", self.ink("depth--empty"))
            return line.strip(self.ink("depth--row"))
        width = self.extent.width
        price = fit_price(self._shown.middle(self._middle), width, self.glyphs.ellipsis)
        if len(price) + 4 <= width:
            line.add(dash * ((width - len(price) - 2) // 2), style)
            line.add(f" {price} ", style)
            line.add(dash * width, style)
        else:
            line.add(price, style)
        return line.strip(style)


def _percent(basis_points: int) -> str:
    """`1`, `0.5`."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}" + (f".{rest:02d}".rstrip("0") if rest else "")
