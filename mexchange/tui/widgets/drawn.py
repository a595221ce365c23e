"""The base of the widgets that draw their own cells.

Such a widget computes what each of its lines shows as plain values, compares them with what is on the screen, and
refreshes the lines that differ: a line is built when the screen asks for it, and only then.

Without border, padding and effects a line is all that there is, so it goes to the screen as it is: Textual's own way
through its cache of styles would cost a fifth more (measured; `python -m tests.bench drawing`).
"""

from collections.abc import Iterable
from typing import Protocol

from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from mexchange.tui.glyphs import GlyphSet, Look


class Pens(Protocol):
    """Gives styles, as Drawn does."""

    def ink(self, name: str, on: str = "") -> Style:
        """Of a component class, on the background of another."""
        ...

    def solid(self, name: str) -> Style:
        """For cells filled whole."""
        ...


class Drawn(Widget, can_focus=True):
    """Gives inks (styles of component classes), the look, and refreshing by lines."""

    look: reactive[Look] = reactive(Look)
    """Set by the app; the widget is drawn anew."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self.titles = ("", "")
        """What a frame around it may say at its left and right."""
        self._inks: dict[tuple[str, str], Style] = {}
        self._extent = Size(0, 0)
        self._strips: dict[int, Strip] = {}
        """Lines as they were built last."""
        self._is_bare: bool | None = None
        """Nothing is drawn but lines; None: to be found out."""

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
        self._strips.clear()
        self._is_bare = None
        super().notify_style_update()

    def solid(self, name: str) -> Style:
        """Background and glyph in the colour of a component class, for cells that are filled whole."""
        style = self._inks.get((name, name))
        if style is None:
            colour = self.get_component_rich_style(name).color
            style = self._inks[name, name] = Style(color=colour, bgcolor=colour)
        return style

    def watch_look(self, _look: Look) -> None:
        """Draw with the new look."""
        self.update()

    @property
    def extent(self) -> Size:
        """Columns and lines of the content, as `size`, which is dear to ask for at each line."""
        return self._extent

    def on_resize(self) -> None:
        """Arrange for the new size."""
        self._extent = self.size
        self._is_bare = None
        self.forget_arrangement()
        self.update()

    def _measure(self) -> None:
        """More is to be seen than there was room for: the size was asked for at a time when there was none."""
        if self._extent != self.size:
            self.on_resize()

    def forget_arrangement(self) -> None:
        """What was kept for the sake of calm belongs to another size."""

    def update(self) -> None:
        """Compute what is shown now, and refresh what differs."""
        raise NotImplementedError

    def refresh_lines(self, lines: Iterable[int]) -> None:
        """Have these lines drawn again; neighbours go as one region."""
        regions: list[Region] = []
        width, first, count = self.extent.width, -1, 0
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

    def _set_dirty(self, *regions: Region) -> None:
        super()._set_dirty(*regions)
        if not regions:
            self._strips.clear()
        for region in regions:
            for y in region.line_range:
                self._strips.pop(y, None)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the widget, cut to a part of it."""
        if crop.right > self._extent.width or crop.bottom > self._extent.height:
            self.call_later(self._measure)
        if self._is_bare is None:
            self._is_bare = self._has_no_effects()
        if not self._is_bare or self.opacity != 1.0:
            return super().render_lines(crop)
        filters, background = self.get_line_filters(), self.background_colors[1]
        lines: list[Strip] = []
        for y in crop.line_range:
            strip = self._strips.get(y)
            if strip is None:
                strip = self._strips[y] = self.render_line(y)
            for each in filters:
                strip = strip.apply_filter(each, background)
            lines.append(strip)
        begin, end = crop.column_span
        return lines if (begin, end) == (0, self._extent.width) else [strip.crop(begin, end) for strip in lines]

    def _has_no_effects(self) -> bool:
        styles = self.styles
        return (
            self.outer_size == self._extent
            and not styles.tint.a
            and styles.text_opacity == 1.0
            and not styles.has_rule("hatch")
            and not styles.has_rule("outline_top")
        )

    def render_line(self, y: int) -> Strip:
        """The strip of one line, exactly as wide as the content."""
        width, height = self.extent
        if y >= height or width <= 0:
            return Strip.blank(max(0, width), self.rich_style)
        return self.draw_line(y, width)

    def draw_line(self, y: int, width: int) -> Strip:
        """What a subclass shows in line `y`."""
        raise NotImplementedError
