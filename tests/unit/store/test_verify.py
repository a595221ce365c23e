"""The report of a stored history says what is there and where it breaks."""

from hashlib import blake2b

from mexchange.store.journal import Journal
from mexchange.store.segment import segment_names
from mexchange.store.snapshots import Snapshot, Snapshots
from mexchange.store.verify import JournalReport, SnapshotReport, verify_journal, verify_snapshots
from tests.fakes.disk import SimulatedDisk


def written() -> tuple[SimulatedDisk, Journal]:
    disk = SimulatedDisk()
    journal = Journal(disk, segment_bytes=2048)
    for _ in range(20):
        time_ns = max(1_000, journal.time_ns + 10)
        journal.append(bytes(100), count=3, first_sequence=journal.next_sequence, time_ns=time_ns)
        journal.sync()
    journal.seal()
    return disk, journal


def test_an_empty_folder_is_no_problem() -> None:
    assert verify_journal(SimulatedDisk()) == JournalReport()
    assert verify_snapshots(SimulatedDisk()) == []


def test_everything_is_counted() -> None:
    disk, journal = written()
    journal.append_skip(7)
    journal.append_feature(2)
    journal.compress_closed()
    journal.close()
    report = verify_journal(disk)
    assert report.problem is None
    assert (report.segments, report.compressed_segments) == (len(segment_names(disk, "journal")), 1)
    assert (report.commands, report.first_sequence, report.last_sequence) == (60, 1, 60)
    assert (report.first_time_ns, report.last_time_ns) == (1_000, 1_190)
    assert (report.frames, report.epochs, report.skipped, report.features) == (24, 1, [7], [2])
    assert report.is_closed
    assert report.digest == journal.digest
    assert report.size_bytes == journal.size_bytes()


def test_a_torn_write_and_what_was_put_aside_are_named() -> None:
    disk, journal = written()
    name = f"journal/{segment_names(disk, 'journal')[-1]}"
    before = disk.names("journal")
    data = disk.content(name).rstrip(b"\0") + b"torn write"
    disk.replace(name, data)
    report = verify_journal(disk)
    assert (report.problem, report.is_closed, report.torn_files) == (None, False, [])
    assert report.unfinished_bytes >= 10
    assert report.digest == journal.digest
    assert disk.names("journal") == before
    Journal(disk, segment_bytes=2048)
    report = verify_journal(disk)
    assert report.unfinished_bytes == 0
    assert len(report.torn_files) == 1


def test_damage_is_reported_with_what_stands_before_it() -> None:
    disk, _ = written()
    name = f"journal/{segment_names(disk, 'journal')[1]}"
    data = bytearray(disk.content(name))
    data[600] ^= 1
    disk.replace(name, bytes(data))
    report = verify_journal(disk)
    assert report.problem is not None
    assert "does not continue the segment before it" in report.problem
    assert 0 < report.last_sequence < 60


def test_a_pruned_front_is_no_problem() -> None:
    disk, _ = written()
    names = segment_names(disk, "journal")
    disk.remove(f"journal/{names[0]}")
    report = verify_journal(disk)
    assert report.problem is None
    assert (report.first_sequence, report.last_sequence) == (names[1].first_sequence, 60)


def test_snapshots_are_listed_with_their_hashes_and_problems() -> None:
    disk = SimulatedDisk()
    state_hash = blake2b(b"state", digest_size=32).digest()
    for sequence in (3, 9):
        Snapshots(disk).write(Snapshot(sequence, 0, state_hash, b"state", b"views"))
    disk.replace("snapshots/snap-0000000000000009.mxs", b"rubbish")
    assert verify_snapshots(disk) == [
        SnapshotReport(9, problem="snap-0000000000000009.mxs does not verify"),
        SnapshotReport(3, 10, state_hash),
    ]
