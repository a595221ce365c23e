"""From files back to a state: the newest valid snapshot, then every frame after it.

    Recovery(disk) ─► .snapshot ─► engine.restore ─► for batch in .batches(): engine.apply_batch(...)

Independent of the engine: who replays compares state hashes.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from mexchange.store.ahead import made_ahead
from mexchange.store.errors import JournalGap
from mexchange.store.frame import FrameType
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.reader import Feature, feature_of, read_marks, read_whole_segments
from mexchange.store.segment import RESTORE
from mexchange.store.snapshots import SNAPSHOTS_FOLDER, Snapshots
from mexchange.world.disk import Disk

READ_AHEAD: Final = 8
"""Frames that are read and verified while one is applied."""
NOTHING_SKIPPED: Final = frozenset[int]()


class Batch(msgspec.Struct, frozen=True, gc=False):
    """One group commit to apply: `count` commands from `first_sequence` on, but not those in `skipped`.

    A skipped command keeps its sequence and has no effect. `features` come into force before the first command.
    """

    first_sequence: int
    time_ns: int
    count: int
    body: bytes
    skipped: frozenset[int]
    digest: bytes = b""
    """Of the frame."""
    features: tuple[Feature, ...] = ()


class Recovery:
    """What a start finds. Open the `Journal` first: that settles the tail."""

    def __init__(
        self, disk: Disk, *, journal_folder: str = JOURNAL_FOLDER, snapshots_folder: str = SNAPSHOTS_FOLDER
    ) -> None:
        """Reads the snapshot and the marks. JournalGap, JournalCorrupt, FormatTooNew, DiskFailed."""
        self._disk = disk
        self._folder = journal_folder
        self.snapshot, self.bad_snapshots = Snapshots(disk, snapshots_folder).newest_valid()
        self.first_sequence = 1 if self.snapshot is None else self.snapshot.sequence + 1
        """Of the first batch."""
        self.skipped, self.features = read_marks(disk, journal_folder, from_sequence=self.first_sequence)

    def batches(self) -> Iterator[Batch]:
        """Contiguous from `first_sequence` to the end of the journal. Features behind the last one are in `features`.

        They are read on a thread of their own. JournalGap if the journal ends before the snapshot, or a group commit
        straddles it; JournalCorrupt.
        """
        return made_ahead(self._batches(), READ_AHEAD)

    def _batches(self) -> Iterator[Batch]:
        expected, last = self.first_sequence, 0
        features: list[Feature] = []
        for frame in read_whole_segments(self._disk, self._folder, from_sequence=expected):
            last = frame.next_sequence - 1
            if frame.type is FrameType.FEATURE and frame.first_sequence >= expected:
                features.append(feature_of(frame))
            if frame.type is not FrameType.COMMANDS or last < expected:
                continue
            if frame.first_sequence != expected:
                raise JournalGap(f"a frame begins at {frame.first_sequence}, but {expected} is next: {RESTORE}")
            expected = frame.next_sequence
            yield Batch(
                frame.first_sequence,
                frame.time_ns,
                frame.count,
                frame.body,
                self._skipped_in(frame.first_sequence, frame.count),
                frame.digest,
                tuple(features),
            )
            features.clear()
        if last + 1 < expected:
            raise JournalGap(
                f"the journal ends at sequence {last}, before the snapshot at {expected - 1}: "
                f"segments were lost; {RESTORE}"
            )

    def _skipped_in(self, first_sequence: int, count: int) -> frozenset[int]:
        if not self.skipped:
            return NOTHING_SKIPPED
        return self.skipped.intersection(range(first_sequence, first_sequence + count))
