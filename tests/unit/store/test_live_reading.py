"""A journal is read while it is written."""

import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from mexchange.store.disk import RealDisk
from mexchange.store.errors import JournalCorrupt
from mexchange.store.frame import FrameType
from mexchange.store.journal import Journal
from mexchange.store.reader import read_frames
from mexchange.store.segment import SEGMENT_HEADER_BYTES, segment_names
from mexchange.store.verify import verify_journal
from tests.fakes.disk import SimulatedDisk, SimulatedFile


class RacingDisk(SimulatedDisk):
    """Shows the first reads of `path` as a racing reader may see them: a page from before, a page from after."""

    path = ""
    see: Callable[[bytes], bytes] = staticmethod(bytes)
    looks = 0

    def open(self, path: str, *, create: bool = False) -> SimulatedFile:
        file = super().open(path, create=create)
        if path == self.path and self.looks > 0:
            self.looks -= 1
            self.replace("shown", self.see(self.content(path)))
            return super().open("shown")
        return file


def written() -> tuple[RacingDisk, list[int]]:
    disk = RacingDisk()
    journal = Journal(disk, segment_bytes=4096)
    for _ in range(4):
        journal.append(bytes(100), count=1, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
        journal.sync()
    disk.path = f"journal/{segment_names(disk, 'journal')[0]}"
    return disk, [SEGMENT_HEADER_BYTES + 72 + 176 * number for number in range(4)]


@pytest.mark.parametrize("looks", [1, 2, 5])
def test_a_later_frame_that_is_seen_before_an_earlier_one_is_no_damage(looks: int) -> None:
    disk, offsets = written()
    disk.see = lambda data: data[: offsets[2]] + bytes([disk.looks % 256] * 176) + data[offsets[3] :]
    disk.looks = looks
    found = [frame.first_sequence for frame in read_frames(disk) if frame.type is FrameType.COMMANDS]
    assert found == [1, 2]
    assert disk.looks == 0


def test_damage_stays_damage_however_often_it_is_looked_at() -> None:
    disk, offsets = written()
    disk.see = lambda data: data[: offsets[2]] + bytes([disk.looks % 256] * 176) + data[offsets[3] :]
    disk.looks = 1_000
    with pytest.raises(JournalCorrupt, match="a valid frame follows"):
        list(read_frames(disk))
    disk.see = lambda data: data[: offsets[2]] + bytes(176) + data[offsets[3] :]
    with pytest.raises(JournalCorrupt, match="a valid frame follows"):
        list(read_frames(disk))


def test_readers_beside_a_busy_writer_see_a_growing_prefix(tmp_path: Path) -> None:
    journal = Journal(RealDisk(tmp_path, is_durable=False), segment_bytes=1 << 16)
    is_done = threading.Event()

    def write() -> None:
        for number in range(4_000):
            body = bytes(number % 500)
            journal.append(body, count=1, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
            journal.sync()
            if number % 3 == 0:
                journal.seal()
            if number % 100 == 0:
                journal.compress_closed()
        is_done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = [0]
    while not is_done.is_set():
        report = verify_journal(RealDisk(tmp_path))
        assert report.problem is None
        seen.append(report.commands)
    writer.join()
    assert all(before <= after for before, after in pairwise(seen))
    assert verify_journal(RealDisk(tmp_path)).commands == 4_000
