"""How often one address may ask for anything, and how often it may try to come in."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from mexchange.gateway.errors import TooMany, Unauthorized
from mexchange.protocol.limits import TokenBucket, host_of, is_loopback

T = TypeVar("T")

ADDRESSES_MAX: Final = 65_536
_MINUTE: Final = 60


class AddressLimits:
    """A bucket for each address (each /64 of IPv6); the longest silent one is forgotten first."""

    def __init__(self, *, rate_per_s: int, burst: int, loopback_factor: int) -> None:
        self._rate = rate_per_s
        self._burst = burst
        self._loopback_factor = loopback_factor
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, host: str, count: int = 1) -> int:
        """0, or how long to wait, in nanoseconds."""
        now_ns = time.monotonic_ns()
        bucket = self._bucket(host, now_ns)
        return 0 if bucket.take(count, now_ns) else max(1, bucket.wait_ns(count, now_ns))

    def wait_ns(self, host: str, count: int = 1) -> int:
        """The same without taking anything."""
        now_ns = time.monotonic_ns()
        return self._bucket(host, now_ns).wait_ns(count, now_ns)

    def _bucket(self, host: str, now_ns: int) -> TokenBucket:
        name = host_of((host, 0))
        bucket = self._buckets.get(name)
        if bucket is None:
            factor = self._loopback_factor if is_loopback(name) else 1
            bucket = self._buckets[name] = TokenBucket(self._rate * factor, self._burst * factor, now_ns)
            if len(self._buckets) > ADDRESSES_MAX:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)
        return bucket


class SignInLimits:
    """Attempts cost a minute's sixtieth each: a bucket that counts sixtieths of them by the second."""

    def __init__(self, per_minute: int, *, loopback_factor: int) -> None:
        self._limits = AddressLimits(rate_per_s=per_minute, burst=per_minute * _MINUTE, loopback_factor=loopback_factor)

    def take(self, host: str) -> None:
        """One attempt. Raises TooMany."""
        wait_ns = self._limits.take(host, _MINUTE)
        if wait_ns:
            raise TooMany(wait_ns)

    async def guard(self, host: str, attempt: Callable[[], Awaitable[T]]) -> T:
        """Let somebody try to come in; that it failed counts. Raises TooMany, Unauthorized."""
        self.check(host)
        try:
            return await attempt()
        except Unauthorized:
            self.failed(host)
            raise

    def check(self, host: str) -> None:
        """May that address still try. Raises TooMany."""
        wait_ns = self._limits.wait_ns(host, _MINUTE)
        if wait_ns:
            raise TooMany(wait_ns)

    def failed(self, host: str) -> None:
        """An attempt that was none of somebody who is signed in."""
        self._limits.take(host, _MINUTE)
