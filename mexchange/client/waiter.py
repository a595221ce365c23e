"""How a driver waits: the one thing that calls and views need of it."""

from typing import Protocol, TypeVar

from mexchange.client.pending import Pending

T = TypeVar("T")


class Waiter(Protocol):
    """The asyncio driver, or the blocking one."""

    async def wait(self, pending: Pending[T]) -> T:
        """The result, once it is there. Raises the Pending's error."""
        ...

    async def wait_until(self, pending: Pending[T], timeout_ns: int) -> bool:
        """Wait so long at most; is it done."""
        ...
