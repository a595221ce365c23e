"""What comes from the exchange about a market, once, however many channels tell of it.

A book is a view that the client keeps right; trades and the ticker are kept with a little of the past, so that whoever
comes later is told it too. A source is opened with its first channel and closed with its last.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar

from mexchange.client.api import Client
from mexchange.client.book_view import BookView
from mexchange.client.feed import BookFeed, CandlesFeed, Feed, TickerFeed, TradesFeed
from mexchange.codec.messages import RateClass, Ticker, Trade
from mexchange.domain.candles import Candle, Interval
from mexchange.gateway.link import Link

TRADES_KEPT: Final = 1_000
TRADES_FIRST: Final = 100
FAST_BELOW_MS: Final = 250
SNAPSHOT_S: Final = 3.0
DEPTHS: Final = (10, 50, 1000)

F = TypeVar("F", bound=Feed)


class Source:
    """Something that changes. `listeners` are called after each change."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[], None]] = []
        self.users = 0
        self._line: Client | None = None
        self._feeds: list[Feed] = []

    def close(self) -> None:
        """Listen no more."""
        if self._line is not None and self._line.exchange.closed is None:
            for feed in self._feeds:
                self._line.exchange.subscriptions.remove(feed)
        self._feeds.clear()

    async def _listen(self, link: Link, *feeds: Feed) -> None:
        """Raises ClientError, Unavailable."""
        for feed in feeds:
            line = await link.line_for_channel()
            self._line = line
            self._feeds.append(feed)
            await _agreed(line, feed)

    def _changed(self) -> None:
        for listener in tuple(self.listeners):
            listener()


async def _agreed(line: Client, feed: Feed) -> None:
    """Waits until the exchange agreed. Two sources of one session never have the same feed: sources are shared."""
    await line.wait_for(line.exchange.subscriptions.add(feed, line.exchange.now_ns))


class BookSource(Source):
    """A book at one depth and grouping."""

    def __init__(self, market: int, depth: int, group_ticks: int, rate: RateClass) -> None:
        super().__init__()
        self.view = BookView(market, depth=depth, group_ticks=group_ticks)
        self._feed = BookFeed(self.view, rate)
        self.view.on_change(self._changed)

    async def open(self, link: Link) -> None:
        """Returns with the first snapshot, or after a while without one. Raises ClientError, Unavailable."""
        whole = asyncio.Event()
        stop = self.view.on_change(whole.set)
        try:
            await self._listen(link, self._feed)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SNAPSHOT_S):
                    while not self.view.verified:
                        await whole.wait()
                        whole.clear()
        finally:
            stop()


class MarketSource(Source):
    """Trades and ticker of a market."""

    def __init__(self, market: int) -> None:
        super().__init__()
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT)
        """Oldest first."""
        self._trades = TradesFeed(market, RateClass.FAST)
        self._ticker = TickerFeed(market, RateClass.NORMAL)
        self._market = market

    @property
    def ticker(self) -> Ticker | None:
        """The latest."""
        return self._ticker.latest

    @property
    def last_trade_id(self) -> int:
        """0: none yet."""
        return self.trades[-1].trade_id if self.trades else 0

    async def open(self, link: Link) -> None:
        """Raises ClientError, Unavailable."""
        early: list[Trade] = []
        self._trades.listeners.append(early.append)
        await self._listen(link, self._trades, self._ticker)
        assert self._line is not None
        past = await self._line.trades(self._market, TRADES_FIRST)
        ticker = await self._line.ticker(self._market)
        self._trades.listeners.remove(early.append)
        self._trades.listeners.append(self._trade)
        self._ticker.latest = self._ticker.latest or ticker
        self._ticker.listeners.append(lambda _: self._changed())
        for trade in sorted({each.trade_id: each for each in (*past, *early)}.values(), key=lambda each: each.trade_id):
            self.trades.append(trade)

    def since(self, trade_id: int) -> list[Trade]:
        """Trades behind that one, oldest first, as far as they are kept."""
        found: list[Trade] = []
        for trade in reversed(self.trades):
            if trade.trade_id <= trade_id:
                break
            found.append(trade)
        return found[::-1]

    def _trade(self, trade: Trade) -> None:
        if trade.trade_id > self.last_trade_id:
            self.trades.append(trade)
            self._changed()


class CandleSource(Source):
    """Candles of one length as they grow."""

    def __init__(self, market: int, interval: Interval) -> None:
        super().__init__()
        self.feed = CandlesFeed(market, interval, RateClass.NORMAL)
        self.grown: dict[int, Candle] = {}
        """By opening: what grew since somebody took it."""

    async def open(self, link: Link) -> None:
        """Raises ClientError, Unavailable."""
        self.feed.listeners.append(self._grew)
        await self._listen(link, self.feed)

    def _grew(self, candle: Candle) -> None:
        self._changed()


def rate_of(span_ms: int) -> RateClass:
    """How often the exchange shall tell us what we tell every `span_ms`."""
    return RateClass.FAST if span_ms < FAST_BELOW_MS else RateClass.NORMAL


def depth_of(depth: int) -> int:
    """The channel of the exchange that has that many levels."""
    return next(each for each in DEPTHS if each >= depth)
