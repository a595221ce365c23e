"""An answer that is not there yet, without an event loop.

The sans-I/O exchange resolves it; a driver decides how to wait. `await pending` works under any driver that runs the
coroutine step by step (client/blocking.py); the asyncio driver goes through `on_done` instead.
"""

from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Pending(Generic[T]):
    """A value or an error, once. Later resolutions are ignored: the first outcome stands."""

    __slots__ = ("_callbacks", "_error", "_value", "done")

    def __init__(self) -> None:
        self.done = False
        self._value: T | None = None
        self._error: Exception | None = None
        self._callbacks: list[Callable[[], None]] = []

    def resolve(self, value: T) -> None:
        """Set the value, unless there is an outcome already."""
        if not self.done:
            self._value = value
            self._finish()

    def fail(self, error: Exception) -> None:
        """Set the error, unless there is an outcome already."""
        if not self.done:
            self._error = error
            self._finish()

    def result(self) -> T:
        """The value; raises the error. Only when done."""
        assert self.done
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # done without an error means that it was set

    def on_done(self, callback: Callable[[], None]) -> None:
        """Call back once done; at once if it is."""
        if self.done:
            callback()
        else:
            self._callbacks.append(callback)

    def __await__(self) -> Generator[Any, None, T]:
        if not self.done:
            yield self
        return self.result()

    def _finish(self) -> None:
        self.done = True
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()
