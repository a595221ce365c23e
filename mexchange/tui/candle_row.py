"""The candles of one interval, oldest first and without a hole, the last one growing."""

from mexchange.domain.candles import Candle, Interval, gap
from mexchange.domain.units import TimeNs

CANDLES_MAX = 5_000
"""Older ones are forgotten when newer ones come."""


class CandleRow:
    """Empty until something was traded."""

    def __init__(self, interval: Interval) -> None:
        self.interval = interval
        self.candles: list[Candle] = []
        self.loading = True
        """Is the past still on its way."""
        self.is_complete = False
        """Is there nothing older."""
        self.trouble = ""
        """Why the past is missing."""

    def grow(self, candle: Candle) -> bool:
        """A candle that is new or has grown; True if it was the last one that grew."""
        row = self.candles
        if not row or candle.open_ns > row[-1].open_ns:
            if row:
                self._fill(candle.open_ns)
            row.append(candle)
            del row[:-CANDLES_MAX]
            return False
        back = (row[-1].open_ns - candle.open_ns) // self.interval.ns
        if back >= len(row):
            return False
        row[-1 - back] = candle
        return back == 0

    def prepend(self, older: list[Candle]) -> bool:
        """Candles of the past, oldest first; what is known already stays. Was there anything new."""
        first_ns = self.candles[0].open_ns if self.candles else None
        fresh = [candle for candle in older if first_ns is None or candle.open_ns < first_ns]
        if fresh and first_ns is not None:
            live, self.candles = self.candles, fresh
            for candle in live:
                self.grow(candle)
        elif fresh:
            self.candles = fresh
        return bool(fresh)

    def pass_time(self, now_ns: int) -> bool:
        """Add the candles without trades that began meanwhile; were there any."""
        if not self.candles or self.loading:
            return False
        before = len(self.candles)
        self._fill(self.interval.open_ns(now_ns) + 1)
        del self.candles[:-CANDLES_MAX]
        return len(self.candles) != before

    def _fill(self, until_ns: int) -> None:
        """Flat candles from behind the last one to before `until_ns`."""
        last = self.candles[-1]
        open_ns = last.open_ns + self.interval.ns
        if (until_ns - open_ns) // self.interval.ns > CANDLES_MAX:
            open_ns = self.interval.open_ns(until_ns - CANDLES_MAX * self.interval.ns)
        while open_ns < until_ns:
            self.candles.append(gap(TimeNs(open_ns), last.close))
            open_ns += self.interval.ns
