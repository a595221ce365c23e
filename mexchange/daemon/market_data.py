"""What everybody may see, told in channels and answered from memory.

A commit moves the books, tapes, candles and tickers and marks what was touched; a tick lets the touched channels speak.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER, with_correlation
from mexchange.codec.messages import (
    BookQuery,
    QueryRefused,
    RateClass,
    Subscribe,
    Subscribed,
    SubscribeRefused,
    TickerQuery,
    Trades,
    TradesQuery,
    Unsubscribe,
)
from mexchange.codec.messages import Channel as Kind
from mexchange.daemon.book_channel import DEPTHS, BookChannel, snapshot_blocks
from mexchange.daemon.candles import CandlesChannel
from mexchange.daemon.day_statistics import BUCKET_NS
from mexchange.daemon.ladder import BUY, SELL
from mexchange.daemon.public_markets import PublicMarket, PublicMarkets
from mexchange.daemon.subscriptions import Channel, ChannelKey, Subscriptions
from mexchange.daemon.tape import TRADES_PER_BLOCK_MAX, TradesChannel
from mexchange.daemon.ticker import TickerChannel
from mexchange.daemon.views import Commit, Engine, Handler, Outbox
from mexchange.domain.candles import Interval
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import PRICE_MAX
from mexchange.protocol.server_session import ServerSession

DEPTH_MAX: Final = max(DEPTHS)
"""Levels a side in the answer to a BookQuery."""
TICKERS_MAX: Final = 256
"""Tickers in one answer, those of the first markets."""

_RATES: Final = frozenset(RateClass)
_CHANNELS: Final = frozenset(Kind) - {Kind.NONE}
_INTERVALS: Final = frozenset(Interval)


class MarketData:
    """The view of books, tapes, candles and tickers."""

    name = "market_data"

    def __init__(self, *, outbox: Outbox, engine: Engine) -> None:
        self._outbox = outbox
        self._markets = PublicMarkets(engine)
        self._subscriptions = Subscriptions(self._on_silent)
        self._minute = 0
        """Of wall time: when it moves, every 24-hour window does."""

    def handlers(self) -> Mapping[MessageType, Handler]:
        """Subscriptions and the public questions about a market."""
        return {
            MessageType.SUBSCRIBE: self._on_subscribe,
            MessageType.UNSUBSCRIBE: self._on_unsubscribe,
            MessageType.BOOK_QUERY: self._on_book_query,
            MessageType.TRADES_QUERY: self._on_trades_query,
            MessageType.TICKER_QUERY: self._on_ticker_query,
        }

    def has(self, market: int) -> bool:
        """Is there such a market."""
        return self._markets.get(market) is not None

    @property
    def synthetic_until(self) -> int:
        """Trades up to this sequence are the prelude's."""
        return self._markets.synthetic_until

    def channels(self) -> int:
        """How many channels somebody listens to."""
        return len(self._subscriptions)

    def on_commit(self, commit: Commit) -> None:
        """Take over a durable frame."""
        self._subscriptions.touch(self._markets.apply(commit))

    def on_tick(self, now_ns: int, time_ns: int) -> None:
        """Let the channels speak whose turn it is. A new minute moves the 24-hour window of every ticker."""
        self._markets.define()
        if time_ns // BUCKET_NS != self._minute:
            self._minute = time_ns // BUCKET_NS
            self._subscriptions.touch(self._subscriptions.markets())
        for session, block in self._subscriptions.due(now_ns, time_ns):
            self._outbox.send(session, block)

    def on_session_gone(self, session: ServerSession) -> None:
        """Nobody listens there any more."""
        self._subscriptions.drop(session)

    def heads(self, session: ServerSession) -> Sequence[tuple[int, int]]:
        """(subscription, sequence last told)."""
        return self._subscriptions.heads(session)

    def save(self) -> bytes:
        """Tapes, candles, statistics and whose trades are synthetic. The books stay in the engine."""
        return self._markets.save()

    def load(self, data: bytes) -> None:
        """Take over what `save` gave; anything else is ignored, the statistics then start anew."""
        self._markets.load(data)

    def ready(self) -> None:
        """Read every market and its book from the engine, which stands at the last commit."""
        self._markets.read_engine()

    def _on_subscribe(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.SUBSCRIBE, block[BLOCK_HEADER:])
        assert isinstance(asked, Subscribe)
        key = channel_key(asked)
        market = self._markets.get(asked.market)
        if market is None:
            return self._refuse_subscription(session, correlation, RejectReason.MARKET_NOT_FOUND)
        if key is None:
            return self._refuse_subscription(session, correlation, RejectReason.MALFORMED)
        if not self._subscriptions.may_join(session, key) or not market.book.may_group(key.group_ticks):
            return self._refuse_subscription(session, correlation, RejectReason.TOO_MANY_SUBSCRIPTIONS)
        channel = self._subscriptions.join(session, key, lambda number: self._channel(number, key, market))
        subscribed = Subscribed(
            channel.subscription, key.kind, asked.market, key.depth, asked.group_ticks, key.rate, key.interval
        )
        self._outbox.send(session, encode(subscribed, correlation))
        for opening in channel.opening():
            self._outbox.send(session, with_correlation(opening, correlation))
        return None

    def _channel(self, subscription: int, key: ChannelKey, market: PublicMarket) -> Channel:
        match key.kind:
            case Kind.BOOK:
                market.book.keep(key.group_ticks)
                return BookChannel(subscription, market.book, key.depth, key.group_ticks)
            case Kind.TRADES:
                return TradesChannel(subscription, market.tape)
            case Kind.CANDLES:
                return CandlesChannel(subscription, market.candles, market.tape, Interval(key.interval))
            case _:
                return TickerChannel(subscription, market.ticker, self._minute * BUCKET_NS)

    def _on_unsubscribe(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.UNSUBSCRIBE, block[BLOCK_HEADER:])
        assert isinstance(asked, Unsubscribe)
        self._subscriptions.leave(session, asked.subscription)
        self._outbox.send(session, encode(asked, correlation))

    def _on_silent(self, key: ChannelKey) -> None:
        market = self._markets.get(key.market)
        assert market is not None
        if all(other.group_ticks != key.group_ticks for other in self._subscriptions.keys_of(key.market)):
            market.book.forget(key.group_ticks)

    def _refuse_subscription(self, session: ServerSession, correlation: int, reason: RejectReason) -> None:
        reject = REJECTS[reason]
        self._outbox.send(session, encode(SubscribeRefused(reject.text, reject.code), correlation))

    def _on_book_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.BOOK_QUERY, block[BLOCK_HEADER:])
        assert isinstance(asked, BookQuery)
        market = self._markets.get(asked.market)
        if market is None:
            return self._refuse(session, correlation, RejectReason.MARKET_NOT_FOUND)
        if not 1 <= asked.group_ticks <= PRICE_MAX:
            return self._refuse(session, correlation, RejectReason.MALFORMED)
        depth = min(asked.depth or DEPTH_MAX, DEPTH_MAX)
        book = market.book
        for page in snapshot_blocks(
            book.window(BUY, depth, asked.group_ticks),
            book.window(SELL, depth, asked.group_ticks),
            subscription=0,
            book=book,
            sequence=book.sequence,
            group_ticks=asked.group_ticks,
            correlation=correlation,
        ):
            self._outbox.send(session, page)
        return None

    def _on_trades_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.TRADES_QUERY, block[BLOCK_HEADER:])
        assert isinstance(asked, TradesQuery)
        market = self._markets.get(asked.market)
        if market is None:
            return self._refuse(session, correlation, RejectReason.MARKET_NOT_FOUND)
        limit = min(asked.limit or TRADES_PER_BLOCK_MAX, TRADES_PER_BLOCK_MAX)
        trades = market.tape.newest(limit, asked.before)
        self._outbox.send(session, encode(Trades(0, asked.market, trades, 1, 1), correlation))
        return None

    def _on_ticker_query(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = decode(MessageType.TICKER_QUERY, block[BLOCK_HEADER:])
        assert isinstance(asked, TickerQuery)
        numbers = [asked.market] if asked.market else self._markets.numbers()[:TICKERS_MAX]
        found = [market for number in numbers if (market := self._markets.get(number)) is not None]
        if not found:
            return self._refuse(session, correlation, RejectReason.MARKET_NOT_FOUND)
        for page, market in enumerate(found, 1):
            message = market.ticker.message(self._minute * BUCKET_NS, page=page, pages=len(found))
            self._outbox.send(session, encode(message, correlation))
        return None

    def _refuse(self, session: ServerSession, correlation: int, reason: RejectReason) -> None:
        reject = REJECTS[reason]
        self._outbox.send(session, encode(QueryRefused(reject.code, reject.text), correlation))


def channel_key(asked: Subscribe) -> ChannelKey | None:
    """The channel that is asked for; None: there is none like that."""
    if asked.channel not in _CHANNELS or asked.rate not in _RATES:
        return None
    kind, rate = Kind(asked.channel), RateClass(asked.rate)
    if kind is Kind.CANDLES:
        return ChannelKey(kind, asked.market, 0, 1, rate, asked.interval) if asked.interval in _INTERVALS else None
    if kind is not Kind.BOOK:
        return ChannelKey(kind, asked.market, 0, 1, rate)
    if asked.depth not in DEPTHS or not 1 <= asked.group_ticks <= PRICE_MAX:
        return None
    return ChannelKey(kind, asked.market, asked.depth, asked.group_ticks, rate)
