"""Decimal text is read and shown exactly, and what does not fit is answered with what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.domain.rejects import RejectReason
from mexchange.domain.text import (
    TextError,
    decimals_of,
    format_amount,
    format_decimal,
    format_price,
    format_quantity,
    parse_amount,
    parse_decimal,
    parse_price,
    parse_quantity,
)
from mexchange.domain.units import PRICE_MAX, QUANTITY_MAX, SUPPLY_MAX

CENT = 10_000_000  # 0.01 in 10^-9


def test_prices_are_counted_in_ticks() -> None:
    assert parse_price("999.55", CENT) == 99_955
    assert parse_price(" 1000 ", CENT) == 100_000
    assert parse_price("999.5500000000000", CENT) == 99_955
    assert parse_price(".5", CENT) == 50
    assert format_price(99_955, CENT) == "999.55"
    assert format_price(123_456_700, CENT, thousands=True) == "1,234,567.00"


def test_a_price_between_ticks_names_its_neighbours() -> None:
    with pytest.raises(TextError) as caught:
        parse_price("999.553", CENT)
    assert caught.value.code == "E_TICK"
    assert str(caught.value) == "price 999.553 is not a multiple of tick 0.01"
    assert caught.value.hint == "nearest valid prices are 999.55 and 999.56"


def test_a_price_finer_than_any_tick_is_not_cut_off() -> None:
    with pytest.raises(TextError) as caught:
        parse_price("1.0000000000001", 1)
    assert caught.value.hint == "nearest valid prices are 1.000000000 and 1.000000001"


def test_below_the_first_tick_only_the_first_is_named() -> None:
    with pytest.raises(TextError, match=r"not a multiple of tick 0\.01") as caught:
        parse_price("0.001", CENT)
    assert caught.value.hint == "the nearest of the valid prices is 0.01"


def test_a_quantity_between_lots_names_its_neighbours() -> None:
    with pytest.raises(TextError) as caught:
        parse_quantity("5.0005", 100_000, 8)
    assert caught.value.reason is RejectReason.LOT_INVALID
    assert caught.value.hint == "nearest valid quantities are 5.000 and 5.001"
    assert parse_quantity("5", 100_000, 8) == 5_000
    assert format_quantity(5_000, 100_000, 8) == "5.000"


def test_an_amount_with_too_many_decimals_names_its_neighbours() -> None:
    with pytest.raises(TextError) as caught:
        parse_amount("1.005", 2)
    assert caught.value.code == "E_AMOUNT"
    assert str(caught.value) == "1.005 has more than 2 decimals"
    assert caught.value.hint == "nearest valid values are 1.00 and 1.01"


@pytest.mark.parametrize("text", ["", ".", "-1", "+1", "1e3", "1,000", "1.2.3", "½", "٣", "nan", "0x10", "1_0", "1 0"])
def test_what_is_not_a_plain_decimal_number_is_refused(text: str) -> None:
    with pytest.raises(TextError, match="is not a decimal number"):
        parse_price(text, CENT)


def test_numbers_of_absurd_length_are_refused_unread() -> None:
    with pytest.raises(TextError, match="is not a decimal number"):
        parse_decimal("9" * 5_000, 8)


def test_zero_and_the_too_large_are_refused_by_name() -> None:
    for parse, code in (
        (lambda text: parse_price(text, CENT), "E_PRICE"),
        (lambda text: parse_quantity(text, 100_000, 8), "E_QUANTITY"),
        (lambda text: parse_amount(text, 8), "E_AMOUNT"),
    ):
        for text in ("0", "0.00", "99999999999999999999"):
            with pytest.raises(TextError) as caught:
                parse(text)
            assert caught.value.code == code


def test_amounts_are_shown_rounded_toward_zero() -> None:
    assert format_amount(1_999_999_999, 8) == "19.99999999"
    assert format_amount(1_999_999_999, 8, 2) == "19.99"
    assert format_amount(-1_999_999_999, 8, 2) == "-19.99"
    assert format_amount(-1, 8, 2) == "0.00"
    assert format_amount(5, 0) == "5"
    assert format_amount(5, 0, 2) == "5.00"
    assert format_amount(1234567, 0, thousands=True) == "1,234,567"


def test_decimals_of_a_step() -> None:
    assert [decimals_of(step, 9) for step in (1, 10_000_000, 500_000_000, 10**9, 10**12)] == [9, 2, 1, 0, 0]


@given(st.integers(1, PRICE_MAX), st.integers(1, 10**13))
def test_a_shown_price_reads_back(ticks: int, tick_size: int) -> None:
    if len(format_price(ticks, tick_size)) <= 40:
        assert parse_price(format_price(ticks, tick_size), tick_size) == ticks


@given(st.integers(1, QUANTITY_MAX), st.integers(1, 10**13), st.integers(0, 9))
def test_a_shown_quantity_reads_back(lots: int, lot_size: int, scale: int) -> None:
    assert parse_quantity(format_quantity(lots, lot_size, scale), lot_size, scale) == lots


@given(st.integers(1, SUPPLY_MAX), st.integers(0, 9))
def test_a_shown_amount_reads_back(atoms: int, scale: int) -> None:
    assert parse_amount(format_amount(atoms, scale), scale) == atoms


@given(st.text(max_size=20), st.integers(0, 9))
def test_any_text_is_a_number_or_a_text_error(text: str, scale: int) -> None:
    try:
        value = parse_decimal(text, scale)
    except TextError:
        return
    assert parse_decimal(format_decimal(value, scale), scale) == value
