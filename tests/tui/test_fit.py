"""Numbers in little room: shorter, never other."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from mexchange.tui.widgets.fit import UNITS, fit_price, fit_size, without_zeros
from mexchange.tui.widgets.shown import Shown

SCALES = st.integers(0, 9)


@given(st.integers(0, 2**62), SCALES, st.integers(0, 40))
def test_a_size_fits_and_is_never_more_than_it_is(lots: int, scale: int, width: int) -> None:
    text = Shown("", 1, 1, scale).size(lots)
    fitted = fit_size(text, width, "…")
    assert len(fitted) <= width
    if fitted in ("", "…"):
        return
    value, exact = Fraction(lots, 10**scale), not fitted.endswith(("…", *UNITS[1:]))
    unit = 1000 ** UNITS.index(fitted[-1]) if fitted[-1] in UNITS[1:] else 1
    digits = fitted.rstrip("…" + "".join(UNITS)).replace(",", "")
    shown = Fraction(digits.rstrip(".")) * unit
    last_digit = Fraction(unit, 10 ** len(digits.partition(".")[2]))
    assert shown == value if exact else shown <= value < shown + last_digit


@given(st.integers(1, 2**48), st.sampled_from((1, 10, 10_000_000, 5 * 10**9)), st.integers(0, 40))
def test_a_price_keeps_its_last_digits_and_says_what_is_cut(ticks: int, tick_size: int, width: int) -> None:
    text = Shown("", tick_size, 1, 0).price(ticks)
    fitted = fit_price(text, width, "…")
    assert len(fitted) <= width
    if fitted.startswith("…"):
        assert text.replace(",", "").endswith(fitted[1:])
    else:
        assert fitted in ("", text, text.replace(",", ""))


def test_zeros_that_say_nothing_go() -> None:
    assert [without_zeros(text) for text in ("27.000", "0.50", "100", "1,200.0")] == ["27", "0.5", "100", "1,200"]


def test_a_table_of_widths() -> None:
    texts = [fit_size("1,234,567.5000", width, "…") for width in (14, 11, 9, 8, 5, 2, 1)]
    assert texts == ["1,234,567.5000", "1,234,567.5", "1234567.5", "1.23456M", "1.23M", "1M", "…"]
