"""Proof that a client receives at the address it sends from, without remembering the client.

    made_ns u64 | BLAKE2s-128 keyed with a secret of ours, over (made_ns, address, client_random)

The secret changes every two minutes and the previous one is kept, so a cookie is good for its lifetime across one
change and a stolen secret soon is worthless.
"""

import hmac
from collections.abc import Callable
from hashlib import blake2s
from typing import Final

from mexchange.protocol.errors import BadCookie
from mexchange.protocol.packet import Address

COOKIE_SIZE: Final = 24
MAC_SIZE: Final = 16
SECRET_LIFETIME_NS: Final = 120 * 10**9
COOKIE_LIFETIME_NS: Final = 60 * 10**9

assert COOKIE_SIZE == 8 + MAC_SIZE
assert COOKIE_LIFETIME_NS <= SECRET_LIFETIME_NS, "a live cookie's secret is the current or the previous one"


class CookieJar:
    """Makes and checks cookies. Its whole memory is two secrets."""

    __slots__ = ("_born_ns", "_current", "_previous", "_random", "_start_ns")

    def __init__(self, random: Callable[[int], bytes], now_ns: int) -> None:
        self._random = random
        self._start_ns = now_ns
        self._born_ns = now_ns
        self._current = random(32)
        self._previous = random(32)

    def make(self, address: Address, client_random: bytes, now_ns: int) -> bytes:
        """24 bytes for this address and this client_random only."""
        self._rotate(now_ns)
        made = (now_ns - self._start_ns).to_bytes(8, "little")
        return made + _mac(self._current, made, address, client_random)

    def check(self, cookie: bytes, address: Address, client_random: bytes, now_ns: int) -> None:
        """Raises BadCookie unless `make` gave it for the same address and random within COOKIE_LIFETIME_NS."""
        self._rotate(now_ns)
        if len(cookie) != COOKIE_SIZE:
            raise BadCookie("size")
        made = cookie[:8]
        age_ns = now_ns - self._start_ns - int.from_bytes(made, "little")
        if not 0 <= age_ns <= COOKIE_LIFETIME_NS:
            raise BadCookie("age")
        mac = cookie[8:]
        if hmac.compare_digest(mac, _mac(self._current, made, address, client_random)):
            return
        if not hmac.compare_digest(mac, _mac(self._previous, made, address, client_random)):
            raise BadCookie("mac")

    def _rotate(self, now_ns: int) -> None:
        age_ns = now_ns - self._born_ns
        if age_ns < SECRET_LIFETIME_NS:
            return
        self._previous = self._current if age_ns < 2 * SECRET_LIFETIME_NS else self._random(32)
        self._current = self._random(32)
        self._born_ns = now_ns


def _mac(secret: bytes, made: bytes, address: Address, client_random: bytes) -> bytes:
    return blake2s(made + client_random + repr(address).encode(), digest_size=MAC_SIZE, key=secret).digest()
