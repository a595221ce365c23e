"""Records what a client sees: each verified state of its books, each trade, each ticker, as they come; and whose
client it is: their open orders, their fills.

Books are compared with what is in the file, so that the file is whole whatever was lost or healed on the way: while a
book is in a gap nothing of it is written, and the next verified state says what changed.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from mexchange.client.api import Client
from mexchange.client.book_view import BookView
from mexchange.client.errors import GapUnavailable, QueryRefused
from mexchange.client.live_calls import Reader
from mexchange.client.market_state import MarketStates
from mexchange.client.orders import to_open_order
from mexchange.client.orders_view import OrdersView
from mexchange.client.recorded_fills import OwnFills, fill_pages, oldest_first
from mexchange.client.recorded_orders import own_pages
from mexchange.client.recording_format import Moment
from mexchange.client.recording_writer import RecordingWriter
from mexchange.codec import encode
from mexchange.codec.fills import fill_of
from mexchange.codec.messages import Fill, FillsPage, OpenOrder, RateClass, Ticker, Trade, Trades
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.events import Event, Filled
from mexchange.domain.units import MarketId

DEPTH: Final = 1_000
MARKETS_MAX: Final = 20
"""Three subscriptions each, of the 64 that a session may have."""
TRADES_BEFORE: Final = 100
FILLS_BEFORE: Final = 200
CANDLES_BEFORE: Final = 300
"""Of each interval: a wide chart."""
FLUSH_S: Final = 1.0
OWN_WAIT_S: Final = 0.1
HISTORY_WAIT_S: Final = 0.1
HISTORY_WAITS_MAX: Final = 50
"""How often, in all, we wait for the tables of history to have the trades that were before the recording."""


class _Market:
    """What one market says."""

    def __init__(self, book: BookView, trades: Reader[Trade], tickers: Reader[Ticker]) -> None:
        self.book = book
        self.trades = trades
        self.tickers = tickers
        self.last_trade = 0


class Recorder:
    """`await begin(...)`, then `await run()` until it is cancelled; in any case close it and the writer."""

    def __init__(self, client: Client, writer: RecordingWriter, *, has_own: bool = True) -> None:
        """`has_own`: record open orders and fills of the client's account too, if it has one."""
        self._account = client.session.account if has_own else 0
        self._orders: OrdersView | None = None
        self._own: list[OpenOrder] = []
        """As they were written."""
        self._fills = OwnFills()
        """In the same way."""
        self._own_changed = asyncio.Event()
        self._events: Reader[Event | GapUnavailable] | None = None
        self._client = client
        self._writer = writer
        self._markets: dict[int, _Market] = {}
        self._history_waits = HISTORY_WAITS_MAX
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Set with the error that ends the recording."""
        self._stop: list[Callable[[], None]] = []

    async def begin(self, markets: Sequence[int], rate: RateClass = RateClass.FAST) -> None:
        """Listen, and write the state from which everything follows. ClientError, OSError."""
        assert 0 < len(markets) <= MARKETS_MAX
        for number in markets:
            self._markets[number] = _Market(
                await self._client.subscribe_book(number, depth=DEPTH, rate=rate),
                self._client.trades_stream(number, rate),
                self._client.ticker_stream(number, rate),
            )
        for market in self._markets.values():
            while not market.book.verified:
                await market.book.changed()
        if self._account:
            self._orders = await self._client.orders_view()
            self._events = self._client.own_events()
        states = await self._states()
        if self._events is not None:
            states.fills.apply(FillsPage(rows=await self._past_fills()))
        charts = {number: await self._charts(number, states[number].trades) for number in markets}
        for market in self._markets.values():
            while not market.book.verified:
                await market.book.changed()
        # From here to the end nothing is awaited: what comes later is a change of what is written now.
        for number, market in self._markets.items():
            states[number].show_book(market.book)
            self._listen(market)
        if self._orders is not None:
            self._stop.append(self._orders.on_change(self._own_changed.set))
            states.own.account, states.own.orders = self._account, self._open_orders(self._orders)
            self._own = states.own.orders
            self._fills = states.fills
        time_ns = max(market.book.time_ns for market in self._markets.values())
        sequence = max(market.book.sequence for market in self._markets.values())
        self._writer.begin(Moment(time_ns, sequence, b"".join(states.blocks())), charts)

    async def run(self) -> None:
        """Until something ends it: RecordingFull, OSError, or whatever ends the client's streams."""
        jobs = [self._flush(), self._follow_own()]
        if self._events is not None:
            jobs.append(self._follow_fills(self._events))
        for market in self._markets.values():
            jobs += [self._trades(market), self._tickers(market)]
        tasks = [asyncio.ensure_future(job) for job in jobs]
        try:
            done, _ = await asyncio.wait([*tasks, self._end], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """Listen no more: the client may go on without us. Idempotent."""
        markets, self._markets = self._markets, {}
        stops, self._stop = self._stop, []
        for stop in stops:
            stop()
        if self._events is not None:
            self._events.close()
        for market in markets.values():
            market.trades.close()
            market.tickers.close()
            await self._client.unsubscribe(market.book)

    def _listen(self, market: _Market) -> None:
        def changed() -> None:
            if not market.book.verified or self._end.done():
                return
            try:
                blocks = b"".join(self._writer.market(market.book.market).changes_to(market.book))
                if blocks:
                    self._writer.add(market.book.time_ns, market.book.sequence, blocks)
            except Exception as error:  # told by run(): the client that calls us has nothing to do with it
                self._end.set_exception(error)

        self._stop.append(market.book.on_change(changed))

    async def _trades(self, market: _Market) -> None:
        number = MarketId(market.book.market)
        async for trade in market.trades:
            if trade.trade_id > market.last_trade:
                self._writer.add(trade.time_ns, trade.sequence, encode(Trades(market=number, trades=[trade])))

    async def _tickers(self, market: _Market) -> None:
        async for ticker in market.tickers:
            own = msgspec.structs.replace(ticker, subscription=0, page=0, pages=0)
            self._writer.add(ticker.time_ns, ticker.sequence, encode(own))

    async def _follow_own(self) -> None:
        """All of them whenever they have changed, at most ten times a second."""
        while True:
            await self._own_changed.wait()
            self._own_changed.clear()
            assert self._orders is not None, "who has no account has no orders that change"
            orders = self._open_orders(self._orders)
            if orders != self._own:
                self._own = orders
                blocks = b"".join(own_pages(self._account, orders))
                self._writer.add(self._client.server_time_ns(), 0, blocks)  # the public's word comes later than ours
            await asyncio.sleep(OWN_WAIT_S)

    async def _follow_fills(self, events: Reader[Event | GapUnavailable]) -> None:
        async for event in events:
            if isinstance(event, Filled) and event.market in self._markets:
                fill = fill_of(event, self._client.server_time_ns())
                if fill not in self._fills:  # else the history told of it
                    self._fills.apply(FillsPage(rows=[fill]))
                    self._writer.add(fill.time_ns, 0, b"".join(fill_pages([fill])))

    async def _past_fills(self) -> list[Fill]:
        """The last ones in the recorded markets, oldest first; none without a history."""
        found: list[Fill] = []
        with suppress(QueryRefused):
            async for fill in self._client.fills():
                found.append(fill)
                if len(found) == FILLS_BEFORE:
                    break
        return oldest_first(fill for fill in found if fill.market in self._markets)

    def _open_orders(self, view: OrdersView) -> list[OpenOrder]:
        return [to_open_order(order) for order in view.open.values() if order.market in self._markets]

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            self._writer.flush()

    async def _states(self) -> MarketStates:
        """Definitions, tapes and tickers as they are now; trades that the tapes have are not recorded again."""
        states = MarketStates()
        registry = await self._client.markets(refresh=True)
        states.assets = {asset.asset: asset for asset in registry.assets}
        for number, market in self._markets.items():
            states.definitions[number] = registry[number]
            trades = await self._client.trades(number, TRADES_BEFORE)
            market.last_trade = trades[0].trade_id if trades else 0
            states[number].trades.extend(reversed(trades))
            states[number].ticker = await self._client.ticker(number)
        return states

    async def _charts(self, market: int, known: Collection[Trade]) -> dict[Interval, list[Candle]]:
        """Candles of all trades up to one moment, which is not before the last of `known`; none without a history."""
        newest = max((trade.sequence for trade in known), default=0)
        charts: dict[Interval, list[Candle]] = {}
        while True:
            with suppress(QueryRefused):  # the tables are not there yet, or never will be
                charts, as_of = await self._charts_now(market)
                if len(as_of) == 1 and min(as_of) >= newest:
                    return charts
            if not self._history_waits:
                return charts
            self._history_waits -= 1
            await asyncio.sleep(HISTORY_WAIT_S)

    async def _charts_now(self, market: int) -> tuple[dict[Interval, list[Candle]], set[int]]:
        """By interval, and the sequences that they stand at."""
        charts: dict[Interval, list[Candle]] = {}
        as_of: set[int] = set()
        now_ns = self._client.server_time_ns()
        for interval in Interval:
            since_ns = max(0, now_ns - CANDLES_BEFORE * interval.ns)
            walk = self._client.candles(market, interval, since_ns=since_ns, fill_gaps=False)
            charts[interval] = [candle async for candle in walk]
            as_of.add(walk.pages.as_of)
        return charts, as_of
