"""A chart's worth of candles: pages of those with trades, and the gaps between them."""

from collections.abc import AsyncIterator, Iterable

from mexchange.client.history_walk import Walk
from mexchange.codec.candles import candle_of
from mexchange.codec.messages import CandleRow, CandlesPage
from mexchange.domain.candles import Candle, Interval, fill_gaps
from mexchange.domain.units import Ticks


class CandleWalk:
    """`async for candle in walk`, oldest first."""

    def __init__(self, pages: Walk[CandleRow], interval: Interval, *, since_ns: int, until_ns: int, fill: bool) -> None:
        """`pages`: oldest first, of the same time. `until_ns` is above 0."""
        self.pages = pages
        """Says how far the tables are: `as_of`, `lag`."""
        self._interval = interval
        self._since_ns = since_ns
        self._until_ns = until_ns
        self._fill = fill
        self._candles = self._walk()

    def __aiter__(self) -> AsyncIterator[Candle]:
        return self._candles

    async def __anext__(self) -> Candle:
        return await anext(self._candles)

    async def _walk(self) -> AsyncIterator[Candle]:
        next_ns: int = self._interval.open_ns(self._since_ns)
        close: Ticks | None = None
        while (rows := await self.pages.page()) is not None:
            candles = [candle_of(row) for row in rows]
            close = self._close_before() if close is None else close
            end_ns = candles[-1].open_ns + self._interval.ns
            for candle in self._filled(candles, close, next_ns, end_ns):
                yield candle
            next_ns, close = end_ns, candles[-1].close
        if self.pages.lag == 0:  # otherwise what looks like a gap may be what is not written yet
            close = self._close_before() if close is None else close
            for candle in self._filled([], close, next_ns, self._until_ns):
                yield candle

    def _filled(self, candles: list[Candle], close: Ticks, first_ns: int, until_ns: int) -> Iterable[Candle]:
        if not self._fill:
            return candles
        return fill_gaps(candles, self._interval, close_before=close, first_ns=first_ns, until_ns=until_ns)

    def _close_before(self) -> Ticks:
        """The first page says what the price was."""
        first = self.pages.answer
        return first.close_before if isinstance(first, CandlesPage) else Ticks(0)
