"""Every limit of a session by name, and the two ways of keeping to one: a bucket of tokens and a credit."""

from collections import OrderedDict
from typing import Final

import msgspec

from mexchange.protocol.packet import Address

UNANSWERED_MAX: Final = 256
"""Requests of one session without an answer."""
WAITING_MAX: Final = 65_536
"""Requests of one client that wait until fewer are unanswered."""
SESSIONS_PER_ACCOUNT_MAX: Final = 16
SUBSCRIPTIONS_MAX: Final = 64
"""Per session."""
SESSIONS_MAX: Final = 65_536
HANDSHAKEN_MAX: Final = 1_024
"""Sessions that have not logged in yet."""
HANDSHAKEN_PACKETS_PER_S: Final = 3
ANONYMOUS_SESSIONS_MAX: Final = 1_024
MALFORMED_MAX: Final = 16
"""Datagrams of a session that were sealed properly around nonsense; after that it is closed."""
ADDRESSES_MAX: Final = 4_096
"""Hosts whose handshake rate is remembered; the longest silent one is forgotten first."""
RESETS_PER_S: Final = 100
"""Stateless resets, all addresses together."""
OUTGOING_SIZE_MAX: Final = 4 * 2**20
"""Bytes of blocks that wait for one session's next flush."""

_S: Final = 10**9


class TokenBucket:
    """At most `burst` at once and `rate_per_s` in the long run. Integers only: it counts billionths of a token."""

    __slots__ = ("_burst", "_filled_ns", "_level", "_rate")

    def __init__(self, rate_per_s: int, burst: int, now_ns: int) -> None:
        assert rate_per_s > 0
        assert burst > 0
        self._rate = rate_per_s
        self._burst = burst * _S
        self._level = self._burst
        self._filled_ns = now_ns

    def take(self, count: int, now_ns: int) -> bool:
        """Take `count` tokens if they are all there; otherwise take none."""
        level = min(self._burst, self._level + (now_ns - self._filled_ns) * self._rate)
        self._filled_ns = now_ns
        wanted = count * _S
        if level < wanted:
            self._level = level
            return False
        self._level = level - wanted
        return True

    def wait_ns(self, count: int, now_ns: int) -> int:
        """Until `take(count)` would succeed, if nobody else takes; 0: now. `count` is at most the burst."""
        missing = count * _S - self._level - (now_ns - self._filled_ns) * self._rate
        return max(0, -(-missing // self._rate))


class HandshakeLimit(msgspec.Struct, frozen=True):
    """How many handshakes one host may ask for."""

    rate_per_s: int = 20
    burst: int = 40


LOOPBACK_LIMIT: Final = HandshakeLimit(rate_per_s=2_000, burst=4_000)
"""On the machine itself many short programs are normal, and the flood could as well be a `kill`."""


class AddressBuckets:
    """A bucket per host (per /64 for IPv6), bounded. The port does not count: it costs an attacker nothing."""

    __slots__ = ("_buckets", "_limit", "_loopback")

    def __init__(self, limit: HandshakeLimit, loopback: HandshakeLimit) -> None:
        self._limit = limit
        self._loopback = loopback
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, address: Address, now_ns: int) -> bool:
        """May this host have one more."""
        host = host_of(address)
        bucket = self._buckets.get(host)
        if bucket is None:
            limit = self._loopback if is_loopback(host) else self._limit
            bucket = self._buckets[host] = TokenBucket(limit.rate_per_s, limit.burst, now_ns)
            if len(self._buckets) > ADDRESSES_MAX:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(host)
        return bucket.take(1, now_ns)

    def __len__(self) -> int:
        return len(self._buckets)


def host_of(address: Address) -> str:
    """What a limit is charged to: the IPv4 address, or the first four groups of an IPv6 one as text."""
    host = str(address[0])
    if ":" not in host or is_loopback(host) or host.lower().startswith("::ffff:"):
        return host
    head, _, _ = host.partition("::")
    return ":".join(head.split(":")[:4])


def is_loopback(host: str) -> bool:
    """Text of a loopback address, as recvfrom gives it."""
    return host.startswith(("127.", "::ffff:127.")) or host == "::1"
