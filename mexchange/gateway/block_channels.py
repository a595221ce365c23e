"""Channels as the exchange's own blocks, encoded once, for the binary WebSocket.

The same messages as over UDP: Subscribed is answered first, then a snapshot, then deltas that chain. The checksum is
that of the exchange's channel, which has the same levels.
"""

import itertools
from collections.abc import Iterable
from typing import Final

import msgspec

from mexchange.client.book_view import BookView, checksum
from mexchange.codec import encode
from mexchange.codec.candles import row_of
from mexchange.codec.messages import BookDelta, BookSnapshot, Candles, Level, RateClass, Subscribe, Trades
from mexchange.codec.messages import Channel as Kind
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, MarketId, Sequence, TimeNs
from mexchange.gateway.channel_names import Name
from mexchange.gateway.channels import Build, Channel
from mexchange.gateway.decimals import Form
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.sources import DEPTHS, BookSource, CandleSource, MarketSource

LEVELS_PER_BLOCK: Final = 44
TRADES_PER_BLOCK: Final = 20
SPANS_MS: Final = {RateClass.FAST: 20, RateClass.NORMAL: 100, RateClass.SLOW: 500}

_subscriptions: Final = itertools.count(1)


def name_of(asked: Subscribe) -> Name:
    """The channel that is meant. Raises BadRequest."""
    span_ms = SPANS_MS.get(RateClass(asked.rate)) if asked.rate in RateClass.__members__.values() else None
    if span_ms is None or not asked.market:
        raise BadRequest("there is no such channel", code="E_CHANNEL")
    text = f"#{asked.channel}.{asked.market}.{asked.depth}.{asked.group_ticks}.{asked.rate}.{asked.interval}"
    match asked.channel:
        case Kind.BOOK if asked.depth in DEPTHS and asked.group_ticks > 0:
            return Name(text, "#book", asked.market, asked.group_ticks, asked.depth, span_ms)
        case Kind.TRADES:
            return Name(text, "#trades", asked.market, span_ms=span_ms)
        case Kind.TICKER:
            return Name(text, "#ticker", asked.market, span_ms=span_ms)
        case Kind.CANDLES if asked.interval in Interval.__members__.values():
            return Name(text, "#candles", asked.market, span_ms=span_ms, interval=Interval(asked.interval))
        case _:
            raise BadRequest("there is no such channel", code="E_CHANNEL")


class BlockChannel(Channel):
    """A channel with a number, unique within this gateway."""

    def __init__(self, name: Name, *sources: BookSource | MarketSource | CandleSource) -> None:
        super().__init__(name, *sources)
        self.subscription = next(_subscriptions)
        self.head = 0


class BlockBook(BlockChannel):
    """A book."""

    def __init__(self, name: Name, book: BookSource) -> None:
        super().__init__(name, book)
        self._view: BookView = book.view
        self._levels: dict[tuple[int, int], Level] = {}
        self._checksum = 0
        self._is_gap = True
        if self._view.verified:
            self._take()

    def build_snapshot(self, form: Form) -> bytes | None:
        """Pages of the levels that the others have."""
        if not self.head:
            return None
        pages = _pages(self._levels.values())
        return b"".join(
            encode(
                BookSnapshot(
                    subscription=self.subscription,
                    market=MarketId(self.name.market),
                    sequence=Sequence(self.head),
                    page=number,
                    pages=len(pages),
                    checksum=self._checksum,
                    time_ns=TimeNs(self._view.time_ns),
                    levels=page,
                    group_ticks=self.name.group_ticks,
                )
            )
            for number, page in enumerate(pages, 1)
        )

    def news(self) -> Build | None:
        """What changed; the whole after a gap."""
        if not self._view.verified:
            self._is_gap = self._is_gap or self._view.gap
            return None
        before, previous, was_gap = self._levels, self.head, self._is_gap
        self._take()
        if was_gap or not previous:
            return self.build_snapshot
        gone = [
            msgspec.structs.replace(level, quantity=Lots(0), orders=0)
            for key, level in before.items()
            if key not in self._levels
        ]
        changed = [level for key, level in self._levels.items() if before.get(key) != level]
        if not gone and not changed:
            self.head = previous
            return None
        pages = _pages([*gone, *changed])
        blocks = b"".join(
            encode(
                BookDelta(
                    subscription=self.subscription,
                    market=MarketId(self.name.market),
                    previous_sequence=Sequence(previous),
                    sequence=Sequence(self.head),
                    checksum=self._checksum,
                    time_ns=TimeNs(self._view.time_ns),
                    levels=page,
                    page=number,
                    pages=len(pages),
                )
            )
            for number, page in enumerate(pages, 1)
        )
        return lambda _: blocks

    def _take(self) -> None:
        bids, asks = self._view.bids, self._view.asks
        self._levels = {(level.side, level.price): level for level in (*asks, *bids)}
        self._checksum = checksum(bids, asks)
        self.head = self._view.sequence
        self._is_gap = False


class BlockTrades(BlockChannel):
    """Every trade, once and in order."""

    def __init__(self, name: Name, market: MarketSource) -> None:
        super().__init__(name, market)
        self._market = market
        self._trade_id = market.last_trade_id

    def build_snapshot(self, form: Form) -> bytes | None:
        """Nothing: the past is asked for by TradesQuery; also for whoever was too slow."""
        return None

    def news(self) -> Build | None:
        """Those since the last message."""
        trades = self._market.since(self._trade_id)
        if not trades:
            return None
        self._trade_id, self.head = trades[-1].trade_id, trades[-1].sequence
        blocks = b"".join(
            encode(Trades(self.subscription, MarketId(self.name.market), trades[start : start + TRADES_PER_BLOCK]))
            for start in range(0, len(trades), TRADES_PER_BLOCK)
        )
        return lambda _: blocks


class BlockTicker(BlockChannel):
    """The latest ticker."""

    is_state = True

    def __init__(self, name: Name, market: MarketSource) -> None:
        super().__init__(name, market)
        self._market = market
        self._told: object = None

    def build_snapshot(self, form: Form) -> bytes | None:
        """As it stands."""
        ticker = self._market.ticker
        if ticker is None:
            return None
        self.head = ticker.sequence
        return encode(msgspec.structs.replace(ticker, subscription=self.subscription))

    def news(self) -> Build | None:
        """The latest, if it is another."""
        if self._market.ticker is self._told:
            return None
        self._told = self._market.ticker
        return self.build_snapshot


class BlockCandles(BlockChannel):
    """The last candles as they stand, each time."""

    is_state = True

    def __init__(self, name: Name, source: CandleSource) -> None:
        super().__init__(name, source)
        self._feed = source.feed
        self._told: tuple[Candle, ...] = ()

    def build_snapshot(self, form: Form) -> bytes | None:
        """The last ones."""
        latest = self._feed.latest
        if not latest:
            return None
        rows = [row_of(candle) for candle in latest]
        interval = int(self.name.interval or 0)
        return encode(
            Candles(
                self.subscription, MarketId(self.name.market), interval, Sequence(self._feed.sequence), candles=rows
            )
        )

    def news(self) -> Build | None:
        """When one grew."""
        latest = tuple(self._feed.latest)
        if latest == self._told:
            return None
        self._told = latest
        return self.build_snapshot


def _pages(levels: Iterable[Level]) -> list[list[Level]]:
    """At least one; asks before bids."""
    rows = sorted(
        levels, key=lambda level: (level.side != Side.SELL, level.price if level.side == Side.SELL else -level.price)
    )
    return [rows[start : start + LEVELS_PER_BLOCK] for start in range(0, len(rows), LEVELS_PER_BLOCK)] or [[]]
