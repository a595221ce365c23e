"""Files of the first format, kept in the repository: every later version reads them, and this one still writes them.

`python -m tests.unit.store.test_golden` writes them where there are none. A change of the format gets new files beside
the old ones, which stay.
"""

import shutil
import sys
from hashlib import blake2b
from pathlib import Path

from mexchange.store.disk import RealDisk
from mexchange.store.frame import FrameType
from mexchange.store.journal import Journal
from mexchange.store.reader import Feature, read_frames
from mexchange.store.recovery import Recovery
from mexchange.store.segment import segment_names
from mexchange.store.snapshots import Snapshot, Snapshots
from mexchange.store.verify import verify_journal

GOLDEN = Path(__file__).parents[2] / "golden" / "store-1"
SEGMENT_BYTES = 2048
DIGEST = "ea1cfcbdfe74bc055ba6a459133ab1d1"
TIME_NS = 1_760_000_000_000_000_000


def bodies() -> list[bytes]:
    return [bytes(number * place * 31 % 251 for place in range(number * 56 % 160)) for number in range(24)]


def write(root: Path) -> None:
    """The life of a small journal, the same each time."""
    disk = RealDisk(root)
    journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
    for number, body in enumerate(bodies()):
        if number == 12:
            journal.close()
            journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
            journal.append_feature(1)
        journal.append(body, count=2, first_sequence=journal.next_sequence, time_ns=TIME_NS + number)
        journal.sync()
        if number == 9:
            state = b"the state after twenty commands"
            state_hash = blake2b(state, digest_size=32).digest()
            Snapshots(disk).write(Snapshot(20, TIME_NS + number, state_hash, state, b"and its views"))
    journal.append_skip(23)
    journal.compress_closed()
    journal.close()


def copy(tmp_path: Path) -> RealDisk:
    shutil.copytree(GOLDEN, tmp_path / "data")
    return RealDisk(tmp_path / "data")


def test_the_golden_files_are_read(tmp_path: Path) -> None:
    disk = copy(tmp_path)
    report = verify_journal(disk)
    assert report.problem is None
    assert report.digest.hex() == DIGEST
    assert (report.commands, report.epochs, report.is_closed) == (48, 2, True)
    assert (report.compressed_segments, report.segments) == (1, len(segment_names(disk, "journal")))
    frames = [frame for frame in read_frames(disk) if frame.type is FrameType.COMMANDS]
    assert [frame.body for frame in frames] == bodies()
    assert [frame.time_ns for frame in frames] == [TIME_NS + number for number in range(24)]
    recovery = Recovery(disk)
    assert recovery.snapshot is not None
    assert (recovery.snapshot.sequence, recovery.snapshot.views) == (20, b"and its views")
    assert recovery.features == (Feature(25, 1),)
    batches = list(recovery.batches())
    assert [batch.body for batch in batches] == bodies()[10:]
    assert [set(batch.skipped) for batch in batches if batch.skipped] == [{23}]


def test_the_golden_journal_is_continued(tmp_path: Path) -> None:
    disk = copy(tmp_path)
    journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
    assert (journal.next_sequence, journal.epoch, journal.was_closed_cleanly) == (49, 3, True)
    journal.append(b"more", count=1, first_sequence=49, time_ns=journal.time_ns + 1)
    journal.sync()
    assert verify_journal(disk).last_sequence == 49


def test_the_same_life_still_writes_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    for path in sorted(GOLDEN.rglob("*.mx[js]")):
        assert (tmp_path / path.relative_to(GOLDEN)).read_bytes() == path.read_bytes(), path.name


if __name__ == "__main__":
    assert not GOLDEN.exists(), f"{GOLDEN} stays as it is"
    GOLDEN.mkdir(parents=True)
    write(GOLDEN)
    sys.stdout.write(verify_journal(RealDisk(GOLDEN)).digest.hex() + "\n")
