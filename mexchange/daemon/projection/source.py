"""Where the projector's events come from: the spool, and where that does not reach back, the journal once more.

    cursor ── spool has it ──► read it
       └───── it has not ────► engine at the newest snapshot that is not behind the cursor ► replay ► the spool again

Both give the same entries, so rows know no difference. A replay goes no further than what is known to be durable.
"""

from collections.abc import Iterator
from typing import Final

from mexchange.codec.events import RECORD_SIZE
from mexchange.daemon.engine_choice import Engine
from mexchange.daemon.events_of import entry_of
from mexchange.daemon.projection.rows import Cursor
from mexchange.daemon.recovery import apply_unskipped, enable, engine_at
from mexchange.daemon.views import Commit
from mexchange.store.errors import SnapshotCorrupt
from mexchange.store.frame import FrameType
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.reader import feature_of, read_frames, read_marks
from mexchange.store.recovery import Batch
from mexchange.store.segment import segment_names
from mexchange.store.snapshots import Snapshots
from mexchange.store.spool import Entry, Gap, SpoolReader
from mexchange.world.disk import Disk

CHUNK_EVENTS: Final = 8_000
"""Replayed in one go."""


class Source:
    """Entries behind a cursor, for ever."""

    def __init__(self, disk: Disk, cursor: Cursor, engine_kind: type[Engine], *, durable_sequence: int) -> None:
        """`durable_sequence`: the journal is known to be durable up to there."""
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
        engine = self._engine_before(self._next)
        first = self._next
        skipped, _ = read_marks(self._disk, from_sequence=engine.sequence + 1)
        for frame in read_frames(self._disk, from_sequence=engine.sequence + 1, until_sequence=until_sequence):
            if frame.type is FrameType.FEATURE:
                enable(engine, [feature_of(frame)])
            if not frame.count:
                continue
            numbers = range(frame.first_sequence, frame.next_sequence)
            batch = Batch(
                frame.first_sequence,
                frame.time_ns,
                frame.count,
                frame.body,
                skipped.intersection(numbers) if skipped else frozenset(),
                frame.digest,
            )
            records = apply_unskipped(engine, batch)
            if frame.first_sequence >= first:
                commit = Commit(
                    records, frame.first_sequence, frame.count, frame.time_ns, replayed=True, digest=frame.digest
                )
                yield entry_of(commit, engine)

    def _engine_before(self, sequence: int) -> Engine:
        """Stands at or before the command before `sequence`, as near as snapshots allow."""
        if self._engine is not None and self._engine.sequence < sequence:
            return self._engine
        snapshots = Snapshots(self._disk)
        for number in snapshots.sequences():
            if number < sequence:
                try:
                    self._engine = engine_at(self._engine_kind, snapshots.read(number))
                except (SnapshotCorrupt, FileNotFoundError):
                    continue
                return self._engine
        self._engine = self._engine_kind()
        return self._engine


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
