"""Order ids as people read and type them."""

from typing import Final

DIGITS_MIN: Final = 6


def show(order_id: int) -> str:
    """Hexadecimal, six digits at least: `00002a`."""
    return f"{order_id:0{DIGITS_MIN}x}"
