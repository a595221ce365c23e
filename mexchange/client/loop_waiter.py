"""Waiting under asyncio."""

import asyncio
from typing import Final, TypeVar

from mexchange.client.pending import Pending

T = TypeVar("T")

_NS_PER_S: Final = 1_000_000_000


class LoopWaiter:
    """On the loop that runs when it is made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def wait(self, pending: Pending[T]) -> T:
        """The result, once it is there."""
        if not pending.done:
            await self._future_of(pending)
        return pending.result()

    async def wait_until(self, pending: Pending[T], timeout_ns: int) -> bool:
        """Wait so long at most; is it done."""
        if not pending.done and timeout_ns > 0:
            future = self._future_of(pending)
            await asyncio.wait([future], timeout=timeout_ns / _NS_PER_S)
            future.cancel()
        return pending.done

    def _future_of(self, pending: Pending[T]) -> asyncio.Future[None]:
        future: asyncio.Future[None] = self._loop.create_future()

        def wake() -> None:
            if not future.done():
                future.set_result(None)

        pending.on_done(wake)
        return future
