"""One line of cells under construction: pieces of text in styles, and never more or fewer cells than the line has."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Line:
    """Filled from the left. Each character given is one cell wide; what goes beyond the end is cut."""

    __slots__ = ("_left", "_segments", "_width")

    def __init__(self, width: int) -> None:
        self._segments: list[Segment] = []
        self._width = width
        self._left = width

    @property
    def position(self) -> int:
        """The column of the next character."""
        return self._width - self._left

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
        return Strip(self._segments, self._width)


def runs(glyphs: list[str], styles: list[Style]) -> list[Segment]:
    """Segments of one glyph per cell, neighbours of one style joined."""
    segments: list[Segment] = []
    if not glyphs:
        return segments
    begin, current = 0, styles[0]
    for column, style in enumerate(styles):
        if style is not current:
            segments.append(Segment("".join(glyphs[begin:column]), current))
            begin, current = column, style
    segments.append(Segment("".join(glyphs[begin:]), current))
    return segments
