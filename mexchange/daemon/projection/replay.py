"""The journal once more through an engine, for events that the spool has not. Imported when that is needed."""

from collections.abc import Iterator

from mexchange.daemon.engine_choice import Engine
from mexchange.daemon.events_of import entry_of
from mexchange.daemon.recovery import apply_unskipped, enable, engine_at
from mexchange.daemon.views import Commit
from mexchange.store.errors import SnapshotCorrupt
from mexchange.store.frame import FrameType
from mexchange.store.reader import feature_of, read_frames, read_marks
from mexchange.store.recovery import Batch
from mexchange.store.snapshots import Snapshots
from mexchange.store.spool import Entry
from mexchange.world.disk import Disk


def engine_before(disk: Disk, kind: type[Engine], sequence: int) -> Engine:
    """Stands before this command, as near as snapshots allow."""
    snapshots = Snapshots(disk)
    for number in snapshots.sequences():
        if number < sequence:
            try:
                return engine_at(kind, snapshots.read(number))
            except (SnapshotCorrupt, FileNotFoundError):  # an older one will do, or none
                continue
    return kind()


def replay(disk: Disk, engine: Engine, *, first_sequence: int, until_sequence: int) -> Iterator[Entry]:
    """Entries from `first_sequence` to the frame that ends at `until_sequence`. JournalGap, JournalCorrupt."""
    begin = engine.sequence + 1
    skipped, _ = read_marks(disk, from_sequence=begin)
    for frame in read_frames(disk, from_sequence=begin, until_sequence=until_sequence):
        if frame.type is FrameType.FEATURE:
            enable(engine, [feature_of(frame)])
        if not frame.count:
            continue
        numbers = range(frame.first_sequence, frame.next_sequence)
        left_out = skipped.intersection(numbers) if skipped else frozenset[int]()
        batch = Batch(frame.first_sequence, frame.time_ns, frame.count, frame.body, left_out, frame.digest)
        records = apply_unskipped(engine, batch)
        if frame.first_sequence >= first_sequence:
            yield entry_of(
                Commit(records, frame.first_sequence, frame.count, frame.time_ns, replayed=True, digest=frame.digest),
                engine,
            )
