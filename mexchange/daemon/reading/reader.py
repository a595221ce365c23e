"""The thread that reads the history tables, with an event loop and connections of its own.

    loop thread: ask ─► this thread: wait for the projector, read, make the answer ─► loop thread: `then`

Nothing here is ever waited for: a database that is slow, locked or gone costs the question its answer and trading
nothing. After a failure questions are refused at once for a while, so that they do not pile up behind time-outs.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.database import Database, Place
from mexchange.store.errors import StoreError
from mexchange.store.history_pages import Progress, progress
from mexchange.telemetry import logs

QUESTIONS_MAX: Final = 256
"""Asked and not answered yet; more are refused."""
READERS: Final = 4
"""Questions that are read for at the same time."""
WAIT_S: Final = 0.25
"""So long a question waits for the rows of what was durable when it came."""
POLL_S: Final = 0.01
READ_S: Final = 5.0
"""A question that takes longer is given up."""
REST_S: Final = 1.0
"""After a failure."""
STOP_S: Final = 10.0

Question = Callable[[AsyncConnection, Progress], Awaitable[list[bytes]]]
"""Reads, and makes the blocks of the answer."""
Then = Callable[[list[bytes] | None], None]
"""Hears the answer on the loop thread; None: the tables cannot be read now."""


class Post(Protocol):
    """Runs a call on the daemon's loop thread."""

    def __call__(self, call: Callable[..., object], /, *arguments: object) -> None: ...


class HistoryReader:
    """Between `start` and `stop` it answers questions."""

    def __init__(self, place: Place, post: Post) -> None:
        self._place = place
        self._post = post
        self._log = logs.get("daemon.history")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="history-reader", daemon=True)
        self._waiting = 0
        """Of the loop thread."""
        self._database: Database | None = None
        self._slots = asyncio.Semaphore(READERS)
        self._reached = Progress(0, 0)
        self._look: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._rest_until_s = 0.0

    def start(self) -> None:
        """Begin to answer."""
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def stop(self) -> None:
        """End; what was asked is not answered any more. Idempotent."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_S)

    def ask(self, question: Question, then: Then, *, needs: int) -> bool:
        """Answer, if the tables get as far as sequence `needs` in time; otherwise with what they have.

        False: too many are asking.
        """
        if self._waiting >= QUESTIONS_MAX or self._loop is None:
            return False
        self._waiting += 1

        def answered(blocks: list[bytes] | None) -> None:
            self._waiting -= 1
            then(blocks)

        self._loop.call_soon_threadsafe(self._begin, question, answered, needs)
        return True

    # On the reader's own thread.

    def _run(self) -> None:
        assert self._loop is not None
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _close(self) -> None:
        tasks = [*self._tasks, *([self._look] if self._look is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._database is not None:
            await self._database.close()

    def _begin(self, question: Question, then: Then, needs: int) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(question, then, needs))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, question: Question, then: Then, needs: int) -> None:
        blocks: list[bytes] | None = None
        if time.monotonic() >= self._rest_until_s:
            try:
                await self._wait_for(needs)
                blocks = await self._read(question)
            except (StoreError, SQLAlchemyError, TimeoutError) as error:
                self._failed(error)
        self._post(then, blocks)

    async def _read(self, question: Question) -> list[bytes]:
        async with self._slots, asyncio.timeout(READ_S), self._open().reading() as connection:
            self._reached = await progress(connection)
            return await question(connection, self._reached)

    async def _wait_for(self, needs: int) -> None:
        """Until the tables have what came up to there, or `WAIT_S` are over. Everybody who waits shares one look."""
        end_s = time.monotonic() + WAIT_S
        while self._reached.sequence < needs and time.monotonic() < end_s:
            if self._look is None or self._look.done():
                self._look = asyncio.create_task(self._look_once())
            await asyncio.shield(self._look)

    async def _look_once(self) -> None:
        async with asyncio.timeout(READ_S), self._open().reading() as connection:
            self._reached = await progress(connection)
        await asyncio.sleep(POLL_S)

    def _open(self) -> Database:
        if self._database is None:
            self._database = Database(self._place)
        return self._database

    def _failed(self, error: Exception) -> None:
        if time.monotonic() >= self._rest_until_s:
            self._log.warning("history cannot be read now, trading goes on", reason=str(error) or type(error).__name__)
        self._rest_until_s = time.monotonic() + REST_S
