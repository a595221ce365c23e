"""Candles as cells. The ends of bodies and wicks are rounded to what glyphs can show, never the middles.

    narrow    one column: box drawing, two levels to a cell, heavy body and thin wick
    wide      three columns or more: eighth blocks; outer columns show the body, the middle one low to high,
              the body bright and the wick dim
    textured  whole cells, with fills that tell rising from falling without colour

A column is given from the bottom up as (glyph, foreground, background) for each row it touches.
"""

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from mexchange.domain.candles import Candle
from mexchange.tui.glyphs import GlyphSet
from mexchange.tui.widgets.price_scale import PriceScale


class Ink(IntEnum):
    """What a cell's colour stands for."""

    NONE = 0
    UP = 1
    DOWN = 2
    UP_WICK = 3
    DOWN_WICK = 4
    UP_VOLUME = 5
    DOWN_VOLUME = 6
    GAP = 7
    EMA = 8
    VWAP = 9
    BOUGHT = 10
    SOLD = 11
    CROSS = 12


class Cell(NamedTuple):
    """One cell."""

    glyph: str = " "
    ink: Ink = Ink.NONE
    on: Ink = Ink.NONE


EMPTY = Cell()
Column = tuple[int, list[Cell]]
"""The lowest row, counted from the bottom, and the cells from there up."""


class Extent(NamedTuple):
    """A candle in parts of a cell above the lower edge; each end is exclusive, so that no body is empty."""

    low: int
    body_low: int
    body_high: int
    high: int


def extent_of(candle: Candle, scale: PriceScale, parts: int) -> Extent:
    """Where the candle lies; the body is at least one part high, within the scale."""
    top = scale.rows * parts
    low, high = scale.level(candle.low, parts), scale.level(candle.high, parts)
    body_low = min(max(0, scale.level(min(candle.open, candle.close), parts)), top - 1)
    body_high = max(scale.level(max(candle.open, candle.close), parts), body_low + 1)
    return Extent(max(0, min(low, body_low)), body_low, min(top, body_high), min(top, max(high, body_high)))


def is_up(candle: Candle) -> bool:
    """Closed no lower than it opened."""
    return candle.close >= candle.open


def narrow_column(candle: Candle, scale: PriceScale, glyphs: GlyphSet, *, textured: bool = False) -> Column:
    """Density 1."""
    if textured or glyphs.parts == 1:
        return _whole_cells(candle, scale, glyphs, middle=True, narrow=True)
    body, wick = (Ink.UP, Ink.UP_WICK) if is_up(candle) else (Ink.DOWN, Ink.DOWN_WICK)
    if candle.open == candle.close:
        return _doji(candle, scale, glyphs, body, wick)
    at = extent_of(candle, scale, 2)
    first, end = at.low // 2, -(-at.high // 2)
    cells = []
    for row in range(first, end):
        lower, upper = _weight(at, 2 * row), _weight(at, 2 * row + 1)
        ink = body if 2 in (lower, upper) else wick
        cells.append(Cell(glyphs.thin[3 * upper + lower], ink))
    return first, cells


def _weight(at: Extent, part: int) -> int:
    """0 nothing, 1 thin, 2 heavy."""
    if at.body_low <= part < at.body_high:
        return 2
    return 1 if at.low <= part < at.high else 0


def _doji(candle: Candle, scale: PriceScale, glyphs: GlyphSet, body: Ink, wick: Ink) -> Column:
    """Opened and closed at one price: a cross in the cell of that price, arms where the wick goes on."""
    at = extent_of(candle, scale, 2)
    row = at.body_low // 2
    above, below = at.high > at.body_high, at.low < at.body_low
    first, end = min(row, at.low // 2), max(row + 1, -(-at.high // 2))
    cells = []
    for each in range(first, end):
        if each == row:
            cells.append(Cell(glyphs.doji[2 * above + below], body))
        else:
            lower, upper = _weight(at, 2 * each) > 0, _weight(at, 2 * each + 1) > 0
            cells.append(Cell(glyphs.thin[3 * upper + lower], wick))
    return first, cells


def wide_column(candle: Candle, scale: PriceScale, glyphs: GlyphSet, *, middle: bool, textured: bool = False) -> Column:
    """A column of a wide candle: the middle one, or one of the others."""
    if textured or glyphs.parts == 1:
        return _whole_cells(candle, scale, glyphs, middle=middle, narrow=False)
    body, wick = (Ink.UP, Ink.UP_WICK) if is_up(candle) else (Ink.DOWN, Ink.DOWN_WICK)
    at = extent_of(candle, scale, 8)
    low, high = (at.low, at.high) if middle else (at.body_low, at.body_high)
    first, end = low // 8, -(-high // 8)
    cells = []
    for row in range(first, end):
        bounds = tuple(max(0, min(8, bound - 8 * row)) for bound in (low, at.body_low, at.body_high, high))
        cells.append(_cell(bounds, body, wick, glyphs.low_parts))
    return first, cells


@lru_cache(maxsize=8192)
def _cell(bounds: tuple[int, ...], body: Ink, wick: Ink, blocks: str) -> Cell:
    """The two-coloured cell that shows wick, body, wick between these eighths best; a body never vanishes."""
    low, body_low, body_high, high = bounds
    eighths = [body if body_low <= part < body_high else wick if low <= part < high else Ink.NONE for part in range(8)]
    best = min(
        ((_error(eighths, split, lower, upper, body), split, lower, upper))
        for split in range(1, 9)
        for lower in sorted({*eighths})
        for upper in sorted({*eighths})
    )
    _, split, lower, upper = best
    if split == 8 or lower == upper:
        return Cell(blocks[7], lower, lower) if lower else EMPTY
    return Cell(blocks[split - 1], lower, upper)


def _error(eighths: list[Ink], split: int, lower: Ink, upper: Ink, body: Ink) -> int:
    """How wrong a cell of two colours is; a body that is missing weighs more than anything else."""
    drawn = [lower] * split + [upper] * (8 - split)
    wrong = sum((3 if body in (is_, was) else 1) * (is_ != was) for is_, was in zip(drawn, eighths, strict=True))
    return wrong + 100 * (body in eighths and body not in drawn)


def _whole_cells(candle: Candle, scale: PriceScale, glyphs: GlyphSet, *, middle: bool, narrow: bool) -> Column:
    """Bodies of hollow or solid fills."""
    up = is_up(candle)
    body, wick = (Ink.UP, Ink.UP_WICK) if up else (Ink.DOWN, Ink.DOWN_WICK)
    at = extent_of(candle, scale, 1)
    fill = glyphs.hollow if up else glyphs.solid
    on = Ink.NONE if up or glyphs.parts == 1 else body
    if candle.open == candle.close:
        fill, on = glyphs.doji[0] if not narrow or at.low == at.high - 1 else glyphs.doji[3], Ink.NONE
    low, high = (at.low, at.high) if middle else (at.body_low, at.body_high)
    cells = [
        Cell(fill, body, on) if at.body_low <= row < at.body_high else Cell(glyphs.wick, wick)
        for row in range(low, high)
    ]
    return low, cells


def volume_column(volume: int, largest: int, rows: int, glyphs: GlyphSet, *, up: bool) -> Column:
    """At least one part where anything was traded."""
    parts = glyphs.parts
    height = max(1, volume * rows * parts // max(1, largest)) if volume else 0
    whole, part = divmod(min(height, rows * parts), parts)
    ink = Ink.UP_VOLUME if up else Ink.DOWN_VOLUME
    cells = [Cell(glyphs.low_parts[-1], ink, ink if parts > 1 else Ink.NONE)] * whole
    return 0, cells + ([Cell(glyphs.low_parts[part - 1], ink)] if part else [])
