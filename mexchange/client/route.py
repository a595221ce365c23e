"""Which of the server's addresses is tried, and when again: all in turn at once, then a pause that grows."""

from collections.abc import Callable, Sequence
from typing import Final

from mexchange.transport.resolve import Address

BACKOFF_FIRST_NS: Final = 250_000_000
BACKOFF_MAX_NS: Final = 8_000_000_000


class Route:
    """Addresses in the order of preference, at least one. `jitter` gives 0 to 255."""

    def __init__(self, addresses: Sequence[Address], jitter: Callable[[], int]) -> None:
        assert addresses
        self._addresses: Final = tuple(addresses)
        self._jitter = jitter
        self._index = 0
        self._tried = 0
        self._backoff_ns = BACKOFF_FIRST_NS

    @property
    def address(self) -> Address:
        """The one to use now."""
        return self._addresses[self._index]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All."""
        return self._addresses

    def failed(self) -> int:
        """This one did not answer: go to the next. Returns nanoseconds to wait before trying that one."""
        self._index = (self._index + 1) % len(self._addresses)
        self._tried += 1
        if self._tried < len(self._addresses):
            return 0
        self._tried = 0
        wait_ns = self._backoff_ns
        self._backoff_ns = min(2 * wait_ns, BACKOFF_MAX_NS)
        return wait_ns * (192 + self._jitter() // 2) // 256

    def worked(self) -> None:
        """A login: stay with this address, and be quick again next time."""
        self._tried = 0
        self._backoff_ns = BACKOFF_FIRST_NS
