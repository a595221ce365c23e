"""Decimal numbers in JSON, exact in both directions: no float ever holds one.

What goes out is text made of integers, written as a JSON number or, for those who ask, as a string. What comes in is a
number or a string; a number is read by its digits, as they stand in the request.
"""

from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

import msgspec

from mexchange.domain import text
from mexchange.domain.rejects import RejectReason
from mexchange.domain.text import TextError

DIGITS_MAX: Final = 40

Number: TypeAlias = msgspec.Raw | str


class Form(Enum):
    """How the decimals of a message are written."""

    NUMBER = "number"
    STRING = "string"
    BLOCKS = "blocks"
    """No decimals at all: integers in the exchange's own blocks."""


def number(form: Form, digits: str) -> Number:
    """The JSON of a decimal: `100.50` or `"100.50"`."""
    return msgspec.Raw(digits.encode()) if form is Form.NUMBER else digits


def seconds(form: Form, time_ns: int) -> Number:
    """Unix seconds with microseconds."""
    return number(form, f"{time_ns // 10**9}.{time_ns % 10**9 // 1000:06d}")


def digits_of(value: Decimal, noun: str) -> str:
    """Plain digits, without an exponent. Raises TextError for what is no number of a reasonable size."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, str) or value.is_signed() or max(value.adjusted(), -exponent, exponent) > DIGITS_MAX:
        raise TextError(RejectReason.AMOUNT_INVALID, f"{noun} must be a decimal number above zero")
    return format(value, "f")


def trimmed(digits: str, least: int = 0) -> str:
    """Without the zeros behind the last digit that counts, but with `least` decimals."""
    whole, point, fraction = digits.partition(".")
    if not point:
        return digits
    kept = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{kept}" if kept else whole


def ppm_text(ppm: int) -> str:
    """A rate as a fraction: 1,000 is `0.001`."""
    return trimmed(text.format_decimal(ppm, 6), 1) if ppm else "0"
