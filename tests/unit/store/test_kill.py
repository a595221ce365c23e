"""A real process on a real disk, killed in the middle of its work, again and again."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mexchange.store.disk import RealDisk
from mexchange.store.frame import FrameType
from mexchange.store.journal import Journal
from mexchange.store.reader import read_frames
from mexchange.store.recovery import Recovery
from mexchange.store.segment import segment_names

SEGMENT_BYTES = 1 << 16

WORK = f"""
import random, sys
from hashlib import blake2b
from pathlib import Path
from mexchange.store.disk import RealDisk
from mexchange.store.journal import Journal
from mexchange.store.lock import FolderLock
from mexchange.store.snapshots import Snapshot, Snapshots

root, seed = Path(sys.argv[1]), int(sys.argv[2])
lock = FolderLock(root)
disk = RealDisk(root)
rng = random.Random(seed)
journal = Journal(disk, segment_bytes={SEGMENT_BYTES})
snapshots = Snapshots(disk)
while True:
    sequence = journal.next_sequence
    body = random.Random(sequence).randbytes(sequence * 7919 % 3000)
    journal.append(body, count=1, first_sequence=sequence, time_ns=journal.time_ns + 1)
    journal.sync()
    print(sequence, flush=True)
    if rng.random() < 0.5:
        journal.seal()
    if rng.random() < 0.1:
        journal.prepare_next_segment()
    if rng.random() < 0.05:
        journal.compress_closed()
    if rng.random() < 0.1:
        state = b"state at %d" % sequence
        snapshots.write(Snapshot(sequence, 0, blake2b(state, digest_size=32).digest(), state))
"""


def work_and_die(root: Path, seed: int, seconds: float) -> int:
    """The last sequence that the process promised before it was killed; 0 if none."""
    worker = subprocess.Popen([sys.executable, "-c", WORK, str(root), str(seed)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    first = worker.stdout.readline()
    time.sleep(seconds)
    worker.kill()
    lines = (first + worker.stdout.read()).split(b"\n")
    worker.stdout.close()
    worker.wait()
    return max((int(line) for line in lines[:-1]), default=0)


def check_what_is_left(root: Path, promised: int) -> None:
    disk = RealDisk(root)
    journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
    frames = [frame for frame in read_frames(disk) if frame.type is FrameType.COMMANDS]
    assert [frame.first_sequence for frame in frames] == list(range(1, len(frames) + 1))
    assert len(frames) >= promised
    for frame in frames:
        sequence = frame.first_sequence
        assert frame.body == random.Random(sequence).randbytes(sequence * 7919 % 3000)
    recovery = Recovery(disk)
    if recovery.snapshot is not None:
        assert recovery.snapshot.engine == b"state at %d" % recovery.snapshot.sequence
    assert recovery.bad_snapshots == ()
    assert [batch.first_sequence for batch in recovery.batches()] == list(
        range(recovery.first_sequence, len(frames) + 1)
    )
    journal.close()


def kill_often(root: Path, seed: int, times: int) -> None:
    rng = random.Random(seed)
    for _ in range(times):
        promised = work_and_die(root, rng.getrandbits(32), rng.random() * 0.3)
        assert promised > 0
        check_what_is_left(root, promised)
    assert len(segment_names(RealDisk(root), "journal")) > 2


def test_a_killed_process_keeps_its_promises(tmp_path: Path, seed: int) -> None:
    kill_often(tmp_path / "data", seed, 8)


@pytest.mark.soak
def test_a_process_that_is_killed_two_hundred_times_keeps_its_promises(tmp_path: Path, seed: int) -> None:
    kill_often(tmp_path / "data", seed, 200)
