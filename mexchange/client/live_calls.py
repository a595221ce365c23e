"""What goes on and on: views that keep themselves right, and streams of what happens."""

from collections.abc import AsyncIterator, Callable
from typing import Final, Generic, TypeVar

from mexchange.client.balances_view import BalancesView
from mexchange.client.book_view import BookView
from mexchange.client.calls import Calls
from mexchange.client.errors import ClientError, GapUnavailable
from mexchange.client.feed import BookFeed, CandlesFeed, ListenedFeed, TickerFeed, TradesFeed
from mexchange.client.orders_view import OrdersView
from mexchange.client.pending import Pending
from mexchange.client.query_calls import EVENTS_PER_QUERY
from mexchange.client.stream import Stream
from mexchange.client.waiter import Waiter
from mexchange.codec.messages import RateClass, Ticker, Trade
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.events import Event

T = TypeVar("T")

ASKS_PER_S: Final = 5
_NS_PER_S: Final = 1_000_000_000


class Reader(Generic[T]):
    """A stream under a driver: `async for item in reader`. Ends with an error only."""

    def __init__(self, stream: Stream[T], waiter: Waiter) -> None:
        self.stream = stream
        self._waiter = waiter

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        while (item := self.stream.take()) is None:
            await self._waiter.wait(self.stream.ready())
        return item

    async def next(self, timeout_ns: int) -> T | None:
        """The next item, or None when the time is over."""
        item = self.stream.take()
        if item is None and await self._waiter.wait_until(self.stream.ready(), timeout_ns):
            item = self.stream.take()
        return item

    def close(self) -> None:
        """Enough."""
        self.stream.close()


class LiveCalls(Calls):
    """Calls, and what is live. One channel is subscribed to once, however many listen."""

    async def subscribe_book(
        self, market: int, depth: int = 10, group_ticks: int = 1, rate: RateClass = RateClass.FAST
    ) -> BookView:
        """A book that keeps itself right; returns once the server agreed, the first snapshot follows."""
        feed = BookFeed(BookView(market, depth=depth, group_ticks=group_ticks), rate)
        known = self.exchange.subscriptions.get(feed.key)
        if isinstance(known, BookFeed):
            known.readers += 1
            return known.view
        feed.view.attach(self._waiter)
        await self._waiter.wait(self.exchange.subscriptions.add(feed, self.exchange.now_ns))
        return feed.view

    async def unsubscribe(self, view: BookView) -> None:
        """Once for each `subscribe_book`: after the last the view is not kept up to date any more."""
        for feed in self.exchange.subscriptions.feeds():
            if isinstance(feed, BookFeed) and feed.view is view:
                feed.readers -= 1
                if not feed.readers:
                    self.exchange.subscriptions.remove(feed)

    def trades_stream(self, market: int, rate: RateClass = RateClass.FAST) -> Reader[Trade]:
        """Public trades from now on, in order; what got lost on the way is asked for."""
        since = self.exchange.sequence
        stream: Stream[Trade] = Stream()

        def hear(trade: Trade) -> None:
            if trade.sequence > since:
                stream.push(trade)

        feed = TradesFeed(market, rate)
        known = self.exchange.subscriptions.get(feed.key)
        return self._listen(stream, known if isinstance(known, TradesFeed) else feed, hear)

    def ticker_stream(self, market: int, rate: RateClass = RateClass.NORMAL) -> Reader[Ticker]:
        """The ticker now, and whenever it changes."""
        stream: Stream[Ticker] = Stream()
        feed = TickerFeed(market, rate)
        known = self.exchange.subscriptions.get(feed.key)
        if isinstance(known, TickerFeed):
            feed = known
            if known.latest is not None:
                stream.push(known.latest)
        return self._listen(stream, feed, stream.push)

    def candles_stream(self, market: int, interval: Interval, rate: RateClass = RateClass.NORMAL) -> Reader[Candle]:
        """The last candles now, then each as it grows: a later item with the same `open_ns` takes the place of the
        earlier one. An interval without trades has no candle. Older ones: `candles`."""
        stream: Stream[Candle] = Stream()
        feed = CandlesFeed(market, interval, rate)
        known = self.exchange.subscriptions.get(feed.key)
        if isinstance(known, CandlesFeed):
            feed = known
            for candle in known.latest:
                stream.push(candle)
        return self._listen(stream, feed, stream.push)

    def own_events(self) -> Reader[Event | GapUnavailable]:
        """Events of our account from now on, each once and in order; a GapUnavailable where some are lost for good."""
        stream: Stream[Event | GapUnavailable] = Stream()

        def hear(events: list[Event]) -> None:
            for event in events:
                stream.push(event)

        stream.on_close(self.exchange.own.on_events(hear))
        stream.on_close(self.exchange.own.on_break(stream.push))
        stream.on_close(self.exchange.on_closed(stream.end))
        return Reader(stream, self._waiter)

    async def account_events(self, account: int, after: int) -> AsyncIterator[Event | GapUnavailable]:
        """Events of another account of ours behind that account sequence, each once and in order.

        The server tells a session of its own account alone; this asks for the other one, `ASKS_PER_S` times a second.
        """
        while True:
            head = await self.head(account)
            while after < head:
                upto = min(head, after + EVENTS_PER_QUERY)
                try:
                    events = await self.events(after + 1, upto, account=account)
                except GapUnavailable as gap:
                    yield gap
                    after = gap.first_available - 1
                    continue
                for event in events:
                    yield event
                after = upto
            never: Pending[None] = Pending()
            await self._waiter.wait_until(never, _NS_PER_S // ASKS_PER_S)

    async def orders_view(self) -> OrdersView:
        """Our orders, complete."""
        if not self.exchange.orders.complete:
            await self._waiter.wait(self.exchange.own.sync.request())
        return self.exchange.orders

    async def balances_view(self) -> BalancesView:
        """Our balances, complete."""
        if not self.exchange.balances.complete:
            await self._waiter.wait(self.exchange.own.sync.request())
        return self.exchange.balances

    def _listen(self, stream: Stream[T], feed: ListenedFeed[T], hear: Callable[[T], None]) -> Reader[T]:
        feed.listeners.append(hear)

        def leave() -> None:
            feed.listeners.remove(hear)
            if not feed.listeners:
                self.exchange.subscriptions.remove(feed)

        stream.on_close(leave)
        if self.exchange.subscriptions.get(feed.key) is not feed:
            agreed = self.exchange.subscriptions.add(feed, self.exchange.now_ns)
            agreed.on_done(lambda: _end_if_refused(stream, agreed.result))
        stream.on_close(self.exchange.on_closed(stream.end))
        return Reader(stream, self._waiter)


def _end_if_refused(stream: Stream[T], result: Callable[[], None]) -> None:
    try:
        result()
    except ClientError as error:
        stream.end(error)
