"""From which pages requests may come that carry somebody's cookies."""

from collections.abc import Collection
from typing import Final

from mexchange.gateway.errors import Forbidden

HEADER: Final = b"x-mx-request"
"""A page of another origin cannot set it without asking first, and is told no."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Origins:
    """Ours, and those that the operator names."""

    def __init__(self, own: Collection[str], cross: Collection[str]) -> None:
        """`own`: where our page may be served from; `cross`: other pages that may call."""
        self._own = frozenset(own)
        self.cross = frozenset(cross)

    def allows(self, origin: str, host: str) -> bool:
        """Is it a page of ours, or one that may call. `host`: of the request."""
        return origin in self._own or origin in self.cross or origin in (f"http://{host}", f"https://{host}")

    def check_cookie_request(self, method: str, headers: dict[bytes, bytes]) -> None:
        """A request that is authenticated by a cookie and changes something. Raises Forbidden."""
        if method in SAFE:
            return
        origin = headers.get(b"origin")
        if origin is not None and not self.allows(_text(origin), _text(headers.get(b"host", b""))):
            raise Forbidden("that page may not do this")
        if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none") and origin is None:
            raise Forbidden("that page may not do this")
        if HEADER not in headers:
            raise Forbidden("the header X-MX-Request is missing", hint="send X-MX-Request: 1, or a bearer token")


def _text(value: bytes) -> str:
    return value.decode("latin-1")
