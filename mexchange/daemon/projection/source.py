"""Where the projector's events come from: the spool, and where that does not reach back, the journal once more.

    cursor ── spool has it ──► read it
       └───── it has not ────► engine at the newest snapshot that is not behind the cursor ► replay ► the spool again

Both give the same entries, so rows know no difference. A replay goes no further than what is known to be durable.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mexchange.codec.events import RECORD_SIZE
from mexchange.daemon.projection.rows import Cursor
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.reader import read_frames
from mexchange.store.segment import segment_names
from mexchange.store.spool import Entry, Gap, SpoolReader
from mexchange.world.disk import Disk

if TYPE_CHECKING:
    from mexchange.daemon.engine_choice import Engine

CHUNK_EVENTS: Final = 8_000
"""Replayed in one go."""


class Source:
    """Entries behind a cursor, for ever."""

    def __init__(
        self, disk: Disk, cursor: Cursor, engine_kind: "Callable[[], type[Engine]]", *, durable_sequence: int
    ) -> None:
        """`durable_sequence`: the journal is known to be durable up to there. `engine_kind` is asked for a replay."""
        self._disk = disk
        self._engine_kind = engine_kind
        self._next = cursor.sequence + 1
        self._durable = durable_sequence
        self._spool = SpoolReader(disk, self._next)
        self._replay: Iterator[Entry] | None = None
        self._engine: Engine | None = None

    @property
    def is_replaying(self) -> bool:
        """The journal is read, not the spool."""
        return self._replay is not None

    def read(self) -> list[Entry]:
        """Some entries that follow, none if there are none yet. StoreError if the journal cannot be read; OSError."""
        entries = self._replayed() if self._replay is not None else []
        if not entries:
            entries = self._spooled()
        if not entries and self._replay is not None:
            entries = self._replayed()
        if entries:
            self._next = entries[-1].last_sequence + 1
        return entries

    def drop_read(self) -> None:
        """What was read is in the database."""
        if self._replay is None:
            self._spool.drop_read()

    def close(self) -> None:
        """Let go of files."""
        self._spool.close()

    def _spooled(self) -> list[Entry]:
        """From the spool; begins a replay if it does not reach back."""
        try:
            entries = self._spool.read()
        except Gap as gap:
            self._begin_replay(gap.first - 1 if gap.first else self._durable)
            return []
        if entries:
            self._engine = None
        elif self._next <= self._durable:
            self._begin_replay(self._durable)
        return entries

    def _begin_replay(self, until_sequence: int) -> None:
        if until_sequence >= self._next:
            self._replay = self._entries(until_sequence)

    def _replayed(self) -> list[Entry]:
        assert self._replay is not None
        entries: list[Entry] = []
        events = 0
        for entry in self._replay:
            entries.append(entry)
            events += len(entry.records) // RECORD_SIZE
            if events >= CHUNK_EVENTS:
                return entries
        self._replay = None
        self._spool.close()
        self._spool = SpoolReader(self._disk, entries[-1].last_sequence + 1 if entries else self._next)
        return entries

    def _entries(self, until_sequence: int) -> Iterator[Entry]:
        """From the next one to that which ends at `until_sequence`."""
        from mexchange.daemon.projection.replay import engine_before, replay

        if self._engine is None or self._engine.sequence >= self._next:
            self._engine = engine_before(self._disk, self._engine_kind(), self._next)
        return replay(self._disk, self._engine, first_sequence=self._next, until_sequence=until_sequence)


def is_in_journal(disk: Disk, cursor: Cursor) -> bool:
    """Do the rows up to this cursor tell of this journal. StoreError if it cannot be read."""
    if not cursor.sequence:
        return True
    if SpoolReader(disk, cursor.sequence).has(cursor.sequence, cursor.digest):
        return True
    names = segment_names(disk, JOURNAL_FOLDER)
    if names and names[0].first_sequence > cursor.sequence:
        return True  # pruned: nothing there that could say otherwise
    for frame in read_frames(disk, from_sequence=cursor.sequence, until_sequence=cursor.sequence):
        if frame.count and frame.next_sequence - 1 == cursor.sequence:
            return frame.digest == cursor.digest
    return False
