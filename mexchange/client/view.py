"""What all views share: somebody wants to know when they change."""

from collections.abc import Callable

from mexchange.client.pending import Pending
from mexchange.client.waiter import Waiter


class View:
    """Updated in place on the driver's thread; read it there."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []
        self._waiter: Waiter | None = None
        self._change: Pending[None] = Pending()

    def attach(self, waiter: Waiter) -> None:
        """From now on `changed` can be awaited under this driver."""
        self._waiter = waiter

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after every change. Returns how to stop it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def changed(self) -> None:
        """Until something has changed since the last call; many changes count as one. For one reader."""
        assert self._waiter is not None, "a view of a connected client"
        await self._waiter.wait(self._change)
        self._change = Pending()

    def tell(self) -> None:
        """Something has changed."""
        self._change.resolve(None)
        for callback in tuple(self._callbacks):
            callback()
