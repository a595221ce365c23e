"""The public channels that we listen to: who subscribes again after a loss, and which block belongs to which feed."""

from collections.abc import Callable, Iterable
from typing import Final

from mexchange.client.errors import ClientError
from mexchange.client.feed import BookFeed, Feed
from mexchange.client.pending import Pending
from mexchange.codec.messages import (
    BookDelta,
    BookSnapshot,
    Candles,
    Message,
    StreamHead,
    Subscribe,
    Subscribed,
    Ticker,
    Trades,
    Unsubscribe,
)
from mexchange.domain.units import MarketId

RETRY_NS: Final = 1_000_000_000
EARLY_MAX: Final = 256
"""Blocks kept that came before the Subscribed that explains them."""

Ask = Callable[[Message], Pending[Message]]
Tell = Callable[[Message], None]
_FeedMessage = BookSnapshot | BookDelta | Trades | Ticker | Candles


class _Entry:
    """A feed and its subscription."""

    __slots__ = ("asking", "feed", "first", "not_before_ns", "subscription")

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.subscription = 0
        self.asking = False
        self.not_before_ns = 0
        """After a failure: no question sooner."""
        self.first: Pending[None] = Pending()
        """Resolved by the first Subscribed, failed by a refusal."""


class Subscriptions:
    """Sans-I/O. `ask` sends a question until it is answered, `tell` sends once, `now_ns` is the monotonic clock."""

    def __init__(self, ask: Ask, tell: Tell, now_ns: Callable[[], int]) -> None:
        self._ask = ask
        self._tell = tell
        self._now_ns = now_ns
        self._entries: dict[Subscribe, _Entry] = {}
        self._by_subscription: dict[int, _Entry] = {}
        self._early: list[_FeedMessage] = []
        self._logged_in = False

    def __len__(self) -> int:
        return len(self._entries)

    def feeds(self) -> Iterable[Feed]:
        """All feeds."""
        return [entry.feed for entry in self._entries.values()]

    def books_in_gap(self) -> frozenset[MarketId]:
        """Markets with a book that is not verified at present."""
        books = [entry.feed for entry in self._entries.values() if isinstance(entry.feed, BookFeed)]
        return frozenset(book.key.market for book in books if not book.view.verified)

    def get(self, key: Subscribe) -> Feed | None:
        """The feed that listens to this channel already."""
        entry = self._entries.get(key)
        return entry.feed if entry else None

    def add(self, feed: Feed, now_ns: int) -> Pending[None]:
        """Listen. Resolved when the server agreed, failed if it refused. The channel is not listened to yet."""
        assert feed.key not in self._entries
        entry = self._entries[feed.key] = _Entry(feed)
        if self._logged_in:
            self._subscribe(entry, now_ns)
        return entry.first

    def remove(self, feed: Feed) -> None:
        """Do not listen any more."""
        entry = self._entries.pop(feed.key, None)
        if entry is not None and entry.subscription:
            self._by_subscription.pop(entry.subscription, None)
            self._tell(Unsubscribe(entry.subscription))

    def logged_in(self, now_ns: int) -> None:
        """A new session: subscribe to everything again."""
        self._logged_in = True
        for entry in list(self._entries.values()):
            self._subscribe(entry, now_ns)

    def lost(self) -> None:
        """The session is gone, and with it all subscriptions."""
        self._logged_in = False
        self._by_subscription.clear()
        self._early.clear()
        for entry in self._entries.values():
            entry.subscription = 0
            entry.feed.lost()

    def receive(self, message: _FeedMessage, now_ns: int) -> None:
        """A block of some subscription."""
        entry = self._by_subscription.get(message.subscription)
        if entry is not None:
            entry.feed.receive(message, now_ns)
        elif len(self._early) < EARLY_MAX and any(entry.asking for entry in self._entries.values()):
            self._early.append(message)

    def heads(self, heads: list[StreamHead], now_ns: int) -> None:
        """What the server says that it sent last."""
        for head in heads:
            entry = self._by_subscription.get(head.stream)
            if entry is not None:
                entry.feed.head(head.head, now_ns)

    def tick(self, now_ns: int) -> None:
        """Ask for what the feeds need."""
        if not self._logged_in:
            return
        for entry in list(self._entries.values()):
            if entry.asking or now_ns < entry.not_before_ns:
                continue
            message = entry.feed.due(now_ns) if entry.subscription else entry.feed.key
            if isinstance(message, Subscribe):
                self._subscribe(entry, now_ns)
            elif message is not None:
                self._query(entry, message)

    def next_timer_ns(self) -> int | None:
        """When `tick` may have something to do."""
        if not self._logged_in:
            return None
        timers = [_timer_ns(entry) for entry in self._entries.values() if not entry.asking]
        return min((timer for timer in timers if timer is not None), default=None)

    def _subscribe(self, entry: _Entry, now_ns: int) -> None:
        entry.asking = True
        entry.feed.subscribing(now_ns)
        answer = self._ask(entry.feed.key)
        answer.on_done(lambda: self._subscribed(entry, answer, self._now_ns()))

    def _subscribed(self, entry: _Entry, answer: Pending[Message], now_ns: int) -> None:
        entry.asking = False
        if self._entries.get(entry.feed.key) is not entry:
            return
        try:
            message = answer.result()
        except ClientError as error:
            self._failed(entry, error, now_ns)
            return
        assert isinstance(message, Subscribed)
        if entry.subscription != message.subscription:
            self._by_subscription.pop(entry.subscription, None)
            entry.subscription = message.subscription
            self._by_subscription[message.subscription] = entry
        entry.first.resolve(None)
        early, self._early = self._early, []
        for held in early:
            self.receive(held, now_ns)

    def _failed(self, entry: _Entry, error: ClientError, now_ns: int) -> None:
        """Who asked for it is told and that is the end of it; a channel that we had is tried again later."""
        if entry.first.done:
            entry.not_before_ns = now_ns + RETRY_NS
        else:
            del self._entries[entry.feed.key]
            entry.first.fail(error)

    def _query(self, entry: _Entry, message: Message) -> None:
        entry.asking = True
        answer = self._ask(message)
        answer.on_done(lambda: self._queried(entry, answer, self._now_ns()))

    def _queried(self, entry: _Entry, answer: Pending[Message], now_ns: int) -> None:
        entry.asking = False
        try:
            message = answer.result()
        except ClientError:  # the feed asks again when it still needs it
            entry.not_before_ns = now_ns + RETRY_NS
            return
        entry.feed.receive(message, now_ns)


def _timer_ns(entry: _Entry) -> int | None:
    timer_ns = entry.feed.next_timer_ns() if entry.subscription else 0
    return None if timer_ns is None else max(timer_ns, entry.not_before_ns)
