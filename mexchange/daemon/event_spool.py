"""The daemon's end of the history: each durable frame's events go to the spool, and nothing ever waits for that.

A thread of its own writes; what it cannot take, because the disk is slow, full or broken, is left out, and the
projector makes it again from the journal. Recovery, which is shorter for that thread, waits for a slow disk instead.
"""

import threading
from collections import deque
from queue import SimpleQueue
from typing import Final

from mexchange.codec.events import RECORD_SIZE
from mexchange.daemon.events_of import entry_of
from mexchange.daemon.views import Commit, Engine
from mexchange.store.spool import Entry, SpoolWriter
from mexchange.telemetry import logs
from mexchange.world.disk import Disk

QUEUE_BYTES_MAX: Final = 64 << 20
"""Waiting for the disk; what comes beyond that is left out."""
MARKS_MAX: Final = 1 << 16
"""Frames of which is known how many events they had; for the lag of a projector that is further back than that
the oldest of them stand."""
STOP_SECONDS: Final = 2


class EventSpool:
    """Owned by the loop thread, but for what `_run` does."""

    def __init__(self, disk: Disk, engine: Engine, *, bytes_max: int, free_bytes_min: int) -> None:
        """OSError if the folder cannot be used at all."""
        self._disk = disk
        self._free_bytes_min = free_bytes_min
        self._writer = SpoolWriter(disk, bytes_max=bytes_max)
        self._engine = engine
        self._queue: SimpleQueue[Entry | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="event-spool", daemon=True)
        self._is_writing = False
        """The writer belongs to the thread now."""
        self._written = threading.Condition()
        """Guards `_waiting_bytes`; told when they got fewer."""
        self._waiting_bytes = 0
        self._marks: deque[tuple[int, int]] = deque(maxlen=MARKS_MAX)
        self._events = 0
        self.left_out = 0
        """Frames that did not get into the spool."""
        self.last_sequence = 0
        self.last_time_ns = 0
        """Of the newest frame that was published."""

    def replay(self, commit: Commit) -> None:
        """A frame of the past, during recovery: written unless an earlier run did."""
        self._note(commit)
        if not self._is_writing:
            last = self._writer.last
            if last is not None and commit.last_sequence <= last.last_sequence:
                if commit.last_sequence == last.last_sequence and commit.digest != last.digest:
                    self._writer.clear()  # of another history: the journal was restored from a backup
                return
            self._begin()
        entry = entry_of(commit, self._engine)
        size = len(entry.records)
        with self._written:
            self._written.wait_for(lambda: not self._waiting_bytes or self._waiting_bytes + size <= QUEUE_BYTES_MAX)
            self._waiting_bytes += size
        self._queue.put(entry)

    def start(self, sequence: int) -> None:
        """Recovery ended at this sequence. What the spool knows beyond it is of another history."""
        if self._is_writing:
            with self._written:
                self._written.wait_for(lambda: not self._waiting_bytes)
        else:
            last = self._writer.last
            if last is not None and last.last_sequence > sequence:
                self._writer.clear()
            self._begin()
        self.last_sequence = sequence
        self.last_time_ns = self._engine.time_ns

    def publish(self, commit: Commit) -> None:
        """A durable frame. Costs a copy into a queue."""
        self._note(commit)
        entry = entry_of(commit, self._engine)
        size = len(entry.records)
        with self._written:
            if self._waiting_bytes + size > QUEUE_BYTES_MAX:
                self.left_out += 1
                return
            self._waiting_bytes += size
        self._queue.put(entry)

    def lag_events(self, sequence: int) -> int:
        """Events of the commands after `sequence`."""
        marks = self._marks
        while marks and marks[0][0] <= sequence:
            marks.popleft()
        return self._events - marks[0][1] if marks else 0

    def stop(self) -> None:
        """Write what waits, for a moment."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(STOP_SECONDS)

    def _note(self, commit: Commit) -> None:
        """`_marks`: last sequence of a frame, and the events before it."""
        self._marks.append((commit.last_sequence, self._events))
        self._events += len(commit.records) // RECORD_SIZE
        self.last_sequence, self.last_time_ns = commit.last_sequence, commit.time_ns

    def _begin(self) -> None:
        self._is_writing = True
        self._thread.start()

    def _run(self) -> None:
        try:
            while (entry := self._queue.get()) is not None:
                self._write(entry)
                self._took(len(entry.records))
            self._writer.close()
        finally:
            self._took(self._waiting_bytes)  # whatever happened: nobody is to wait for it

    def _took(self, size: int) -> None:
        with self._written:
            self._waiting_bytes -= size
            self._written.notify()

    def _write(self, entry: Entry) -> None:
        try:
            if self._disk.free_bytes() < self._free_bytes_min:
                self._leave_out("what is left of the disk belongs to the journal")
            else:
                self._writer.append(entry)
        except OSError as error:
            self._leave_out(str(error))

    def _leave_out(self, reason: str) -> None:
        self.left_out += 1
        if self.left_out == 1:
            logs.get("daemon.history").warning(
                "events do not get into the spool, the projector replays the journal instead", reason=reason
            )
