"""Which request for a code an address made last, for programs that send back the code without it.

The exchange binds each code to its request, so that nobody can use up somebody else's tries. Programs of the older
protocol know e-mail and code only; for those the last request of that e-mail and that host is kept here for a while.
Browsers carry it in a cookie, which any gateway understands.
"""

import time
from collections import OrderedDict
from typing import Final

KEPT_S: Final = 600
KEPT_MAX: Final = 16_384


class CodeRequests:
    """By e-mail and host."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[float, bytes]] = OrderedDict()

    def add(self, email: str, host: str, request_id: bytes) -> None:
        """A code was asked for."""
        key = (email.strip().lower(), host)
        self._known.pop(key, None)
        self._known[key] = (time.monotonic(), request_id)
        while len(self._known) > KEPT_MAX or self._oldest_age() > KEPT_S:
            self._known.popitem(last=False)

    def of(self, email: str, host: str) -> bytes | None:
        """The last one, if it is not too old."""
        found = self._known.get((email.strip().lower(), host))
        return found[1] if found is not None and time.monotonic() - found[0] <= KEPT_S else None

    def _oldest_age(self) -> float:
        return time.monotonic() - next(iter(self._known.values()))[0]
