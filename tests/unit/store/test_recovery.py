"""A start finds the newest snapshot and exactly the commands after it."""

from hashlib import blake2b

import pytest

from mexchange.store.errors import JournalCorrupt, JournalGap
from mexchange.store.journal import Journal
from mexchange.store.reader import Feature
from mexchange.store.recovery import Recovery
from mexchange.store.segment import segment_names
from mexchange.store.snapshots import Snapshot, Snapshots
from tests.fakes.disk import SimulatedDisk


def open_journal(disk: SimulatedDisk) -> Journal:
    return Journal(disk, segment_bytes=2048)


def append(journal: Journal, *counts: int) -> None:
    for count in counts:
        body = f"from {journal.next_sequence}".encode() * 20
        journal.append(body, count=count, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 5)
        journal.sync()
    journal.seal()


def snapshot(sequence: int) -> Snapshot:
    engine = f"state {sequence}".encode()
    return Snapshot(sequence, 0, blake2b(engine, digest_size=32).digest(), engine)


def starts(disk: SimulatedDisk) -> list[int]:
    return [batch.first_sequence for batch in Recovery(disk).batches()]


def test_without_a_snapshot_everything_is_replayed() -> None:
    disk = SimulatedDisk()
    assert starts(disk) == []
    append(open_journal(disk), *[3] * 30)
    recovery = Recovery(disk)
    assert recovery.snapshot is None
    batches = list(recovery.batches())
    assert [batch.first_sequence for batch in batches] == list(range(1, 91, 3))
    assert {batch.count for batch in batches} == {3}
    assert batches[4].body == b"from 13" * 20
    assert batches[4].time_ns == 25


@pytest.mark.parametrize("at", range(0, 91, 3))
def test_with_a_snapshot_only_what_came_after_it(at: int) -> None:
    disk = SimulatedDisk()
    append(open_journal(disk), *[3] * 30)
    Snapshots(disk).write(snapshot(at))
    recovery = Recovery(disk)
    assert recovery.snapshot == snapshot(at)
    assert recovery.first_sequence == at + 1
    assert [batch.first_sequence for batch in recovery.batches()] == list(range(at + 1, 91, 3))


def test_a_bad_snapshot_costs_time_and_nothing_else() -> None:
    disk = SimulatedDisk()
    append(open_journal(disk), *[1] * 9)
    Snapshots(disk).write(snapshot(3))
    Snapshots(disk).write(snapshot(6))
    disk.replace("snapshots/snap-0000000000000006.mxs", b"")
    recovery = Recovery(disk)
    assert recovery.snapshot == snapshot(3)
    assert [bad.name for bad in recovery.bad_snapshots] == ["snap-0000000000000006.mxs"]
    assert [batch.first_sequence for batch in recovery.batches()] == [4, 5, 6, 7, 8, 9]


def test_skips_of_any_later_time_are_known_to_the_batch_they_concern() -> None:
    disk = SimulatedDisk()
    journal = open_journal(disk)
    append(journal, 1, 4, 1)
    journal.append_skip(3)
    journal.append_skip(4)
    append(journal, *[1] * 30)
    journal.append_feature(9)
    recovery = Recovery(disk)
    assert [set(batch.skipped) for batch in recovery.batches()][:4] == [set(), {3, 4}, set(), set()]
    assert recovery.features == (Feature(37, 9),)


def test_a_journal_that_ends_before_the_snapshot_is_refused() -> None:
    disk = SimulatedDisk()
    append(open_journal(disk), *[1] * 30)
    Snapshots(disk).write(snapshot(30))
    disk.remove(f"journal/{segment_names(disk, 'journal')[-1]}")
    with pytest.raises(JournalGap, match="before the snapshot at 30: segments were lost"):
        starts(disk)


def test_a_journal_that_is_gone_is_refused_too() -> None:
    disk = SimulatedDisk()
    Snapshots(disk).write(snapshot(30))
    open_journal(disk)
    with pytest.raises(JournalGap, match="before the snapshot at 30"):
        starts(disk)


def test_a_journal_that_was_pruned_beyond_the_snapshot_is_refused() -> None:
    disk = SimulatedDisk()
    append(open_journal(disk), *[1] * 30)
    Snapshots(disk).write(snapshot(2))
    disk.remove(f"journal/{segment_names(disk, 'journal')[0]}")
    with pytest.raises(JournalGap, match="but 3 is needed"):
        starts(disk)


def test_a_snapshot_in_the_middle_of_a_frame_is_refused() -> None:
    disk = SimulatedDisk()
    append(open_journal(disk), 3, 3)
    Snapshots(disk).write(snapshot(4))
    with pytest.raises(JournalGap, match="begins at 4, but 5 is next"):
        starts(disk)


def test_segments_of_another_journal_do_not_fit() -> None:
    disk, other = SimulatedDisk(), SimulatedDisk()
    for each, count in ((disk, 1), (other, 1)):
        journal = open_journal(each)
        if each is other:
            journal.append_feature(1)
        append(journal, *[count] * 30)
    name = segment_names(disk, "journal")[2]
    stranger = next(each for each in segment_names(other, "journal") if each.number == name.number)
    disk.remove(f"journal/{name}")
    disk.replace(f"journal/{stranger}", other.content(f"journal/{stranger}"))
    with pytest.raises(JournalCorrupt, match="does not continue the segment before it"):
        starts(disk)
