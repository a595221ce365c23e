"""What screens ask for: the part of the client that reads, and the part that trades.

`client.api.Client` fulfils both; a recording that is played fulfils the first, so that no order can be sent from it.
"""

from collections.abc import AsyncIterator
from typing import Protocol, TypeVar

from mexchange.client.balances_view import BalancesView
from mexchange.client.book_view import BookView
from mexchange.client.liveness import Liveness
from mexchange.client.markets import Markets
from mexchange.client.orders_view import OrdersView
from mexchange.client.results import SessionInfo
from mexchange.codec.messages import RateClass, Ticker, Trade
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.events import Event

T_co = TypeVar("T_co", covariant=True)


class Flow(Protocol[T_co]):
    """Items as they happen: `async for item in flow`."""

    def __aiter__(self) -> AsyncIterator[T_co]: ...

    def close(self) -> None:
        """Enough."""
        ...


class CandlePages(Protocol):
    """Candles of the past, oldest first."""

    def __aiter__(self) -> AsyncIterator[Candle]: ...


class Source(Protocol):
    """Where the screens read. Names, arguments and errors are those of the client."""

    @property
    def session(self) -> SessionInfo: ...

    def liveness(self) -> Liveness: ...

    def server_time_ns(self) -> int: ...

    async def markets(self, *, refresh: bool = False) -> Markets: ...

    async def ticker(self, market: int) -> Ticker: ...

    async def trades(self, market: int, limit: int = 50) -> list[Trade]: ...

    async def subscribe_book(
        self, market: int, depth: int = 10, group_ticks: int = 1, rate: RateClass = RateClass.FAST
    ) -> BookView: ...

    async def unsubscribe(self, view: BookView) -> None: ...

    def trades_stream(self, market: int, rate: RateClass = RateClass.FAST) -> Flow[Trade]: ...

    def ticker_stream(self, market: int, rate: RateClass = RateClass.NORMAL) -> Flow[Ticker]: ...

    def candles_stream(self, market: int, interval: Interval, rate: RateClass = RateClass.NORMAL) -> Flow[Candle]: ...

    def candles(
        self, market: int, interval: Interval, *, since_ns: int = 0, until_ns: int = 0, fill_gaps: bool = True
    ) -> CandlePages: ...

    async def orders_view(self) -> OrdersView: ...

    async def balances_view(self) -> BalancesView: ...

    def own_events(self) -> Flow[Event | Exception]: ...

    async def close(self) -> None: ...
