"""A thread with an event loop of its own, where databases and mail servers are waited for.

The trading loop hands it jobs and hears of their ends; however long a database takes, no order waits. Jobs run one
after the other, tasks beside them. What a job raises is its result: whoever asked decides what that means, and the
answer to everything unexpected is no.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

T = TypeVar("T")

JOBS_MAX: Final = 4_096
"""Jobs that wait; more are refused."""

LAST_S: Final = 5
"""How long the end waits for a database."""

Post = Callable[..., None]
"""Calls a function with arguments on the trading loop, soon."""


class Busy(Exception):
    """Too many jobs wait already."""


class Clerk:
    """Runs from construction to `stop`."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._room = threading.BoundedSemaphore(JOBS_MAX)
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, job: Coroutine[Any, Any, T]) -> T:
        """Wait for it here: before there is a trading loop, and after it."""
        return asyncio.run_coroutine_threadsafe(job, self._loop).result()

    def call(self, job: Callable[[], Awaitable[T]], then: Callable[[T | Exception], None], post: Post) -> None:
        """Do it when its turn comes; `then` hears the result, or the exception, by way of `post`."""
        if not self._room.acquire(blocking=False):
            post(then, Busy(f"{JOBS_MAX} jobs wait already"))
            return
        asyncio.run_coroutine_threadsafe(self._do(job, then, post), self._loop)

    def beside(self, task: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run until `stop`, beside the jobs."""

        def start() -> None:
            running = self._loop.create_task(task())
            self._tasks.add(running)
            running.add_done_callback(self._tasks.discard)

        self._loop.call_soon_threadsafe(start)

    def stop(self, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """End the tasks, do one last thing, end the thread. Idempotent."""
        if self._loop.is_closed():
            return
        self.run(self._end(last))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _do(self, job: Callable[[], Awaitable[T]], then: Callable[[T | Exception], None], post: Post) -> None:
        result: T | Exception
        try:
            async with self._turn:
                result = await job()
        except Exception as error:
            result = error
        self._room.release()
        post(then, result)

    async def _end(self, last: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if last is not None:
            with suppress(TimeoutError):  # a database that hangs shall not keep the exchange from stopping
                async with asyncio.timeout(LAST_S), self._turn:
                    await last()
        for left in asyncio.all_tasks() - {asyncio.current_task()}:
            left.cancel()
