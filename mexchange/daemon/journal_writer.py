"""The thread that waits for the disk: append, fdatasync, tell the loop.

One frame at a time, as the journal demands. While it syncs, which needs no interpreter lock, the loop applies the same
frame to the engine and collects the next one. A second thread prepares and compresses segments, so that zero-writing
64 MiB never stands in the way of a commit.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final

from mexchange.daemon.frame import Frame
from mexchange.store.errors import DiskFull, StoreError
from mexchange.store.journal import Journal
from mexchange.world.clock import Clock

_SEAL: Final = "seal"
_STOP: Final = "stop"
CARE_SECONDS: Final = 0.25
"""How often the second thread looks for room and for something to compress."""
STOP_SECONDS: Final = 10

Call = Callable[..., object]


class JournalWriter:
    """Owns the journal between `start` and `stop`. `post` runs a callable on the loop thread."""

    def __init__(
        self,
        journal: Journal,
        *,
        clock: Clock,
        post: Call,
        on_synced: Callable[[Frame], None],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._post = post
        self._on_synced = on_synced
        self._on_failure = on_failure
        self._work: SimpleQueue[Frame | str] = SimpleQueue()
        self._stopping = threading.Event()
        self._writer = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._carer = threading.Thread(target=self._care, name="journal-care", daemon=True)

    def start(self) -> None:
        """Begin to take frames."""
        self._writer.start()
        self._carer.start()

    def write(self, frame: Frame) -> None:
        """Make `frame` durable, then call `on_synced` on the loop. The one before must be done."""
        self._work.put(frame)

    def seal(self) -> None:
        """Nothing follows for now."""
        self._work.put(_SEAL)

    def stop(self) -> None:
        """Finish what was asked for; both threads have ended when this returns, unless the disk hangs."""
        self._stopping.set()
        self._work.put(_STOP)
        for thread in (self._writer, self._carer):
            if thread.is_alive():
                thread.join(STOP_SECONDS)

    def _run(self) -> None:
        try:
            while (item := self._work.get()) != _STOP:
                if isinstance(item, Frame):
                    self._commit(item)
                elif self._work.empty():
                    self._journal.seal()
        except BaseException as error:  # whatever it is, nothing of this frame may leave
            self._post(self._on_failure, error)

    def _commit(self, frame: Frame) -> None:
        self._journal.append(frame.body, count=frame.count, first_sequence=frame.first_sequence, time_ns=frame.time_ns)
        frame.digest = self._journal.digest
        begin_ns = self._clock.monotonic_ns()
        self._journal.sync()
        frame.sync_ns = self._clock.monotonic_ns() - begin_ns
        self._post(self._on_synced, frame)

    def _care(self) -> None:
        try:
            while not self._stopping.is_set():
                has_room = not self._journal.needs_segment or self._journal.prepare_next_segment()
                if not has_room or not self._compress():
                    self._stopping.wait(CARE_SECONDS)
        except StoreError as error:
            self._post(self._on_failure, error)

    def _compress(self) -> bool:
        """One segment; False if there was none, or no space to do it in."""
        try:
            return self._journal.compress_closed() > 0
        except DiskFull:
            return False
