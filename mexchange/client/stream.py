"""A queue between the exchange, which pushes, and one reader, who may be slow: bounded, and it counts what it drops."""

from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from mexchange.client.pending import Pending

T = TypeVar("T")

ITEMS_MAX: Final = 65_536


class Stream(Generic[T]):
    """Items in order. When the reader is `ITEMS_MAX` behind, the oldest go and are counted in `dropped`."""

    def __init__(self) -> None:
        self.dropped = 0
        self.error: Exception | None = None
        self._items: deque[T] = deque()
        self._waiter: Pending[None] | None = None
        self._closers: list[Callable[[], None]] = []

    def push(self, item: T) -> None:
        """One more."""
        if len(self._items) == ITEMS_MAX:
            self._items.popleft()
            self.dropped += 1
        self._items.append(item)
        self._wake()

    def end(self, error: Exception) -> None:
        """Nothing more will come, for this reason; the reader gets what is there, then the error."""
        self.error = self.error or error
        self._wake()

    def take(self) -> T | None:
        """The oldest item, or None if there is none now. Raises the error after the last one."""
        if self._items:
            return self._items.popleft()
        if self.error is not None:
            raise self.error
        return None

    def ready(self) -> Pending[None]:
        """Resolved when `take` has something to say."""
        if self._waiter is None or self._waiter.done:
            self._waiter = Pending()
        if self._items or self.error is not None:
            self._waiter.resolve(None)
        return self._waiter

    def on_close(self, closer: Callable[[], None]) -> None:
        """What ends the pushing."""
        self._closers.append(closer)

    def close(self) -> None:
        """The reader has enough. Idempotent."""
        closers, self._closers = self._closers, []
        for closer in closers:
            closer()

    def _wake(self) -> None:
        if self._waiter is not None:
            self._waiter.resolve(None)
