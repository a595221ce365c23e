"""Lines that are drawn over candles: averages of prices, in parts of a tick, for looking at.

Nothing is decided by them: they are rounded down at each step.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mexchange.domain.candles import DAY_NS, Candle
from mexchange.domain.units import div_floor

FINE: Final = 256
"""Parts of a tick."""
EMA_PERIOD: Final = 20


def ema_after(before: int | None, close: int, period: int = EMA_PERIOD) -> int:
    """The exponential moving average after one more close: weight 2 / (period + 1). None: this is the first."""
    if before is None:
        return close * FINE
    return before + div_floor((close * FINE - before) * 2, period + 1)


def ema(candles: Iterable[Candle], period: int = EMA_PERIOD) -> Iterator[int]:
    """After each candle."""
    value: int | None = None
    for candle in candles:
        value = ema_after(value, candle.close, period)
        yield value


class DayAverage(NamedTuple):
    """What was paid and traded since midnight UTC."""

    day: int = -1
    turnover: int = 0
    """Ticks * lots."""
    volume: int = 0
    """Lots."""

    def after(self, candle: Candle) -> "DayAverage":
        """With one more candle."""
        day = candle.open_ns // DAY_NS
        if day != self.day:
            return DayAverage(day, candle.turnover, candle.volume)
        return DayAverage(day, self.turnover + candle.turnover, self.volume + candle.volume)

    @property
    def value(self) -> int | None:
        """The volume-weighted average price in 1/FINE ticks; None while nothing was traded."""
        return div_floor(self.turnover * FINE, self.volume) if self.volume else None


def day_averages(candles: Iterable[Candle]) -> Iterator[DayAverage]:
    """After each candle."""
    average = DayAverage()
    for candle in candles:
        average = average.after(candle)
        yield average
