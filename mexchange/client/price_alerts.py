"""Price alerts: a price, and from which side it is waited for."""

import msgspec


class PriceAlert(msgspec.Struct, frozen=True):
    """By symbol and decimal text, so that it can be kept in a file and outlive a market's ids."""

    market: str
    price: str
    is_above: bool
    """Reached once the last price is there or higher; else there or lower."""


def is_reached(*, target: int, is_above: bool, last: int) -> bool:
    """Has the last price (0: none) come to the target. Ticks."""
    return bool(last) and (last >= target if is_above else last <= target)
