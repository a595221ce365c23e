"""Snapshots verify or are passed over; two are always kept."""

import errno
from hashlib import blake2b

import pytest

from mexchange.store.errors import DiskFailed, DiskFull, SnapshotCorrupt
from mexchange.store.snapshots import Snapshot, Snapshots, pack_snapshot, parse_snapshot
from tests.fakes.disk import SimulatedDisk


def snapshot(sequence: int, engine: bytes = b"state", views: bytes = b"views") -> Snapshot:
    return Snapshot(sequence, sequence * 1_000, blake2b(engine, digest_size=32).digest(), engine, views)


def test_the_newest_is_read_back_whole() -> None:
    store = Snapshots(SimulatedDisk())
    assert store.newest_valid() == (None, ())
    for sequence in (5, 300, 20):
        size = store.write(snapshot(sequence, engine=b"e" * sequence))
        assert size == len(pack_snapshot(snapshot(sequence, engine=b"e" * sequence)))
    assert store.newest_valid() == (snapshot(300, engine=b"e" * 300), ())


def test_a_snapshot_of_the_same_sequence_takes_the_place_of_the_old_one() -> None:
    store = Snapshots(SimulatedDisk())
    store.write(snapshot(5, views=b"a longer view"))
    store.write(snapshot(5, views=b"short"))
    assert store.newest_valid()[0] == snapshot(5, views=b"short")


def test_every_changed_byte_and_every_truncation_is_noticed() -> None:
    data = pack_snapshot(snapshot(7, engine=b"engine" * 20, views=b"views" * 9))
    assert parse_snapshot(data, "it").sequence == 7
    for position in range(len(data)):
        for mask in (1, 0x80, 0xFF):
            changed = bytearray(data)
            changed[position] ^= mask
            with pytest.raises(SnapshotCorrupt):
                parse_snapshot(bytes(changed), "it")
    for length in range(len(data)):
        with pytest.raises(SnapshotCorrupt):
            parse_snapshot(data[:length], "it")
    with pytest.raises(SnapshotCorrupt):
        parse_snapshot(data + b"\0", "it")


def test_a_bad_one_is_passed_over_and_reported() -> None:
    disk = SimulatedDisk()
    store = Snapshots(disk)
    store.write(snapshot(5))
    store.write(snapshot(6))
    disk.replace("snapshots/snap-0000000000000006.mxs", b"rubbish")
    found, bad = store.newest_valid()
    assert found == snapshot(5)
    assert [(each.name, each.reason) for each in bad] == [
        ("snap-0000000000000006.mxs", "snap-0000000000000006.mxs does not verify")
    ]


def test_a_renamed_one_is_passed_over() -> None:
    disk = SimulatedDisk()
    Snapshots(disk).write(snapshot(5))
    disk.replace("snapshots/snap-0000000000000009.mxs", disk.content("snapshots/snap-0000000000000005.mxs"))
    found, bad = Snapshots(disk).newest_valid()
    assert found == snapshot(5)
    assert "was it renamed" in bad[0].reason


def test_two_valid_ones_are_kept_whatever_the_bad_ones() -> None:
    disk = SimulatedDisk()
    store = Snapshots(disk)
    for sequence in range(1, 5):
        store.write(snapshot(sequence))
    assert store.sequences() == [4, 3]
    disk.replace("snapshots/snap-0000000000000004.mxs", b"rubbish")
    store.write(snapshot(5))
    assert store.sequences() == [5, 4, 3]
    store.write(snapshot(6))
    assert store.sequences() == [6, 5]


def test_what_a_killed_writer_left_unfinished_goes_with_the_next_one() -> None:
    disk = SimulatedDisk()
    store = Snapshots(disk)
    store.write(snapshot(5))
    disk.open("snapshots/snap-0000000000000006.mxs.tmp", create=True).close()
    store.write(snapshot(7))
    assert disk.names("snapshots") == ["snap-0000000000000005.mxs", "snap-0000000000000007.mxs"]


def test_a_full_disk_leaves_the_old_ones_and_nothing_half_done() -> None:
    disk = SimulatedDisk(capacity_bytes=1_000)
    store = Snapshots(disk)
    store.write(snapshot(5))
    with pytest.raises(DiskFull):
        store.write(snapshot(6, engine=b"x" * 2_000))
    assert disk.names("snapshots") == ["snap-0000000000000005.mxs"]
    assert store.newest_valid() == (snapshot(5), ())
    disk.capacity_bytes = 10_000
    store.write(snapshot(6, engine=b"x" * 2_000))
    assert store.sequences() == [6, 5]


def test_what_killed_writers_left_is_removed_by_the_next() -> None:
    disk = SimulatedDisk()
    disk.replace("snapshots/snap-0000000000000009.mxs.tmp", b"half")
    Snapshots(disk).write(snapshot(10))
    assert disk.names("snapshots") == ["snap-000000000000000a.mxs"]


@pytest.mark.parametrize("boundary", range(6))
def test_a_write_error_at_any_step_is_named_and_harmless(boundary: int) -> None:
    disk = SimulatedDisk()
    store = Snapshots(disk)
    store.write(snapshot(5))
    disk.fail(disk.boundaries + boundary, errno.EIO)
    with pytest.raises(DiskFailed, match="writing a snapshot: Input/output error"):
        store.write(snapshot(6))
    disk.heal()
    found, bad = store.newest_valid()
    assert found in (snapshot(5), snapshot(6))
    assert bad == ()
    store.write(snapshot(7))
    assert store.newest_valid() == (snapshot(7), ())
