"""A random life of a store on a simulated disk, and the checker of what a crash leaves of it.

The checker knows one truth, the `History`: what was asked for, and how much of it was promised. After each crash what
is found must be a prefix of what was asked for and must contain everything that was promised.
"""

import random
from hashlib import blake2b

import msgspec

from mexchange.store.frame import FrameType
from mexchange.store.journal import Journal
from mexchange.store.reader import read_frames
from mexchange.store.recovery import Recovery
from mexchange.store.snapshots import Snapshot, Snapshots
from tests.fakes.disk import Crashed, SimulatedDisk

SEGMENT_BYTES = 2048
BODY_BYTES_MAX = 700
AGAIN_MAX = 3
"""Crashes during the recovery from a crash."""


class Entry(msgspec.Struct, frozen=True):
    """One group commit that was asked for."""

    first_sequence: int
    count: int
    time_ns: int
    body: bytes


class History:
    """What was asked for, and how much of it was promised."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.promised = 0
        """That many entries were synced."""
        self.snapshots: dict[int, bytes] = {}
        self.promised_snapshot = 0
        self.skips: set[int] = set()
        self.promised_skips: set[int] = set()
        self.epoch = 0

    @property
    def sequence(self) -> int:
        """Of the last command asked for."""
        return self.entries[-1].first_sequence + self.entries[-1].count - 1 if self.entries else 0

    def state(self) -> bytes:
        """Stands for the engine: a digest of all bodies."""
        return blake2b(b"".join(entry.body for entry in self.entries), digest_size=32).digest()


class Life:
    """One process working on the store. Deterministic for its `rng`."""

    def __init__(self, disk: SimulatedDisk, history: History, rng: random.Random, *, is_full: bool = False) -> None:
        """`is_full`: the disk may have no space for a further segment."""
        self.is_full = is_full
        self.disk = disk
        self.history = history
        self.rng = rng
        self.journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
        self.snapshots = Snapshots(disk)

    def live(self, steps: int) -> None:
        """Crashed if the disk says so."""
        acts = [self.append, self.prepare, self.compress, self.snapshot, self.skip, self.restart]
        for _ in range(steps):
            self.rng.choices(acts, weights=[70, 12, 5, 6, 3, 4])[0]()

    def append(self) -> None:
        body = self.rng.randbytes(self.rng.randrange(BODY_BYTES_MAX))
        entry = Entry(self.journal.next_sequence, self.rng.randint(1, 5), self.journal.time_ns + 1, body)
        self.history.entries.append(entry)
        self.journal.append(body, count=entry.count, first_sequence=entry.first_sequence, time_ns=entry.time_ns)
        self.journal.sync()
        self.history.promised += 1
        if self.rng.random() < 0.5:
            self.journal.seal()

    def prepare(self) -> None:
        assert self.journal.prepare_next_segment() or self.is_full

    def compress(self) -> None:
        self.journal.compress_closed()

    def snapshot(self) -> None:
        sequence, state = self.history.sequence, self.history.state()
        self.history.snapshots[sequence] = state
        self.snapshots.write(Snapshot(sequence, self.journal.time_ns, state, state * 20))
        self.history.promised_snapshot = sequence

    def skip(self) -> None:
        if self.history.sequence > 0:
            sequence = self.rng.randint(1, self.history.sequence)
            self.history.skips.add(sequence)
            self.journal.append_skip(sequence)
            self.history.promised_skips.add(sequence)

    def restart(self) -> None:
        is_clean = self.rng.random() < 0.5
        if is_clean:
            self.journal.close()
        self.disk.kill()
        self.journal = Journal(self.disk, segment_bytes=SEGMENT_BYTES)
        assert self.journal.was_closed_cleanly == is_clean or self.is_full
        assert self.journal.torn is None or self.is_full


def check(disk: SimulatedDisk, history: History, journal: Journal) -> None:
    """After an opening: compare, and from now on take what was found for the truth."""
    found = [
        Entry(frame.first_sequence, frame.count, frame.time_ns, frame.body)
        for frame in read_frames(disk)
        if frame.type is FrameType.COMMANDS
    ]
    assert found == history.entries[: len(found)], "invented or changed"
    assert len(found) >= history.promised, f"lost {history.promised - len(found)} synced frames"
    history.entries, history.promised = found, len(found)
    assert journal.next_sequence == history.sequence + 1
    assert journal.epoch > history.epoch
    history.epoch = journal.epoch
    _check_recovery(disk, history)


def _check_recovery(disk: SimulatedDisk, history: History) -> None:
    recovery = Recovery(disk)
    assert recovery.bad_snapshots == ()
    sequence = 0
    if recovery.snapshot is not None:
        sequence = recovery.snapshot.sequence
        assert recovery.snapshot.state_hash == history.snapshots[sequence]
        assert recovery.snapshot.engine == history.snapshots[sequence] * 20
    assert sequence >= history.promised_snapshot
    history.promised_snapshot = sequence
    found = [Entry(each.first_sequence, each.count, each.time_ns, each.body) for each in recovery.batches()]
    assert found == [entry for entry in history.entries if entry.first_sequence > sequence]
    needed = {skip for skip in history.promised_skips if skip > sequence}
    assert needed <= recovery.skipped <= history.skips
    skipped = set().union(*(each.skipped for each in recovery.batches()))
    assert needed <= skipped


def sweep(seed: int, *, steps: int, stride: int = 1) -> int:
    """Crash a life at each `stride`-th boundary, recover, check, go on, check again. Returns the crashes."""
    disk = SimulatedDisk(seed)
    Life(disk, History(), random.Random(seed)).live(steps)
    boundaries = range(seed % stride, disk.boundaries, stride)
    for boundary in boundaries:
        try:
            crash_once(seed, boundary, steps)
        except Exception as error:
            error.add_note(f"crash_once(seed={seed}, boundary={boundary}, steps={steps})")
            raise
    return len(boundaries)


def crash_once(seed: int, boundary: int, steps: int) -> None:
    """The life of `seed`, cut off in the middle of one operation."""
    disk, history, rng = SimulatedDisk(seed), History(), random.Random(f"{seed} {boundary}")
    disk.crash_at = boundary
    try:
        Life(disk, history, random.Random(seed)).live(steps)
    except Crashed:
        pass
    else:
        raise AssertionError("the life was not the same as before")
    life = recover(disk, history, rng)
    life.live(rng.randrange(8))
    disk.crash(rng)
    recover(disk, history, rng)


def recover(disk: SimulatedDisk, history: History, rng: random.Random) -> Life:
    """Cut the power, open, check; the opening itself may crash a few times."""
    disk.crash(rng)
    for _ in range(rng.randrange(AGAIN_MAX + 1)):
        disk.crash_at = disk.boundaries + rng.randrange(8)
        try:
            Life(disk, history, rng)
        except Crashed:
            disk.crash(rng)
    disk.kill()
    disk.crash_at = None
    life = Life(disk, history, rng)
    check(disk, history, life.journal)
    return life
