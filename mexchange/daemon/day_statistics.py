"""Twenty-four hours of one market, kept in buckets of a minute, so that nothing is ever added up again.

The window is the current minute and the 1,439 before it. Lots and ticks * lots are exact integers of any size.
"""

from collections import deque
from typing import Final

import msgspec

from mexchange.domain.candles import Candle

BUCKET_NS: Final = 60_000_000_000
BUCKETS_MAX: Final = 24 * 60


class Bucket(msgspec.Struct, array_like=True, gc=False):
    """What happened in one minute. Prices in ticks."""

    minute: int
    """Since the Unix epoch."""
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    """Lots."""
    turnover: int = 0
    """Ticks * lots."""
    trades: int = 0


class DayStatistics:
    """Open, high, low, volume of the last 24 hours."""

    __slots__ = ("_buckets", "_extremes", "last", "trades", "turnover", "volume")

    def __init__(self, buckets: list[Bucket] | None = None, last: int = 0) -> None:
        self._buckets = deque(buckets or [])
        self._extremes: tuple[int, int] | None = None
        self.last = last
        """Price of the last trade ever, or 0."""
        self.volume = sum(bucket.volume for bucket in self._buckets)
        self.turnover = sum(bucket.turnover for bucket in self._buckets)
        """Ticks * lots: times atoms_per_tick_lot gives quote atoms."""
        self.trades = sum(bucket.trades for bucket in self._buckets)

    @property
    def buckets(self) -> list[Bucket]:
        """What has to be kept to go on later."""
        return list(self._buckets)

    def add(self, candle: Candle) -> None:
        """Count trades of one second. Times never go back."""
        minute = candle.open_ns // BUCKET_NS
        buckets = self._buckets
        if not buckets or buckets[-1].minute != minute:
            self.expire(candle.open_ns)
            if not buckets:
                self._extremes = None
            buckets.append(Bucket(minute, candle.open, candle.high, candle.low, candle.close))
        bucket = buckets[-1]
        bucket.high = max(bucket.high, candle.high)
        bucket.low = min(bucket.low, candle.low)
        bucket.close = self.last = candle.close
        bucket.volume += candle.volume
        bucket.turnover += candle.turnover
        bucket.trades += candle.trades
        self.volume += candle.volume
        self.turnover += candle.turnover
        self.trades += candle.trades
        if self._extremes is not None:
            high, low = self._extremes
            self._extremes = max(high, candle.high), min(low, candle.low)

    def expire(self, time_ns: int) -> bool:
        """Forget what is older than the window. True if something was."""
        first = time_ns // BUCKET_NS - BUCKETS_MAX + 1
        buckets, changed = self._buckets, False
        while buckets and buckets[0].minute < first:
            bucket = buckets.popleft()
            self.volume -= bucket.volume
            self.turnover -= bucket.turnover
            self.trades -= bucket.trades
            self._extremes, changed = None, True
        return changed

    @property
    def open(self) -> int:
        """Price of the first trade in the window, or 0."""
        return self._buckets[0].open if self._buckets else 0

    @property
    def high(self) -> int:
        """The highest price in the window, or 0."""
        return self._high_low()[0]

    @property
    def low(self) -> int:
        """The lowest price in the window, or 0."""
        return self._high_low()[1]

    def _high_low(self) -> tuple[int, int]:
        if self._extremes is None:
            highs = max((bucket.high for bucket in self._buckets), default=0)
            lows = min((bucket.low for bucket in self._buckets), default=0)
            self._extremes = highs, lows
        return self._extremes
