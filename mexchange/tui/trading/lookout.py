"""The last prices of the markets that alerts wait for, whether they are shown or not."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from mexchange.client.errors import ClientError
from mexchange.client.markets import Markets, UnknownSymbol
from mexchange.codec.messages import MarketInfo, RateClass
from mexchange.tui.source import Source

MARKETS_MAX: Final = 20
"""A session has 64 subscriptions; a ticker that is followed elsewhere too counts once."""


class Lookout:
    """Of one source at a time. `changed` is called when a price is another one."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._source: Source | None = None
        self._last: dict[str, int] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def last(self, symbol: str) -> int:
        """In ticks; 0: not known."""
        return self._last.get(symbol, 0)

    def follow(self, source: Source, markets: Markets, symbols: Iterable[str]) -> None:
        """These markets and no others, as many as `MARKETS_MAX`; symbols that do not exist are left out."""
        if source is not self._source:
            self.close()
            self._source = source
        wanted = list(dict.fromkeys(symbols))[:MARKETS_MAX]
        for symbol in [each for each in self._tasks if each not in wanted]:
            self._tasks.pop(symbol).cancel()
            self._last.pop(symbol, None)
        for symbol in wanted:
            if symbol not in self._tasks:
                self._begin(source, markets, symbol)

    def close(self) -> None:
        """Follow nothing. Idempotent."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._last.clear()

    def _begin(self, source: Source, markets: Markets, symbol: str) -> None:
        try:
            market = markets.by_symbol(symbol)
        except UnknownSymbol:
            return
        self._tasks[symbol] = asyncio.create_task(self._follow(source, market), name=f"lookout {symbol}")

    async def _follow(self, source: Source, market: MarketInfo) -> None:
        flow = source.ticker_stream(market.market, RateClass.NORMAL)
        try:
            async for ticker in flow:
                if self._last.get(market.symbol) != ticker.last:
                    self._last[market.symbol] = ticker.last
                    self._changed()
        except ClientError:
            return  # the connection is over; the next one is followed anew
        finally:
            flow.close()
