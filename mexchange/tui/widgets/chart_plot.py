"""The cells of a chart's candles, volume and lines: a grid, filled slot by slot.

Each slot owns its columns, so that a growing candle changes those and nothing else.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.geometry import Region

from mexchange.domain.indicators import FINE
from mexchange.domain.order import Side
from mexchange.tui.glyphs import Look
from mexchange.tui.widgets.candle_cells import (
    EMPTY,
    Cell,
    Column,
    Ink,
    is_up,
    narrow_column,
    volume_column,
    wide_column,
)
from mexchange.tui.widgets.chart_data import FillMark, Indicator
from mexchange.tui.widgets.chart_slots import Slot
from mexchange.tui.widgets.price_scale import PriceScale

WIDE_MIN: Final = 4
"""Cells per candle from which on candles are wide."""
BRAILLE_BASE: Final = 0x2800
DOTS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""Bits of a braille cell by column and by row from below."""


class Plot(NamedTuple):
    """The frame of a picture; everything in it is drawn anew when this changes."""

    width: int
    """Cells of all slots and the margin at the right."""
    scale: PriceScale
    volume_rows: int
    """Below the prices; 0: no volume."""
    volume_max: int
    density: int
    look: Look
    indicators: frozenset[Indicator]

    @property
    def height(self) -> int:
        """Rows of prices and volume."""
        return self.scale.rows + self.volume_rows


_PLAIN: Final = (Ink.NONE, Ink.NONE)

Grid = list[list[Cell]]
"""Rows from the top."""


def draw(plot: Plot, slots: Sequence[Slot], left: int, fills: Sequence[FillMark], step_ns: int) -> Grid:
    """All slots, the first one at column `left`."""
    grid: Grid = [[EMPTY] * plot.width for _ in range(plot.height)]
    before: Slot | None = None
    for index, slot in enumerate(slots):
        draw_slot(grid, plot, slot, before, left + index * plot.density)
        before = slot
    if slots:
        first_ns = slots[0].open_ns
        for fill in fills:
            index = (fill.time_ns - first_ns) // step_ns
            if 0 <= index < len(slots):
                mark(grid, plot, slots[index], fill.side, left + index * plot.density)
    return grid


def redraw_last(
    grid: Grid, plot: Plot, slots: Sequence[Slot], left: int, fills: Sequence[FillMark], step_ns: int
) -> list[Region]:
    """The last slot again, as it is now. Returns what looks different: its columns, in some of the rows."""
    last, x = slots[-1], left + (len(slots) - 1) * plot.density
    end = min(plot.width, x + plot.density)
    old = [row[x:end] for row in grid]
    draw_slot(grid, plot, last, slots[-2] if len(slots) > 1 else None, x)
    for fill in fills:
        if last.open_ns <= fill.time_ns < last.open_ns + step_ns:
            mark(grid, plot, last, fill.side, x)
    return [Region(x, y, end - x, 1) for y, row in enumerate(grid) if row[x:end] != old[y]]


def runs(row: Sequence[Cell]) -> list[tuple[str, tuple[Ink, Ink]]]:
    """Texts with their inks, as few as possible: a blank goes with its neighbours, whatever their ink."""
    found: list[tuple[str, tuple[Ink, Ink]]] = []
    text, current = "", _PLAIN
    for glyph, ink, on in row:
        inks = (ink, on)
        if inks != current:
            if inks == _PLAIN and not current[1]:
                text += glyph
                continue
            if current != _PLAIN or on:
                if text:
                    found.append((text, current))
                text = ""
            current = inks
        text += glyph
    if text:
        found.append((text, current))
    return found


def draw_slot(grid: Grid, plot: Plot, slot: Slot, before: Slot | None, x: int) -> None:
    """Empty the slot's columns and draw what it holds. Slots that do not fit into the grid are cut."""
    columns = range(max(0, x), min(plot.width, x + plot.density))
    for row in grid:
        for column in columns:
            row[column] = EMPTY
    _draw_lines(grid, plot, slot, before, x)
    candle, scale = slot.candle, plot.scale
    if candle is None:
        return
    body = body_width(plot.density)
    if not candle.trades:
        y = scale.row(candle.close)
        if 0 <= y < scale.rows and 0 <= x + body // 2 < plot.width:
            grid[y][x + body // 2] = Cell(plot.look.glyphs.gap, Ink.GAP)
        return
    glyphs, textured = plot.look.glyphs, plot.look.textured
    if plot.density < WIDE_MIN:
        _put(grid, plot, x, narrow_column(candle, scale, glyphs, textured=textured), scale.rows)
    else:
        outer = wide_column(candle, scale, glyphs, middle=False, textured=textured)
        for column in range(x, x + body):
            is_middle = column == x + body // 2
            _put(
                grid,
                plot,
                column,
                wide_column(candle, scale, glyphs, middle=True, textured=textured) if is_middle else outer,
                scale.rows,
            )
    if plot.volume_rows:
        volume = volume_column(candle.volume, plot.volume_max, plot.volume_rows, glyphs, up=is_up(candle))
        for column in range(x, x + body):
            _put(grid, plot, column, volume, plot.height)


def body_width(density: int) -> int:
    """How many columns of a slot the body takes; the rest is the gap."""
    return density - 1 if density > 1 else 1


def _put(grid: Grid, plot: Plot, x: int, column: Column, floor: int) -> None:
    """A column whose row 0 is the one above `floor`; what lies outside is cut."""
    if not 0 <= x < plot.width:
        return
    first, cells = column
    for index, cell in enumerate(cells):
        y = floor - 1 - first - index
        if 0 <= y < plot.height and cell is not EMPTY:
            grid[y][x] = cell


def mark(grid: Grid, plot: Plot, slot: Slot, side: Side, x: int) -> None:
    """An own fill: bought below the candle, sold above it."""
    if slot.candle is None:
        return
    column = x + body_width(plot.density) // 2
    glyphs, scale = plot.look.glyphs, plot.scale
    if side is Side.BUY:
        y, cell = scale.row(slot.candle.low) + 1, Cell(glyphs.up, Ink.BOUGHT)
    else:
        y, cell = scale.row(slot.candle.high) - 1, Cell(glyphs.down, Ink.SOLD)
    if 0 <= column < plot.width:
        grid[max(0, min(scale.rows - 1, y))][column] = cell


def _draw_lines(grid: Grid, plot: Plot, slot: Slot, before: Slot | None, x: int) -> None:
    if Indicator.VWAP in plot.indicators and slot.vwap is not None:
        _draw_line(grid, plot, before.vwap if before is not None else None, slot.vwap, x, Ink.VWAP)
    if Indicator.EMA in plot.indicators and slot.ema is not None:
        _draw_line(grid, plot, before.ema if before is not None else None, slot.ema, x, Ink.EMA)


def _draw_line(grid: Grid, plot: Plot, begin: int | None, end: int, x: int, ink: Ink) -> None:
    """From the slot before to this one, across this slot's columns; lines are for the eye and may be slanted."""
    scale, glyphs = plot.scale, plot.look.glyphs
    if not glyphs.braille:
        row = scale.rows - 1 - scale.fine_level(end, FINE, 2) // 2
        if 0 <= row < scale.rows and 0 <= x < plot.width:
            grid[row][x] = Cell(glyphs.line, ink)
        return
    last = scale.fine_level(end, FINE, 4)
    first = last if begin is None else scale.fine_level(begin, FINE, 4)
    steps = 2 * plot.density
    for step in range(1, steps + 1):
        low = first + (last - first) * (step - 1) // steps
        high = first + (last - first) * step // steps
        column = x + (step - 1) // 2
        if not 0 <= column < plot.width:
            continue
        for level in range(min(low, high), max(low, high) + 1):
            y = scale.rows - 1 - level // 4
            if 0 <= y < scale.rows:
                grid[y][column] = _with_dot(grid[y][column], (step - 1) % 2, level % 4, ink)


def _with_dot(cell: Cell, column: int, level: int, ink: Ink) -> Cell:
    bits = ord(cell.glyph) - BRAILLE_BASE if cell.glyph > "\u2800" and cell.glyph < "\u2900" else 0
    return Cell(chr(BRAILLE_BASE + (bits | DOTS[column][level])), ink)
