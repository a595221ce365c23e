"""Closed segments shrink, read the same, and are never in danger meanwhile."""

import errno
import random

import pytest

from mexchange.store.compression import compress_segment, decompress
from mexchange.store.errors import DiskFailed, DiskFull, JournalCorrupt
from mexchange.store.journal import Journal
from mexchange.store.reader import read_frames
from mexchange.store.segment import SegmentName, segment_names
from tests.fakes.disk import SimulatedDisk, SimulatedFile

RAW_NAME = SegmentName(1, 1)
NAME = SegmentName(1, 1, is_compressed=True)


def journal_of_segments(disk: SimulatedDisk) -> Journal:
    journal = Journal(disk, segment_bytes=4096)
    for _ in range(40):
        body = b"a bid, an ask, and a bid again; " * 10
        journal.append(body, count=1, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
        journal.sync()
    return journal


def test_all_but_the_segment_in_use_is_compressed_one_at_a_time() -> None:
    disk = SimulatedDisk()
    journal = journal_of_segments(disk)
    before = list(read_frames(disk))
    size = journal.size_bytes()
    saved = []
    while one := journal.compress_closed():
        saved.append(one)
        assert list(read_frames(disk)) == before
    names = segment_names(disk, "journal")
    assert [name.is_compressed for name in names] == [True] * len(saved) + [False]
    assert journal.size_bytes() == size - sum(saved) < size / 2
    assert [name for name in disk.names("journal") if "tmp" in name] == []


def test_a_reader_that_listed_the_folder_before_still_finds_the_segment() -> None:
    disk = SimulatedDisk()
    journal = journal_of_segments(disk)
    reader = read_frames(disk)
    first = next(reader)
    while journal.compress_closed():
        pass
    assert [first, *reader] == list(read_frames(disk))


def test_the_raw_segment_wins_over_an_unfinished_twin_and_is_compressed_again() -> None:
    disk = SimulatedDisk()
    journal = journal_of_segments(disk)
    before = list(read_frames(disk))
    name = segment_names(disk, "journal")[0]
    disk.replace(f"journal/{SegmentName(name.number, name.first_sequence, is_compressed=True)}", b"half")
    assert list(read_frames(disk)) == before
    assert journal.compress_closed() > 0
    assert list(read_frames(disk)) == before


def test_every_changed_byte_and_every_truncation_is_refused(seed: int) -> None:
    raw = random.Random(seed).randbytes(300) + bytes(3_000)
    disk = SimulatedDisk()
    disk.replace(f"journal/{RAW_NAME}", raw)
    assert compress_segment(disk, "journal", RAW_NAME) < len(raw)
    assert disk.names("journal") == [str(NAME)]
    packed = disk.content(f"journal/{NAME}")
    assert decompress(packed, NAME) == raw
    for position in range(len(packed)):
        changed = bytearray(packed)
        changed[position] ^= 0x10
        with pytest.raises(JournalCorrupt):
            decompress(bytes(changed), NAME)
    for length in range(len(packed)):
        with pytest.raises(JournalCorrupt):
            decompress(packed[:length], NAME)


def test_no_space_leaves_the_raw_segment_alone_and_the_journal_at_work() -> None:
    disk = SimulatedDisk()
    journal = journal_of_segments(disk)
    before = disk.names("journal")
    disk.fail_all("write", ".z.tmp", errno.ENOSPC)
    with pytest.raises(DiskFull):
        journal.compress_closed()
    assert disk.names("journal") == before
    journal.append(b"on", count=1, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
    journal.sync()
    disk.heal()
    assert journal.compress_closed() > 0


def test_a_write_error_stops_the_journal() -> None:
    disk = SimulatedDisk()
    journal = journal_of_segments(disk)
    disk.fail_all("sync", ".z.tmp", errno.EIO)
    with pytest.raises(DiskFailed):
        journal.compress_closed()
    with pytest.raises(DiskFailed):
        journal.sync()


def test_a_twin_that_does_not_read_back_never_takes_the_place_of_the_raw_one(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SimulatedDisk()
    journal = journal_of_segments(disk)
    before = list(read_frames(disk))
    sync = SimulatedFile.sync

    def sync_and_spoil(file: SimulatedFile) -> None:
        sync(file)
        if file.path.endswith(".z.tmp"):
            last = file.size() - 1
            file.write(last, bytes([file.read(last, 1)[0] ^ 1]))

    monkeypatch.setattr(SimulatedFile, "sync", sync_and_spoil)
    with pytest.raises(JournalCorrupt, match="does not read back"):
        journal.compress_closed()
    assert list(read_frames(disk)) == before
    monkeypatch.undo()
    assert journal.compress_closed() > 0
    assert list(read_frames(disk)) == before


def test_a_journal_whose_last_segment_is_gone_is_refused() -> None:
    disk = SimulatedDisk()
    journal = journal_of_segments(disk)
    while journal.compress_closed():
        pass
    disk.remove(f"journal/{segment_names(disk, 'journal')[-1]}")
    with pytest.raises(JournalCorrupt, match="the segment after it is missing"):
        Journal(disk, segment_bytes=4096)
