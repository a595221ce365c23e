"""Which candle stands where in time: one slot for each interval, also where nothing was traded."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from mexchange.domain.candles import Candle, gap
from mexchange.domain.indicators import DayAverage, day_averages, ema, ema_after
from mexchange.domain.units import TimeNs
from mexchange.tui.widgets.chart_data import ChartData


class Slot(NamedTuple):
    """One interval. `candle` is a gap (no trades) where nothing was traded, None before the first known one."""

    open_ns: int
    candle: Candle | None
    ema: int | None = None
    """In 1/FINE ticks, as is `vwap`."""
    vwap: int | None = None


class History:
    """The finished candles by time, with their lines; computed again only when they change."""

    def __init__(self) -> None:
        self._source: Sequence[Candle] = ()
        self._key: tuple[int, ...] = ()
        self._candles: Sequence[Candle] = ()
        self._opens: list[int] = []
        self._by_open: dict[int, Candle] = {}
        self._ema: dict[int, int] = {}
        self._averages: dict[int, DayAverage] = {}

    def take(self, data: ChartData) -> bool:
        """Have they changed?"""
        candles, live = data.candles, data.live
        ends = (candles[0].open_ns, candles[-1].open_ns) if candles else ()
        key = (data.interval, len(candles), *ends, live.open_ns if live is not None else 0)
        if key == self._key and candles is self._source:
            return False
        self._key, self._source = key, candles
        if live is not None and candles and candles[-1].open_ns >= live.open_ns:
            candles = [candle for candle in candles if candle.open_ns < live.open_ns]
        self._candles = candles
        self._opens = [candle.open_ns for candle in candles]
        self._by_open = {candle.open_ns: candle for candle in candles}
        self._ema = dict(zip(self._opens, ema(candles), strict=True))
        self._averages = dict(zip(self._opens, day_averages(candles), strict=True))
        return True

    @property
    def first_ns(self) -> int:
        """When the oldest begins, 0 if there is none."""
        return self._opens[0] if self._opens else 0

    def newest_ns(self, data: ChartData) -> int:
        """When the newest begins, 0 if there is none."""
        if data.live is not None:
            return data.live.open_ns
        return self._opens[-1] if self._opens else 0

    def slots(self, data: ChartData, right_ns: int, count: int) -> list[Slot]:
        """So many, the last one at `right_ns`, oldest first."""
        step, newest = data.interval.ns, self.newest_ns(data)
        before = self._before(right_ns - count * step)
        found = []
        for open_ns in range(right_ns - (count - 1) * step, right_ns + 1, step):
            slot = self._slot(data, open_ns)
            if slot.candle is None and before is not None and open_ns <= newest:
                slot = Slot(open_ns, gap(TimeNs(open_ns), before.close))
            before = slot.candle or before
            found.append(slot)
        return found

    def _slot(self, data: ChartData, open_ns: int) -> Slot:
        live = data.live
        if live is not None and live.open_ns == open_ns:
            last = self._opens[-1] if self._opens else 0
            average = self._averages.get(last, DayAverage()).after(live)
            return Slot(open_ns, live, ema_after(self._ema.get(last), live.close), average.value)
        candle = self._by_open.get(open_ns)
        if candle is None:
            return Slot(open_ns, None)
        return Slot(open_ns, candle, self._ema[open_ns], self._averages[open_ns].value)

    def _before(self, open_ns: int) -> Candle | None:
        """The last candle that begins then or earlier."""
        index = bisect_right(self._opens, open_ns)
        return self._candles[index - 1] if index else None
