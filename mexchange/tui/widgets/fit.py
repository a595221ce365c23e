"""Numbers in less room than they need: shortened so that nobody reads a digit that is not so.

1,234,567.5000 in 14  1,234,567.5000      whole
               in 11  1,234,567.5         a size without zeros that say nothing
               in  9  1234567.5           without separators
               in  5  1.23M               a size with a unit, rounded toward zero
               in  5  …5000               a price: what is cut off is said
"""

from typing import Final

UNITS: Final = ("", "K", "M", "B", "T", "P", "E", "Z")


def without_zeros(text: str) -> str:
    """`27.000` is `27`, `0.50` is `0.5`."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def fit_size(text: str, width: int, ellipsis: str) -> str:
    """A size in at most `width` cells, with a unit if need be. `text` as `Shown.size` gives it."""
    exact = _exact(text, width)
    return exact if exact is not None else _with_unit(text, width, ellipsis)


def fit_price(text: str, width: int, ellipsis: str) -> str:
    """A price in at most `width` cells: its last digits are the ones that tell rows apart, so they stay."""
    if len(text) <= width:
        return text
    bare = text.replace(",", "")
    if len(bare) <= width:
        return bare
    return (ellipsis + bare[len(bare) - width + 1 :]) if width > 1 else ellipsis[:width]


def _exact(text: str, width: int) -> str | None:
    """The same number, shorter, or None if that does not fit."""
    for shorter in (text, without_zeros(text), without_zeros(text).replace(",", "")):
        if len(shorter) <= width:
            return shorter
    return None


def _with_unit(text: str, width: int, ellipsis: str) -> str:
    """Rounded toward zero; the ellipsis alone where even that has no room."""
    whole, _, fraction = text.replace(",", "").partition(".")
    sign = "-" if whole.startswith("-") else ""
    whole = whole.lstrip("-")
    power = (len(whole) - 1) // 3
    if power == 0:
        if width < len(sign) + len(whole) + 2:
            return ellipsis[:width]
        return f"{sign}{whole}.{fraction}"[: width - 1] + ellipsis
    if power >= len(UNITS):
        return ellipsis[:width]
    head, tail = whole[: len(whole) - 3 * power], whole[len(whole) - 3 * power :]
    room = width - len(sign) - len(head) - 1
    if room < 0:
        return ellipsis[:width]
    decimals = without_zeros(f"0.{tail[: room - 1]}")[1:] if room > 1 else ""
    return f"{sign}{head}{decimals}{UNITS[power]}"
