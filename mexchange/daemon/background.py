"""Work of the daemon that waits for something: tasks on the loop, beside the pipeline and never in its way."""

import asyncio
from collections.abc import Callable, Coroutine


class Background:
    """Tasks that belong to one daemon. An exception that leaves one is a defect and goes to `on_failure`."""

    def __init__(self, *, on_failure: Callable[[BaseException], None], on_done: Callable[[], None]) -> None:
        """`on_done` is called after each task: what it wants to send shall leave at once."""
        self._on_failure = on_failure
        self._on_done = on_done
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None]) -> None:
        """On the running loop."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Cancel what still runs, and wait for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._on_failure(error)
        else:
            self._on_done()
