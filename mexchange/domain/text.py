"""Decimal text to integers and back, exactly. The only place where people's numbers become ours.

Text is digits with at most one point: `999.55`, `0.001`, `12`, `.5`. No sign, no exponent, no separators: a comma means
thousands to some and decimals to others, so it is only ever shown, never read. What does not fit is not rounded: the
error names the nearest values that do.
"""

import re
from typing import Final

from mexchange.domain.market import TICK_SCALE
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import PRICE_MAX, QUANTITY_MAX, SUPPLY_MAX, Atoms, Lots, Ticks

SEPARATOR: Final = ","
DIGITS_MAX: Final = 40
"""Longer numbers are refused unread."""

_NUMBER: Final = re.compile(r"(\d*)(?:\.(\d*))?", re.ASCII)


class TextError(ValueError):
    """The text is not a value that can be used. The message says which, `hint` what can."""

    def __init__(self, reason: RejectReason, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.code = REJECTS[reason].code
        self.hint = hint or REJECTS[reason].hint


def parse_decimal(text: str, scale: int) -> int:
    """The number in units of 10^-scale, zero or more. Raises TextError (E_AMOUNT)."""
    value, excess = _parse(text, scale, RejectReason.AMOUNT_INVALID, "amount")
    if excess:
        message = f"{text.strip()} has more than {scale} decimals"
        raise TextError(RejectReason.AMOUNT_INVALID, message, _nearest("values", value, value + 1, scale, scale))
    return value


def parse_price(text: str, tick_size: int) -> Ticks:
    """A price, `tick_size` in 10^-9 quote units. Raises TextError (E_PRICE, E_TICK)."""
    value, excess = _parse(text, TICK_SCALE, RejectReason.PRICE_INVALID, "price")
    ticks, beyond = divmod(value, tick_size)
    if beyond or excess:
        message = f"price {text.strip()} is not a multiple of tick {_bare(tick_size, TICK_SCALE)}"
        decimals = decimals_of(tick_size, TICK_SCALE)
        hint = _nearest("prices", ticks * tick_size, (ticks + 1) * tick_size, TICK_SCALE, decimals)
        raise TextError(RejectReason.TICK_INVALID, message, hint)
    if ticks == 0:
        raise TextError(RejectReason.PRICE_INVALID, "a price is above zero", f"one tick is {_bare(tick_size, 9)}")
    if ticks > PRICE_MAX:
        raise TextError(RejectReason.PRICE_INVALID, f"price {text.strip()} is beyond the largest")
    return Ticks(ticks)


def parse_quantity(text: str, lot_size: int, scale: int) -> Lots:
    """A quantity of the base asset, whose scale this is; `lot_size` in atoms. Raises TextError (E_QUANTITY, E_LOT)."""
    value, excess = _parse(text, scale, RejectReason.QUANTITY_INVALID, "quantity")
    lots, beyond = divmod(value, lot_size)
    if beyond or excess:
        message = f"quantity {text.strip()} is not a multiple of lot {_bare(lot_size, scale)}"
        hint = _nearest("quantities", lots * lot_size, (lots + 1) * lot_size, scale, decimals_of(lot_size, scale))
        raise TextError(RejectReason.LOT_INVALID, message, hint)
    if lots == 0:
        raise TextError(
            RejectReason.QUANTITY_INVALID, "a quantity is above zero", f"one lot is {_bare(lot_size, scale)}"
        )
    if lots > QUANTITY_MAX:
        raise TextError(RejectReason.QUANTITY_INVALID, f"quantity {text.strip()} is beyond the largest")
    return Lots(lots)


def parse_amount(text: str, scale: int) -> Atoms:
    """An amount of an asset of this scale, above zero. Raises TextError (E_AMOUNT)."""
    atoms = parse_decimal(text, scale)
    if atoms == 0:
        raise TextError(RejectReason.AMOUNT_INVALID, "an amount is above zero", f"the smallest is {_bare(1, scale)}")
    if atoms > SUPPLY_MAX:
        raise TextError(RejectReason.AMOUNT_INVALID, f"amount {text.strip()} is beyond the largest")
    return Atoms(atoms)


def _parse(text: str, scale: int, reason: RejectReason, noun: str) -> tuple[int, bool]:
    """The number in units of 10^-scale, rounded down, and whether anything was lost by that."""
    stripped = text.strip()
    match = _NUMBER.fullmatch(stripped)
    if match is None or not any(match.groups()) or len(stripped) > DIGITS_MAX:
        hint = "a point stands before the decimals; no sign, no separators, no exponent"
        raise TextError(reason, f"{noun} {stripped[:DIGITS_MAX]!r} is not a decimal number", hint)
    whole, fraction = match[1] or "0", match[2] or ""
    kept = fraction[:scale].ljust(scale, "0")
    return int(whole + kept), any(digit != "0" for digit in fraction[scale:])


def _nearest(noun: str, below: int, above: int, scale: int, decimals: int) -> str:
    """What people are told instead; zero is no use to anybody."""
    upper = format_decimal(above, scale, decimals)
    if below == 0:
        return f"the nearest of the valid {noun} is {upper}"
    return f"nearest valid {noun} are {format_decimal(below, scale, decimals)} and {upper}"


def _bare(value: int, scale: int) -> str:
    return format_decimal(value, scale, decimals_of(value, scale))


def decimals_of(step: int, scale: int) -> int:
    """How many decimals multiples of `step` × 10^-scale have."""
    assert step > 0
    decimals = scale
    while decimals and step % 10 == 0:
        step //= 10
        decimals -= 1
    return decimals


def format_price(ticks: int, tick_size: int, *, thousands: bool = False) -> str:
    """With as many decimals as the tick size has, so that columns align."""
    return format_decimal(ticks * tick_size, TICK_SCALE, decimals_of(tick_size, TICK_SCALE), thousands=thousands)


def format_quantity(lots: int, lot_size: int, scale: int, *, thousands: bool = False) -> str:
    """With as many decimals as the lot size has."""
    return format_decimal(lots * lot_size, scale, decimals_of(lot_size, scale), thousands=thousands)


def format_amount(atoms: int, scale: int, decimals: int | None = None, *, thousands: bool = False) -> str:
    """With all decimals, or with fewer: then rounded toward zero, so that nobody is shown more than there is."""
    return format_decimal(atoms, scale, decimals, thousands=thousands)


def format_money(atoms: int, scale: int) -> str:
    """For people: thousands separated, at least two decimals, further ones only as far as they are not zero."""
    whole, _, fraction = format_amount(atoms, scale, thousands=True).partition(".")
    shown = fraction.rstrip("0").ljust(min(2, scale), "0")
    return f"{whole}.{shown}" if shown else whole


def trimmed(text: str) -> str:
    """Decimal text without trailing zeros: `4.995`."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_decimal(value: int, scale: int, decimals: int | None = None, *, thousands: bool = False) -> str:
    """`value` × 10^-scale with so many decimals (default: scale), rounded toward zero. Inverse of `parse_decimal`."""
    decimals = scale if decimals is None else decimals
    assert decimals >= 0
    whole, fraction = divmod(abs(value), 10**scale)
    digits = str(fraction).rjust(scale, "0")[:decimals].ljust(decimals, "0") if scale else "0" * decimals
    sign = "-" if value < 0 and (whole or digits.strip("0")) else ""
    front = f"{whole:,}".replace(",", SEPARATOR) if thousands else str(whole)
    return f"{sign}{front}.{digits}" if decimals else f"{sign}{front}"
