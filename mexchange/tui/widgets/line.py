"""One line of cells under construction: pieces of text in styles, and never more or fewer cells than the line has."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mexchange.tui.glyphs import Look


class Line:
    """Filled from the left. Each character given is one cell wide; what goes beyond the end is cut."""

    __slots__ = ("_left", "_segments", "width")

    def __init__(self, width: int) -> None:
        self._segments: list[Segment] = []
        self.width = width
        self._left = width

    @property
    def position(self) -> int:
        """The column of the next character."""
        return self.width - self._left

    def add(self, text: str, style: Style) -> None:
        """Append."""
        if len(text) > self._left:
            text = text[: self._left]
        if text:
            self._segments.append(Segment(text, style))
            self._left -= len(text)

    def fill_to(self, column: int, style: Style) -> None:
        """Blanks up to a column."""
        self.add(" " * (column - self.position), style)

    def strip(self, style: Style) -> Strip:
        """The whole line, its rest blank."""
        if self._left:
            self.add(" " * self._left, style)
        return Strip(self._segments, self.width)


def bar_parts(value: int, largest: int, cells: int, parts: int) -> int:
    """Length of a bar in parts of a cell: at least one for what is not zero, never beyond its cells."""
    if not value or not cells:
        return 0
    return max(1, min(cells * parts, value * cells * parts // max(1, largest)))


def add_bar(line: Line, parts: int, look: Look, fill: str, *, edge: Style, solid: Style) -> None:
    """Whole cells filled with colour, the rest as a glyph; `fill` instead where the look is without such glyphs."""
    glyphs = look.glyphs
    whole, part = divmod(parts, len(glyphs.left_parts))
    if look.textured or len(glyphs.left_parts) == 1:
        line.add(fill * max(1 if parts else 0, whole), edge)
        return
    line.add(glyphs.left_parts[-1] * whole, solid)
    if part:
        line.add(glyphs.left_parts[part - 1], edge)
