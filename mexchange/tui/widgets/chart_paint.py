"""How cells and labels of a chart are coloured, and the crosshair over them."""

from collections.abc import Sequence
from typing import Final

from rich.segment import Segment
from rich.style import Style

from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.widgets.axis import Label, Mark
from mexchange.tui.widgets.candle_cells import Cell, Ink
from mexchange.tui.widgets.drawn import Pens

INKS: Final = {
    Ink.NONE: "chart--plot",
    Ink.UP: "chart--up",
    Ink.DOWN: "chart--down",
    Ink.UP_WICK: "chart--up-wick",
    Ink.DOWN_WICK: "chart--down-wick",
    Ink.UP_VOLUME: "chart--up-volume",
    Ink.DOWN_VOLUME: "chart--down-volume",
    Ink.GAP: "chart--gap",
    Ink.EMA: "chart--ema",
    Ink.VWAP: "chart--vwap",
    Ink.BOUGHT: "chart--bought",
    Ink.SOLD: "chart--sold",
    Ink.CROSS: "chart--cross",
}
MARKS: Final = {
    Mark.NONE: "chart--plot",
    Mark.TICK: "chart--axis",
    Mark.VOLUME: "chart--axis",
    Mark.ALERT: "chart--alert",
    Mark.COUNTDOWN: "chart--countdown",
    Mark.ORDER: "chart--order",
    Mark.CROSS: "chart--cross-label",
    Mark.GHOST: "chart--ghost",
}


class CellStyles:
    """The style of a cell by its inks, asked for once."""

    def __init__(self, pens: Pens) -> None:
        self._pens = pens
        self._styles: dict[tuple[Ink, Ink], Style] = {}

    def forget(self) -> None:
        """Colours are other ones."""
        self._styles.clear()

    def of(self, ink: Ink, on: Ink) -> Style:
        """A glyph of one ink on a cell filled with another."""
        style = self._styles.get((ink, on))
        if style is None:
            style = self._pens.ink(INKS[ink])
            if on:
                back = self._pens.ink(INKS[on]).color
                style = Style(color=style.bgcolor if ink is Ink.NONE else style.color, bgcolor=back)
            self._styles[ink, on] = style
        return style


def with_cross(row: Sequence[Cell], glyphs: GlyphSet, *, column: int, whole: bool) -> list[Cell]:
    """The crosshair where the row is empty: in one column, or also along the `whole` row."""
    cells = list(row)
    if whole:
        cells = [Cell(glyphs.dash, Ink.CROSS) if cell.glyph == " " else cell for cell in cells]
    if 0 <= column < len(cells) and cells[column].glyph in (" ", glyphs.dash):
        cells[column] = Cell(glyphs.vertical, Ink.CROSS)
    return cells


def label_segment(label: Label, width: int, glyphs: GlyphSet, pens: Pens) -> Segment:
    """A row of the price axis: a glyph, the side of an own order, the text."""
    room = width - 2
    if label.mark is Mark.LAST:
        style = pens.ink("chart--last-up" if label.up else "chart--last-down")
        return Segment(f"{label.glyph} {label.text.rjust(room)}", style)
    if label.mark is Mark.VOLUME:
        return Segment(f"{label.glyph}{label.text.rjust(width - 1)}"[:width], pens.ink(MARKS[label.mark]))
    side = " " if label.mark is not Mark.ORDER else glyphs.up if label.up else glyphs.down
    return Segment(f"{label.glyph}{side}{label.text[-room:].rjust(room)}", pens.ink(MARKS[label.mark]))
