"""How much may what we show be trusted: one pure function over a few facts.

    state       holds when                                                        new orders
    LIVE        logged in, account stream at its head, every subscribed book      yes
                verified, last word from the server at most 1.5 s ago
    SLOW        as LIVE, but at most 3 s, or round trips of more than 50 ms at    yes
                the 99th percentile, or something is being caught up with
    STALE       more than 3 s, or not logged in, or unknown orders unresolved     no; cancels yes
    RECONNECT   more than 5 s                                                     no; cancels queue
    OFFLINE     more than 30 s, or never reached                                  no

A gap in a market's book stands beside the state, as a set of markets.
"""

from enum import IntEnum
from typing import Final

import msgspec

from mexchange.domain.units import MarketId

_S: Final = 1_000_000_000
LIVE_AGE_NS: Final = 3 * _S // 2
SLOW_AGE_NS: Final = 3 * _S
RECONNECT_AGE_NS: Final = 5 * _S
OFFLINE_AGE_NS: Final = 30 * _S
SLOW_ROUND_TRIP_NS: Final = 50_000_000

assert LIVE_AGE_NS < SLOW_AGE_NS < RECONNECT_AGE_NS < OFFLINE_AGE_NS


class LivenessState(IntEnum):
    """In the order of getting worse."""

    LIVE = 1
    SLOW = 2
    STALE = 3
    RECONNECT = 4
    OFFLINE = 5


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the function looks at. Ages and times in nanoseconds."""

    heard_ago_ns: int | None
    """Since the last authentic datagram; None: never heard."""
    logged_in: bool
    stream_at_head: bool
    books_in_gap: frozenset[MarketId] = frozenset()
    """Subscribed books that are not verified at present."""
    round_trip_p99_ns: int = 0
    unresolved: int = 0
    """Commands whose outcome is unknown and not yet found out."""
    attempt: int = 0
    """Connection attempts since the last login."""


class Liveness(msgspec.Struct, frozen=True):
    """The verdict, with the figures to show beside it."""

    state: LivenessState
    age_ns: int
    p99_ns: int
    gaps: frozenset[MarketId]
    unknown: int
    attempt: int

    @property
    def may_trade(self) -> bool:
        """May new orders and amends be sent. Cancels always may."""
        return self.state <= LivenessState.SLOW


def liveness(facts: Facts) -> Liveness:
    """The state that the table above gives for these facts."""
    age_ns = OFFLINE_AGE_NS + 1 if facts.heard_ago_ns is None else facts.heard_ago_ns
    return Liveness(
        _state(facts, age_ns), age_ns, facts.round_trip_p99_ns, facts.books_in_gap, facts.unresolved, facts.attempt
    )


def _state(facts: Facts, age_ns: int) -> LivenessState:
    if age_ns > OFFLINE_AGE_NS:
        return LivenessState.OFFLINE
    if age_ns > RECONNECT_AGE_NS:
        return LivenessState.RECONNECT
    if age_ns > SLOW_AGE_NS or not facts.logged_in or facts.unresolved:
        return LivenessState.STALE
    if age_ns > LIVE_AGE_NS or facts.round_trip_p99_ns > SLOW_ROUND_TRIP_NS:
        return LivenessState.SLOW
    if not facts.stream_at_head or facts.books_in_gap:
        return LivenessState.SLOW
    return LivenessState.LIVE
