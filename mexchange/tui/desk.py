"""One market as the screen knows it: book, trades, ticker, candles, own orders, and what of it has changed.

    source ── views and streams ──> Desk ── mark(part) ──> frame ── paint(parts) ──> widgets read the desk

Nothing here is computed twice: the views are the client's own, prices in ticks, sizes in lots.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, TypeVar

from mexchange.client.balances_view import BalancesView
from mexchange.client.book_view import BookView
from mexchange.client.errors import ClientError
from mexchange.client.markets import Markets
from mexchange.client.orders_view import OrdersView
from mexchange.codec.messages import MarketInfo, RateClass, Ticker, Trade
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.market import MarketStatus
from mexchange.tui.candle_row import CandleRow
from mexchange.tui.frame import Part
from mexchange.tui.source import Flow, Source
from mexchange.tui.vitals import ScreenState
from mexchange.tui.widgets.shown import shown_of

T = TypeVar("T")

TRADES_KEPT: Final = 500
TRADES_AT_START: Final = 100
CANDLES_AT_START: Final = 400


class Desk:
    """Open it, read it, close it. `mark` tells the frame what changed."""

    def __init__(self, source: Source, markets: Markets, market: MarketInfo, mark: Callable[[Part], None]) -> None:
        self.source = source
        self.markets = markets
        self.market = market
        self.shown = shown_of(market, markets.asset(market.base))
        self.mark = mark
        self.book: BookView | None = None
        self.trades: list[Trade] = []
        """Newest first."""
        self.trades_known = False
        """Have the first trades, if any, come: an empty tape is then an empty market."""
        self.ticker: Ticker | None = None
        self.candle_row = CandleRow(Interval.M1)
        self.orders: OrdersView | None = None
        self._balances: BalancesView | None = None
        self.state = ScreenState.OFFLINE
        self.age_ns = 0
        self.events = 0
        """How many things were heard of, for the rate in the status bar."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stops: list[Callable[[], None]] = []

    @property
    def status(self) -> MarketStatus:
        """Of the market, as far as we heard."""
        known = self.ticker.status if self.ticker is not None and self.ticker.status else self.market.status
        return MarketStatus(known) if known in set(MarketStatus) else MarketStatus.OPEN

    @property
    def balances(self) -> BalancesView | None:
        """What there is of each asset; None as long as that is not known, which in a recording it never is."""
        return self._balances if self._balances is not None and self._balances.complete else None

    @property
    def candles(self) -> list[Candle]:
        """Oldest first, without a hole; the last one still grows."""
        return self.candle_row.candles

    @property
    def interval(self) -> Interval:
        """Of the candles."""
        return self.candle_row.interval

    @property
    def group_ticks(self) -> int:
        """How many ticks are one row of the book."""
        return self.book.group_ticks if self.book is not None else 1

    async def open(self, *, depth: int, group_ticks: int, interval: Interval) -> None:
        """Subscribe to all of it. Raises ClientError if the market cannot be had."""
        self._begin("ticker", self._follow_ticker())
        self._begin("trades", self._follow_trades())
        self.show_interval(interval)
        await self.show_book(depth, group_ticks)
        if self.source.session.account:
            self._begin("account", self._follow_account())

    def close(self) -> None:
        """Hear of nothing any more. What is known stays readable. Idempotent."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        stops, self._stops = self._stops, []
        for stop in stops:
            stop()

    async def show_book(self, depth: int, group_ticks: int) -> None:
        """Another depth or grouping; the present book stays until the next one is there. Raises ClientError."""
        before = self.book
        if before is not None and (before.depth, before.group_ticks) == (depth, group_ticks):
            return
        view = await self.source.subscribe_book(self.market.market, depth, group_ticks, RateClass.FAST)
        stop = view.on_change(self._book_changed)
        self._stops.append(stop)
        if before is None:
            self.book = view
        else:
            self._begin("book", self._replace_book(before, view))

    def show_interval(self, interval: Interval) -> None:
        """Candles of this length, the past first, then as they grow."""
        self.candle_row = CandleRow(interval)
        self.mark(Part.CANDLES)
        self._begin("candles", self._follow_candles(self.candle_row))

    def reload(self) -> None:
        """The source is at another place: trades and candles told before are void."""
        self._begin("trades", self._follow_trades())
        self.show_interval(self.interval)

    async def older_candles(self, before_ns: int) -> bool:
        """Fetch candles that begin before this one, which is the first we have; were there any. Raises ClientError."""
        row = self.candle_row
        since_ns = max(0, before_ns - CANDLES_AT_START * row.interval.ns)
        pages = self.source.candles(self.market.market, row.interval, since_ns=since_ns, until_ns=before_ns)
        grew = row.prepend([candle async for candle in pages])
        row.is_complete = not grew
        self.mark(Part.CANDLES)
        return grew

    def tick(self) -> None:
        """Time has passed: an interval without trades is a candle too."""
        if self.candle_row.pass_time(self.source.server_time_ns()):
            self.mark(Part.CANDLES)

    # What comes in.

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        before = self._tasks.pop(name, None)
        if before is not None:
            before.cancel()
        self._tasks[name] = asyncio.create_task(_until_closed(work), name=f"desk {name}")

    def _book_changed(self) -> None:
        self.events += 1
        self.mark(Part.BOOK)

    async def _replace_book(self, before: BookView, view: BookView) -> None:
        while not view.verified:
            await view.changed()
        self.book = view
        self.mark(Part.BOOK)
        await self.source.unsubscribe(before)

    async def _follow_ticker(self) -> None:
        async for ticker in _flow(self.source.ticker_stream(self.market.market)):
            self.ticker = ticker
            self.events += 1
            self.mark(Part.TICKER)

    async def _follow_trades(self) -> None:
        flow = self.source.trades_stream(self.market.market, RateClass.FAST)
        past = await self.source.trades(self.market.market, TRADES_AT_START)
        self.trades = past
        self.trades_known = True
        self.mark(Part.TRADES)
        async for trade in _flow(flow):
            if not self.trades or trade.trade_id > self.trades[0].trade_id:
                self.trades.insert(0, trade)
                del self.trades[TRADES_KEPT:]
                self.events += 1
                self.mark(Part.TRADES)

    async def _follow_candles(self, row: CandleRow) -> None:
        flow = self.source.candles_stream(self.market.market, row.interval)
        try:
            since_ns = max(0, self.source.server_time_ns() - CANDLES_AT_START * row.interval.ns)
            pages = self.source.candles(self.market.market, row.interval, since_ns=since_ns)
            row.prepend([candle async for candle in pages])
        except ClientError as error:  # the past is missing, the present is not
            row.trouble = str(error)
        row.loading = False
        self.mark(Part.CANDLES)
        async for candle in _flow(flow):
            self.mark(Part.LIVE_CANDLE if row.grow(candle) else Part.CANDLES)

    async def _follow_account(self) -> None:
        self.orders = await self.source.orders_view()
        self._stops.append(self.orders.on_change(lambda: self._own_changed(Part.ORDERS)))
        self._balances = await self.source.balances_view()
        self._stops.append(self._balances.on_change(lambda: self._own_changed(Part.BALANCES)))
        self.mark(Part.ORDERS | Part.BALANCES)

    def _own_changed(self, part: Part) -> None:
        self.events += 1
        self.mark(part)


async def _flow(flow: Flow[T]) -> AsyncIterator[T]:
    try:
        async for item in flow:
            yield item
    finally:
        flow.close()


async def _until_closed(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except ClientError:
        return  # the connection is over; the next one makes a desk of its own
