"""The base of the widgets that draw their own cells.

Such a widget computes what each of its lines shows as plain values, compares them with what is on the screen, and
refreshes the lines that differ: a line is built when the screen asks for it, and only then.
"""

from collections.abc import Iterable
from typing import Final

from rich.style import Style
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from mexchange.tui.glyphs import GlyphSet, Look

_LINES: Final = {"heavy": "━", "round": "─", "solid": "─", "double": "═", "thick": "█", "dashed": "╍", "ascii": "-"}
"""What borders are made of."""


class Drawn(Widget, can_focus=True):
    """Gives inks (styles of component classes), the look, and refreshing by lines."""

    look: reactive[Look] = reactive(Look)
    """Set by the app; the widget is drawn anew."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self.titles = ("", "")
        self._inks: dict[tuple[str, str], Style] = {}
        self._title = ""

    @property
    def glyphs(self) -> GlyphSet:
        """The alphabet in use."""
        return self.look.glyphs

    def ink(self, name: str, on: str = "") -> Style:
        """The style of a component class, on the background of another if `on` names one."""
        style = self._inks.get((name, on))
        if style is None:
            style = self.get_component_rich_style(name)
            if on:
                style += Style(bgcolor=self.get_component_rich_style(on).bgcolor)
            self._inks[name, on] = style
        return style

    def notify_style_update(self) -> None:
        """The theme, a class or the focus has changed: colours are asked for again."""
        self._inks.clear()
        super().notify_style_update()

    def refresh_lines(self, lines: Iterable[int]) -> None:
        """Have these lines drawn again; neighbours go as one region."""
        regions: list[Region] = []
        width, first, count = self.size.width, -1, 0
        for y in sorted(lines):
            if y == first + count and count:
                count += 1
                continue
            if count:
                regions.append(Region(0, first, width, count))
            first, count = y, 1
        if count:
            regions.append(Region(0, first, width, count))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """The strip of one line, exactly as wide as the content."""
        width, height = self.size
        if y >= height or width <= 0:
            return Strip.blank(max(0, width), self.rich_style)
        return self.draw_line(y, width)

    def draw_line(self, y: int, width: int) -> Strip:
        """What a subclass shows in line `y`."""
        raise NotImplementedError

    def entitle(self, left: str, right: str = "") -> None:
        """Write into the upper border: `┏━ left ━━━━ right ━┓`. Without a border whoever frames it reads `titles`."""
        self.titles = (left, right)
        line = _LINES.get(self.styles.border_top[0], "")
        if not line:
            return
        line = line if self.glyphs.braille else "-"
        room = self.outer_size.width - 6 - len(left) - len(right) - 2
        text = f"{left} {line * room} {right}" if right and room >= 0 else left
        if text != self._title:
            self._title = text
            self.border_title = Content(text)
