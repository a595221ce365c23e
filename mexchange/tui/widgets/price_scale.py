"""Prices to rows of a screen and back, in integers."""

from typing import Final, NamedTuple

from mexchange.domain.units import div_ceil

PAD_PERCENT: Final = 4
FILLED_MIN_PERCENT: Final = 70
VOLUME_ROOM_PERCENT: Final = 25
"""How far a volume that outgrew the scale may go on before all are drawn anew once more."""
VOLUME_KEPT_PERCENT: Final = 50
TICKS_PER_LABEL: Final = (1, 2, 5)


class PriceScale(NamedTuple):
    """`low` lies at the lower edge of the last row, `high` at the upper edge of the first."""

    low: int
    high: int
    rows: int

    def level(self, price: int, parts: int) -> int:
        """How high above the lower edge, in parts of a row, rounded to the nearest."""
        span = self.high - self.low
        return ((price - self.low) * self.rows * parts * 2 + span) // (2 * span)

    def fine_level(self, price: int, unit: int, parts: int) -> int:
        """As `level`, of a price in 1/unit ticks."""
        span = (self.high - self.low) * unit
        return ((price - self.low * unit) * self.rows * parts * 2 + span) // (2 * span)

    def row(self, price: int) -> int:
        """The row that holds this price, from the top; may lie outside."""
        return self.rows - 1 - (price - self.low) * self.rows // (self.high - self.low)

    def price_at(self, row: int) -> int:
        """The price in the middle of a row."""
        span = self.high - self.low
        return self.low + span * (2 * (self.rows - row) - 1) // (2 * self.rows)


def rescale(old: PriceScale | None, low: int, high: int, rows: int) -> PriceScale:
    """A scale for prices from `low` to `high`. The old one stays while they lie in it and fill most of it."""
    if old is not None and old.rows == rows and old.low <= low and high <= old.high:
        filled = (high - low) * 100 // (old.high - old.low)
        if filled >= FILLED_MIN_PERCENT or old == _padded(low, high, rows):
            return old
    return _padded(low, high, rows)


def _padded(low: int, high: int, rows: int) -> PriceScale:
    pad = max(1, (high - low) * PAD_PERCENT // 100)
    return PriceScale(low - pad, high + pad, rows)


def volume_scale(old: int, largest: int) -> int:
    """Lots that fill the volume rows: two digits and zeros. The old one stays while it is neither small nor vast."""
    if old >= largest and old * VOLUME_KEPT_PERCENT <= largest * 100:
        return old
    wanted = largest + (largest * VOLUME_ROOM_PERCENT // 100 if old else 0)
    unit = int(10 ** max(0, len(str(wanted)) - 2))
    return max(1, div_ceil(wanted, unit) * unit)


def label_step(scale: PriceScale, rows_per_label: int) -> int:
    """The smallest of 1, 2, 5, 10 … ticks that keeps labels so many rows apart."""
    span, power = scale.high - scale.low, 1
    while True:
        for factor in TICKS_PER_LABEL:
            if factor * power * scale.rows >= span * rows_per_label:
                return factor * power
        power *= 10


def labels(scale: PriceScale, rows_per_label: int) -> dict[int, int]:
    """Row to price: round prices, each in the row that holds it."""
    step = label_step(scale, rows_per_label)
    first = max(step, -(-scale.low // step) * step)
    found = {scale.row(price): price for price in range(first, scale.high, step)}
    return {row: price for row, price in found.items() if 0 <= row < scale.rows}
