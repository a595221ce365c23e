"""What an operator does to a data directory beside its daemon: look, replay, leave a command out. Keys: `people`.

`verify` and `replay` read only. `skip` changes the journal and takes the folder's lock.
"""

import os
from pathlib import Path

from mexchange.daemon.engine_choice import VARIABLE, choose
from mexchange.daemon.recovery import apply_unskipped, enable
from mexchange.store.disk import RealDisk
from mexchange.store.errors import StoreError
from mexchange.store.frame import FrameType
from mexchange.store.journal import Journal
from mexchange.store.lock import FolderLock
from mexchange.store.reader import feature_of, read_marks, read_whole_segments
from mexchange.store.recovery import Batch
from mexchange.store.snapshots import Snapshots
from mexchange.store.verify import verify_journal, verify_snapshots

Report = dict[str, object]
"""Names and values for people and for JSON."""


class CannotSkip(StoreError):
    """That command is not in the journal, or its effects are in a snapshot."""


def verify(data: Path) -> Report:
    """Every digest of the journal, every snapshot. `ok` says whether all of it is as it was written."""
    disk = RealDisk(data)
    journal = verify_journal(disk)
    snapshots = verify_snapshots(disk)
    bad = [f"snapshot {each.sequence}: {each.problem}" for each in snapshots if each.problem]
    problems = ([journal.problem] if journal.problem else []) + bad
    return {
        "ok": not problems,
        "problems": problems,
        "commands": journal.commands,
        "first_sequence": journal.first_sequence,
        "last_sequence": journal.last_sequence,
        "frames": journal.frames,
        "segments": journal.segments,
        "compressed_segments": journal.compressed_segments,
        "journal_bytes": journal.size_bytes,
        "digest": journal.digest.hex(),
        "closed_cleanly": journal.is_closed,
        "unfinished_bytes": journal.unfinished_bytes,
        "torn_files": journal.torn_files,
        "skipped": journal.skipped,
        "features": journal.features,
        "snapshots": [each.sequence for each in snapshots],
    }


def replay(data: Path, *, engine: str | None = None) -> Report:
    """The whole journal into a new engine: where it ends, and whether each snapshot is what the journal gives.

    `engine` is what MX_ENGINE may say, which counts if it is None. StoreError if the journal cannot be read to its end,
    or begins after sequence 1; ConfigError if there is no such engine.
    """
    disk = RealDisk(data)
    expected = {}
    for each in verify_snapshots(disk):
        if each.problem is None:
            expected[each.sequence] = Snapshots(disk).read(each.sequence).state_hash
    choice = choose(os.environ if engine is None else {VARIABLE: engine})
    twin = choice.kind()
    skipped, _ = read_marks(disk)
    agree: list[int] = []
    differ: list[int] = []
    for frame in read_whole_segments(disk):
        if frame.type is FrameType.FEATURE:
            enable(twin, [feature_of(frame)])
        if not frame.count:
            continue
        numbers = range(frame.first_sequence, frame.next_sequence)
        here = frozenset(skipped.intersection(numbers)) if skipped else frozenset[int]()
        apply_unskipped(twin, Batch(frame.first_sequence, frame.time_ns, frame.count, frame.body, here))
        if twin.sequence in expected:
            same = twin.state_hash() == expected[twin.sequence]
            (agree if same else differ).append(twin.sequence)
    return {
        "ok": not differ,
        "engine": choice.name,
        "sequence": twin.sequence,
        "time_ns": twin.time_ns,
        "state_hash": twin.state_hash().hex(),
        "skipped": sorted(skipped),
        "snapshots_equal": agree,
        "snapshots_different": differ,
    }


def skip(data: Path, sequence: int) -> None:
    """No replay applies `sequence` from now on. FolderInUse while a daemon runs; CannotSkip; other StoreErrors."""
    with FolderLock(data):
        disk = RealDisk(data)
        journal = Journal(disk)
        try:
            snapshot, _ = Snapshots(disk).newest_valid()
            if snapshot is not None and sequence <= snapshot.sequence:
                raise CannotSkip(f"a snapshot at sequence {snapshot.sequence} contains what {sequence} did")
            if not 0 < sequence < journal.next_sequence:
                raise CannotSkip(f"the journal ends at sequence {journal.next_sequence - 1}")
            journal.append_skip(sequence)
        finally:
            journal.close()
