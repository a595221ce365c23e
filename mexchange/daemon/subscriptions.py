"""Who listens to which channel, and when a channel speaks next.

A channel exists while somebody listens. Its subscription id is its own, not the session's: a block is encoded once
and the same bytes go to everybody. A session that subscribes again to what it has gets the opening again.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, Protocol

from mexchange.codec.messages import Channel as Kind
from mexchange.codec.messages import RateClass
from mexchange.protocol.server_session import ServerSession

SUBSCRIPTIONS_PER_SESSION_MAX: Final = 64
CHANNELS_MAX: Final = 16_384
INTERVAL_NS: Final = {RateClass.FAST: 20_000_000, RateClass.NORMAL: 100_000_000, RateClass.SLOW: 500_000_000}
"""A channel of the class speaks at most so often."""
LEVELS_PER_TICK_MAX: Final = 16_000
"""Book levels that one tick compares; channels beyond that speak at the next ticks, in their order."""
CHANNEL_LEVELS_MIN: Final = 50
"""What any channel counts for, however shallow."""
EARLY_NS: Final = 5_000_000
"""A tick that comes so much early counts as in time, or a class would skip every other tick."""
assert min(INTERVAL_NS.values()) > 2 * EARLY_NS


class ChannelKey(NamedTuple):
    """What a channel tells, and how often. Depth 0 and group 1 for channels that are not books."""

    kind: Kind
    market: int
    depth: int
    group_ticks: int
    rate: RateClass
    interval: int = 0
    """Of candles; an Interval, else 0."""


class Channel(Protocol):
    """A stream of blocks about one market."""

    subscription: int
    head: int
    """Sequence that the subscribers were told."""

    def opening(self) -> list[bytes]:
        """Blocks for somebody who joins, at `head`."""
        ...

    def flush(self, time_ns: int) -> list[bytes]:
        """Blocks for everybody about what happened since; moves `head`."""
        ...


class _Listeners:
    """A channel and the sessions that it speaks to, in the order in which they came."""

    __slots__ = ("channel", "key", "sessions")

    def __init__(self, key: ChannelKey, channel: Channel) -> None:
        self.key = key
        self.channel = channel
        self.sessions: dict[ServerSession, None] = {}


class Subscriptions:
    """All channels. `on_silent` hears of each channel that nobody listens to any more."""

    def __init__(self, on_silent: Callable[[ChannelKey], None]) -> None:
        self._on_silent = on_silent
        self._by_key: dict[ChannelKey, _Listeners] = {}
        self._by_market: dict[int, dict[ChannelKey, _Listeners]] = {}
        self._of_session: dict[ServerSession, dict[int, _Listeners]] = {}
        self._pending: dict[RateClass, dict[ChannelKey, _Listeners]] = {rate: {} for rate in RateClass}
        self._ready: dict[ChannelKey, _Listeners] = {}
        """Those whose turn has come, the longest waiting first."""
        self._due_ns = dict.fromkeys(RateClass, 0)
        self._next_id = 1

    def __len__(self) -> int:
        """Channels that somebody listens to."""
        return len(self._by_key)

    def may_join(self, session: ServerSession, key: ChannelKey) -> bool:
        """Is there room for one more."""
        own = self._of_session.get(session, {})
        listeners = self._by_key.get(key)
        if listeners is None:
            return len(own) < SUBSCRIPTIONS_PER_SESSION_MAX and len(self._by_key) < CHANNELS_MAX
        return listeners.channel.subscription in own or len(own) < SUBSCRIPTIONS_PER_SESSION_MAX

    def join(self, session: ServerSession, key: ChannelKey, make: Callable[[int], Channel]) -> Channel:
        """Let a session listen; `make` builds the channel if it is the first. `may_join` was asked before."""
        listeners = self._by_key.get(key) or self._open(key, make)
        listeners.sessions[session] = None
        self._of_session.setdefault(session, {})[listeners.channel.subscription] = listeners
        return listeners.channel

    def leave(self, session: ServerSession, subscription: int) -> None:
        """Stop listening; nothing happens if the session did not."""
        listeners = self._of_session.get(session, {}).pop(subscription, None)
        if listeners is None:
            return
        del listeners.sessions[session]
        if not listeners.sessions:
            self._close(listeners)

    def drop(self, session: ServerSession) -> None:
        """The session is gone."""
        for subscription in list(self._of_session.get(session, ())):
            self.leave(session, subscription)
        self._of_session.pop(session, None)

    def touch(self, markets: Iterable[int]) -> None:
        """Something happened in these markets: their channels speak at the next tick of their class."""
        for market in markets:
            for key, listeners in self._by_market.get(market, {}).items():
                self._pending[key.rate][key] = listeners

    def due(self, now_ns: int, time_ns: int) -> Iterator[tuple[ServerSession, bytes]]:
        """What is to be sent at `now_ns` (monotonic), to whom, in order. `time_ns` is wall time."""
        for rate, pending in self._pending.items():
            if pending and now_ns + EARLY_NS >= self._due_ns[rate]:
                self._due_ns[rate] = now_ns + INTERVAL_NS[rate]
                self._ready.update(pending)
                pending.clear()
        levels = 0
        while self._ready and levels < LEVELS_PER_TICK_MAX:
            key = next(iter(self._ready))
            listeners = self._ready.pop(key)
            levels += max(key.depth, CHANNEL_LEVELS_MIN)
            blocks = listeners.channel.flush(time_ns)
            yield from ((session, block) for session in listeners.sessions for block in blocks)

    def heads(self, session: ServerSession) -> list[tuple[int, int]]:
        """(subscription, sequence last told) of each channel of a session."""
        return [(number, own.channel.head) for number, own in self._of_session.get(session, {}).items()]

    def markets(self) -> list[int]:
        """Markets that somebody listens to."""
        return list(self._by_market)

    def keys_of(self, market: int) -> list[ChannelKey]:
        """The channels of a market that somebody listens to."""
        return list(self._by_market.get(market, ()))

    def _open(self, key: ChannelKey, make: Callable[[int], Channel]) -> _Listeners:
        listeners = _Listeners(key, make(self._next_id))
        self._next_id += 1
        self._by_key[key] = listeners
        self._by_market.setdefault(key.market, {})[key] = listeners
        return listeners

    def _close(self, listeners: _Listeners) -> None:
        key = listeners.key
        del self._by_key[key]
        del self._by_market[key.market][key]
        if not self._by_market[key.market]:
            del self._by_market[key.market]
        self._pending[key.rate].pop(key, None)
        self._ready.pop(key, None)
        self._on_silent(key)
