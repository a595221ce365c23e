"""The watched markets: their tickers, and the closes of the last hours for a line as long as a word."""

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec

from mexchange.client.errors import ClientError
from mexchange.client.markets import Markets
from mexchange.codec.messages import MarketInfo, RateClass, Ticker
from mexchange.domain.candles import Interval
from mexchange.tui.source import Source
from mexchange.tui.widgets.shown import Shown, shown_of

WATCHED_MAX: Final = 20
"""A session has 64 subscriptions, and the market that is shown wants some."""
SPARK_LENGTH: Final = 7
SPARK_INTERVAL: Final = Interval.H4
"""So that seven of them are a day."""
SPARK_AGAIN_S: Final = 60
_EIGHTHS: Final = "▁▂▃▄▅▆▇█"
_ASCII: Final = "_.-=^"


class Watched(msgspec.Struct):
    """One row."""

    market: MarketInfo
    shown: Shown
    ticker: Ticker | None = None
    closes: list[int] = []


class WatchList:
    """Follows the tickers of some markets while it is open."""

    def __init__(self, source: Source, markets: Markets, symbols: list[str], changed: Callable[[], None]) -> None:
        """No symbols: all markets, up to `WATCHED_MAX`. Symbols that do not exist are left out."""
        chosen = [market for market in markets if not symbols or market.symbol in symbols][:WATCHED_MAX]
        self.rows = [Watched(market, shown_of(market, markets.asset(market.base))) for market in chosen]
        self._source = source
        self._changed = changed
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Begin to follow."""
        self._tasks = [asyncio.create_task(self._follow(row)) for row in self.rows]
        self._tasks.append(asyncio.create_task(self._sparks()))

    def close(self) -> None:
        """Follow no more. What is known stays. Idempotent."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    async def _follow(self, row: Watched) -> None:
        flow = self._source.ticker_stream(row.market.market, RateClass.NORMAL)
        try:
            async for ticker in flow:
                row.ticker = ticker
                self._changed()
        except ClientError:
            return  # the connection is over; the next one makes a list of its own
        finally:
            flow.close()

    async def _sparks(self) -> None:
        while True:
            for row in self.rows:
                try:
                    row.closes = await self._closes(row.market.market)
                except ClientError:
                    continue  # drawn without; asked again
                self._changed()
            await asyncio.sleep(SPARK_AGAIN_S)

    async def _closes(self, market: int) -> list[int]:
        since_ns = self._source.server_time_ns() - (SPARK_LENGTH - 1) * SPARK_INTERVAL.ns
        return [candle.close async for candle in self._source.candles(market, SPARK_INTERVAL, since_ns=since_ns)]


def spark(closes: list[int], *, ascii_only: bool = False) -> str:
    """Seven glyphs from the lowest to the highest close; blanks before the first trade."""
    glyphs = _ASCII if ascii_only else _EIGHTHS
    last = closes[-SPARK_LENGTH:]
    if not last:
        return " " * SPARK_LENGTH
    low, high = min(last), max(last)
    steps = len(glyphs) - 1
    drawn = (glyphs[((close - low) * steps) // (high - low) if high > low else steps // 2] for close in last)
    return "".join(drawn).rjust(SPARK_LENGTH)
