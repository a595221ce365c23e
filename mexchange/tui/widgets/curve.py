"""A line over days as columns of eighths: the worth of an account."""

from collections.abc import Sequence

from textual.strip import Strip

from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.line import Line


def column_parts(values: Sequence[int], parts: int) -> list[int]:
    """How many parts of the height each value fills: at least one, the greatest all of them. Any integers."""
    if not values:
        return []
    low, high = min(values), max(values)
    span = high - low
    return [1 + (value - low) * (parts - 1) // span if span else parts for value in values]


class Curve(Drawn, can_focus=False):
    """`show` the values, oldest first, with texts for the greatest and the least."""

    COMPONENT_CLASSES = {"curve--bar", "curve--text", "curve--last"}  # noqa: RUF012  # as the base class has it
    DEFAULT_CSS = """
    Curve {
        & > .curve--bar { color: $line-ema; }
        & > .curve--last { color: $own; }
        & > .curve--text { color: $muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._values: Sequence[int] = ()
        self._high, self._low, self._empty = "", "", "loading"

    def show(self, values: Sequence[int], *, high: str = "", low: str = "", empty: str = "") -> None:
        """`empty`: why there is nothing to show."""
        self._values, self._high, self._low, self._empty = values, high, low, empty
        self.update()

    def update(self) -> None:
        """It is shown seldom, and then changes as a whole."""
        self.refresh()

    def draw_line(self, y: int, width: int) -> Strip:
        """Bars from below, texts at the right edge of the first and the last line."""
        line, text = Line(width), self.ink("curve--text")
        if not self._values:
            if y == 0:
                line.add(f" {self._empty}", text)
            return line.strip(self.rich_style)
        label = self._high if y == 0 else self._low if y == self.size.height - 1 else ""
        room = max(1, width - max(len(self._high), len(self._low)) - 1)
        shown = list(self._values)[-room:]
        each = max(1, min(4, room // len(shown)))
        glyphs = self.glyphs.low_parts
        heights = column_parts(shown, self.size.height * len(glyphs))
        below = (self.size.height - 1 - y) * len(glyphs)
        for place, height in enumerate(heights):
            filled = min(max(height - below, 0), len(glyphs))
            style = self.ink("curve--last" if place == len(heights) - 1 else "curve--bar")
            glyph = glyphs[filled - 1] if filled else " "
            line.add(glyph * max(1, each - 1) + (" " if each > 1 else ""), style)
        line.fill_to(width - len(label), self.rich_style)
        line.add(label, text)
        return line.strip(self.rich_style)
