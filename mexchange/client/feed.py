"""One public channel as its reader wants it: complete, in order, and honest about what is missing.

A feed says by `due` what it needs now (a Subscribe, or a query that fills a hole); `client/subscriptions.py` sends it
and passes on what comes. All times are monotonic nanoseconds.
"""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from mexchange.client.book_view import BookView
from mexchange.codec.candles import candle_of
from mexchange.codec.messages import (
    BookDelta,
    BookSnapshot,
    Candles,
    Channel,
    Message,
    RateClass,
    Subscribe,
    Ticker,
    TickerQuery,
    Trade,
    Trades,
    TradesQuery,
)
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.units import MarketId, TradeId

T = TypeVar("T")

HEAD_WAIT_NS: Final = 150_000_000
"""How long the server may be ahead, by its own word, before we ask."""
TRADES_PER_QUERY: Final = 20
TRADES_HELD_MAX: Final = 1_024
CANDLES_KEPT: Final = 4


class Feed(Protocol):
    """What the table of subscriptions needs of a channel."""

    key: Subscribe

    def receive(self, message: Message, now_ns: int) -> None:
        """A block of this subscription, or the answer to what `due` asked for."""
        ...

    def head(self, sequence: int, now_ns: int) -> None:
        """The sequence that the server sent last."""
        ...

    def due(self, now_ns: int) -> Message | None:
        """What to ask for now."""
        ...

    def subscribing(self, now_ns: int) -> None:
        """A Subscribe was sent."""
        ...

    def lost(self) -> None:
        """The session is gone."""
        ...

    def next_timer_ns(self) -> int | None:
        """When `due` may have something."""
        ...


class ListenedFeed(Feed, Protocol[T]):
    """A feed that passes items on."""

    listeners: list[Callable[[T], None]]


class BookFeed:
    """Keeps a BookView right."""

    def __init__(self, view: BookView, rate: RateClass) -> None:
        self.view = view
        self.key = Subscribe(Channel.BOOK, MarketId(view.market), view.depth, view.group_ticks, rate)
        self.readers = 1
        """How many have asked for the view and not given it back."""

    def receive(self, message: Message, now_ns: int) -> None:
        """Snapshot pages and deltas."""
        if isinstance(message, BookSnapshot):
            self.view.snapshot(message, now_ns)
        elif isinstance(message, BookDelta):
            self.view.delta(message, now_ns)

    def head(self, sequence: int, now_ns: int) -> None:
        """Passed on to the view."""
        self.view.head(sequence, now_ns)

    def due(self, now_ns: int) -> Message | None:
        """Subscribe again when the view wants a snapshot."""
        return self.key if self.view.wants_snapshot(now_ns) else None

    def subscribing(self, now_ns: int) -> None:
        """The view waits for the snapshot."""
        self.view.asked(now_ns)

    def lost(self) -> None:
        """The view marks its gap."""
        self.view.lost()

    def next_timer_ns(self) -> int | None:
        """The view's."""
        return self.view.next_timer_ns()


class TickerFeed:
    """The latest ticker; older ones that arrive late are dropped."""

    def __init__(self, market: int, rate: RateClass) -> None:
        self.key = Subscribe(Channel.TICKER, MarketId(market), rate=rate)
        self.latest: Ticker | None = None
        self.listeners: list[Callable[[Ticker], None]] = []
        self._behind_since_ns: int | None = None

    def receive(self, message: Message, now_ns: int) -> None:
        """Newer ones only."""
        if not isinstance(message, Ticker):
            return
        if self.latest is None or message.sequence > self.latest.sequence or message.time_ns > self.latest.time_ns:
            self.latest = message
            for listener in tuple(self.listeners):
                listener(message)
        self._behind_since_ns = None

    def head(self, sequence: int, now_ns: int) -> None:
        """A lost ticker is asked for."""
        if self.latest is not None and sequence <= self.latest.sequence:
            self._behind_since_ns = None
        elif self._behind_since_ns is None:
            self._behind_since_ns = now_ns

    def due(self, now_ns: int) -> Message | None:
        """A query when the server has been ahead for too long."""
        if self._behind_since_ns is None or now_ns < self._behind_since_ns + HEAD_WAIT_NS:
            return None
        self._behind_since_ns = None
        return TickerQuery(market=self.key.market)

    def subscribing(self, now_ns: int) -> None:
        """Nothing to prepare."""

    def lost(self) -> None:
        """What we have stays the latest."""
        self._behind_since_ns = None

    def next_timer_ns(self) -> int | None:
        """When the wait is over."""
        return None if self._behind_since_ns is None else self._behind_since_ns + HEAD_WAIT_NS


class CandlesFeed:
    """Candles as they grow, each state of each at most once; the server tells the last few, whatever got lost."""

    def __init__(self, market: int, interval: Interval, rate: RateClass) -> None:
        self.key = Subscribe(Channel.CANDLES, MarketId(market), rate=rate, interval=interval)
        self.latest: list[Candle] = []
        """The last that were told, oldest first."""
        self.skipped = 0
        """Trades that none of the candles told of: they are in the history."""
        self.listeners: list[Callable[[Candle], None]] = []
        self._sequence = 0
        self._behind_since_ns: int | None = None

    @property
    def sequence(self) -> int:
        """At which the last candles stand."""
        return self._sequence

    def receive(self, message: Message, now_ns: int) -> None:
        """Tell what grew, oldest first; blocks that come late are dropped."""
        if not isinstance(message, Candles):
            return
        if message.sequence >= self._sequence:
            self._sequence = message.sequence
            candles = [candle_of(row) for row in message.candles]
            grown = [candle for candle in candles if self._is_news(candle)]
            if grown:
                self._take(grown)
        self._behind_since_ns = None

    def head(self, sequence: int, now_ns: int) -> None:
        """A lost block is noticed."""
        if sequence <= self._sequence:
            self._behind_since_ns = None
        elif self._behind_since_ns is None:
            self._behind_since_ns = now_ns

    def due(self, now_ns: int) -> Message | None:
        """The opening again, when the server has been ahead for too long."""
        if self._behind_since_ns is None or now_ns < self._behind_since_ns + HEAD_WAIT_NS:
            return None
        self._behind_since_ns = None
        return self.key

    def subscribing(self, now_ns: int) -> None:
        """Nothing to prepare: the opening overlaps with what we have."""

    def lost(self) -> None:
        """What we have stays the latest."""
        self._behind_since_ns = None

    def next_timer_ns(self) -> int | None:
        """When the wait is over."""
        return None if self._behind_since_ns is None else self._behind_since_ns + HEAD_WAIT_NS

    def _is_news(self, candle: Candle) -> bool:
        return not self.latest or candle.last_trade_id > self.latest[-1].last_trade_id

    def _take(self, grown: list[Candle]) -> None:
        last = self.latest[-1] if self.latest else None
        if last is not None and grown[0].open_ns != last.open_ns:
            self.skipped += grown[0].first_trade_id - last.last_trade_id - 1
        older = [candle for candle in self.latest if candle.open_ns < grown[0].open_ns]
        self.latest = [*older, *grown][-CANDLES_KEPT:]
        for candle in grown:
            for listener in tuple(self.listeners):
                listener(candle)


class TradesFeed:
    """Trades in order of their ids, which are contiguous per market; holes are filled by asking."""

    def __init__(self, market: int, rate: RateClass) -> None:
        self.key = Subscribe(Channel.TRADES, MarketId(market), rate=rate)
        self.next = 0
        """The trade id that is wanted next; 0: whatever comes first."""
        self.skipped = 0
        """Trades that could not be had any more."""
        self.listeners: list[Callable[[Trade], None]] = []
        self._held: dict[int, Trade] = {}
        self._hole_since_ns: int | None = None
        self._sequence = 0

    def receive(self, message: Message, now_ns: int) -> None:
        """Live trades, and answers to queries (newest first)."""
        if not isinstance(message, Trades):
            return
        for trade in message.trades:
            self._sequence = max(self._sequence, trade.sequence)
            if trade.trade_id >= self.next:
                self._held[trade.trade_id] = trade
        if self._held and (not self.next or (not message.subscription and len(message.trades) < TRADES_PER_QUERY)):
            self._skip_to(min(self._held))  # the first ones ever, or the server keeps no older ones
        self._release(now_ns)

    def head(self, sequence: int, now_ns: int) -> None:
        """A lost tail is a hole too."""
        if self.next and sequence > self._sequence and self._hole_since_ns is None:
            self._hole_since_ns = now_ns

    def due(self, now_ns: int) -> Message | None:
        """A query for what is before the first trade that is held, or for the newest."""
        if self._hole_since_ns is None or now_ns < self._hole_since_ns + HEAD_WAIT_NS:
            return None
        self._hole_since_ns = None
        before = TradeId(min(self._held)) if self._held else TradeId(0)
        return TradesQuery(market=self.key.market, limit=TRADES_PER_QUERY, before=before)

    def subscribing(self, now_ns: int) -> None:
        """After a reconnection the newest trades are asked for: some may have happened meanwhile."""
        if self.next:
            self._hole_since_ns = now_ns

    def lost(self) -> None:
        """What is held stays good: trade ids do not depend on the session."""

    def next_timer_ns(self) -> int | None:
        """When a hole is to be asked about."""
        return None if self._hole_since_ns is None else self._hole_since_ns + HEAD_WAIT_NS

    def _release(self, now_ns: int) -> None:
        while (trade := self._held.pop(self.next, None)) is not None:
            self.next += 1
            for listener in tuple(self.listeners):
                listener(trade)
        if len(self._held) > TRADES_HELD_MAX:
            self._skip_to(min(self._held))
        self._hole_since_ns = (self._hole_since_ns or now_ns) if self._held else None

    def _skip_to(self, trade_id: int) -> None:
        if trade_id > self.next:
            self.skipped += trade_id - self.next if self.next else 0
            self.next = trade_id
