"""Candles in cells, rule by rule: ends are rounded, bodies never vanish, two colours share a cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.domain.candles import Candle
from mexchange.domain.units import Ticks, TimeNs, TradeId
from mexchange.tui.glyphs import ASCII, UNICODE
from mexchange.tui.widgets.candle_cells import Column, Ink, extent_of, narrow_column, volume_column, wide_column
from mexchange.tui.widgets.price_scale import PriceScale, label_step, labels, rescale

SCALE = PriceScale(0, 100, 10)
"""Ten ticks to a cell."""


def candle(opened: int, high: int, low: int, closed: int) -> Candle:
    return Candle(TimeNs(0), Ticks(opened), Ticks(high), Ticks(low), Ticks(closed), 5, 0, 1, TradeId(1), TradeId(1))


def text(column: Column) -> str:
    """From the top."""
    return "".join(cell.glyph for cell in reversed(column[1]))


@pytest.mark.parametrize(
    ("prices", "first", "glyphs"),
    [
        ((20, 40, 10, 30), 1, "│┃│"),
        ((25, 30, 20, 30), 2, "╿"),
        ((20, 30, 20, 25), 2, "╽"),
        ((20, 25, 20, 25), 2, "╻"),
        ((25, 30, 25, 30), 2, "╹"),
        ((20, 35, 20, 30), 2, "╷┃"),
        ((30, 40, 25, 40), 2, "┃╵"),
        ((21, 22, 20, 22), 2, "╻"),
    ],
)
def test_a_narrow_candle_has_two_levels_to_a_cell(prices: tuple[int, ...], first: int, glyphs: str) -> None:
    column = narrow_column(candle(*prices), SCALE, UNICODE)
    assert (column[0], text(column)) == (first, glyphs)


@pytest.mark.parametrize(
    ("prices", "glyphs"),
    [((25, 40, 10, 25), "│┼│"), ((25, 40, 25, 25), "│┴"), ((25, 25, 10, 25), "┬│"), ((25, 25, 25, 25), "─")],
)
def test_a_candle_without_a_body_is_a_cross(prices: tuple[int, ...], glyphs: str) -> None:
    assert text(narrow_column(candle(*prices), SCALE, UNICODE)) == glyphs


def test_a_wide_candle_shows_eighths_and_a_dim_wick_in_its_middle() -> None:
    rising = candle(25, 75, 5, 50)
    outer, middle = (wide_column(rising, SCALE, UNICODE, middle=each) for each in (False, True))
    assert (outer[0], text(outer)) == (2, "██▄"), "the lower edge is drawn as the empty part, inverse"
    assert outer[1][0][1:] == (Ink.NONE, Ink.UP)
    assert middle[1][0][1:] == (Ink.NONE, Ink.UP_WICK)
    assert middle[1][2][1:] == (Ink.UP_WICK, Ink.UP), "body over wick in one cell"
    assert middle[1][-1][1:] == (Ink.UP_WICK, Ink.NONE)
    falling = wide_column(candle(50, 50, 20, 20), SCALE, UNICODE, middle=False)
    assert {cell.ink for cell in falling[1]} == {Ink.DOWN}


PRICES = st.integers(0, 99)


@given(PRICES, PRICES, PRICES, PRICES, st.integers(1, 40), st.booleans(), st.booleans())
def test_no_body_vanishes_and_nothing_leaves_the_scale(
    opened: int, closed: int, above: int, below: int, rows: int, middle: bool, textured: bool
) -> None:
    high, low = min(100, max(opened, closed) + above // 5), max(0, min(opened, closed) - below // 5)
    shown, scale = candle(opened, high, low, closed), PriceScale(0, 100, rows)
    body = Ink.UP if closed >= opened else Ink.DOWN
    for glyphs in (UNICODE, ASCII):
        for first, cells in (
            narrow_column(shown, scale, glyphs, textured=textured),
            wide_column(shown, scale, glyphs, middle=middle, textured=textured),
        ):
            assert 0 <= first <= first + len(cells) <= rows
            assert any(body in cell[1:] for cell in cells)
            assert all(len(cell.glyph) == 1 for cell in cells)


@given(PRICES, PRICES, st.integers(1, 40), st.sampled_from((1, 2, 8)))
def test_ends_are_rounded_to_the_nearest_part(low: int, high: int, rows: int, parts: int) -> None:
    low, high = min(low, high), max(low, high)
    at = extent_of(candle(low, high, low, high), PriceScale(0, 100, rows), parts)
    for end, price in ((at.body_low, low), (at.body_high, high)):
        wrong = abs(end * 100 - price * rows * parts)
        assert wrong <= 50 or at.body_high - at.body_low == 1, "only the least body may be larger than it is"


def test_volume_is_at_least_an_eighth_and_at_most_its_rows() -> None:
    assert text(volume_column(1, 10**9, 3, UNICODE, up=True)) == "▁"
    assert text(volume_column(10**9, 10**9, 3, UNICODE, up=True)) == "███"
    assert text(volume_column(0, 10**9, 3, UNICODE, up=True)) == ""


def test_the_scale_stays_while_prices_fill_it() -> None:
    first = rescale(None, 1_000, 1_100, 20)
    assert (first.low, first.high) == (996, 1_104)
    assert rescale(first, 1_010, 1_100, 20) is first
    assert rescale(first, 1_000, 1_105, 20) is not first, "a price left it"
    assert rescale(first, 1_050, 1_100, 20) is not first, "too little of it is used"
    flat = rescale(None, 5, 5, 20)
    assert rescale(flat, 5, 5, 20) == flat
    assert flat.low < 5 < flat.high


@given(st.integers(1, 2**48), st.integers(1, 2**40), st.integers(1, 80), st.integers(1, 6))
def test_labels_are_round_prices_in_the_rows_that_hold_them(low: int, span: int, rows: int, apart: int) -> None:
    scale = PriceScale(low, low + span, rows)
    step = label_step(scale, apart)
    assert str(step).rstrip("0") in ("1", "2", "5")
    for row, price in labels(scale, apart).items():
        assert (price % step, scale.row(price)) == (0, row)
        assert 0 <= row < rows


@given(st.integers(-5, 2**48), st.integers(2, 2**40), st.integers(1, 80))
def test_a_row_has_the_price_that_it_says(low: int, span: int, rows: int) -> None:
    scale = PriceScale(low, low + span, rows)
    if span >= 2 * rows:
        assert [scale.row(scale.price_at(row)) for row in range(rows)] == list(range(rows))
