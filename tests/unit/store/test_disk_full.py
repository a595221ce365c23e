"""No space, and worse: what the journal says, what it still takes, and how it heals."""

import errno
import random

import pytest

from mexchange.store.errors import DiskFailed, DiskFull, JournalFull
from mexchange.store.frame import FrameType
from mexchange.store.journal import Journal
from mexchange.store.reader import read_frames
from tests.fakes.disk import SimulatedDisk
from tests.unit.store.crash_run import History, Life, check

SEGMENT_BYTES = 2048
BODY = b"x" * 200


def open_journal(disk: SimulatedDisk) -> Journal:
    return Journal(disk, segment_bytes=SEGMENT_BYTES)


def append(journal: Journal, body: bytes = BODY) -> None:
    journal.append(body, count=1, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
    journal.sync()
    journal.seal()


def sequences(disk: SimulatedDisk) -> list[int]:
    return [frame.first_sequence for frame in read_frames(disk) if frame.type is FrameType.COMMANDS]


def fill(journal: Journal) -> int:
    """Append until the journal refuses; how many it took."""
    for taken in range(100):
        try:
            append(journal)
        except JournalFull:
            return taken
    raise AssertionError("the disk is not full")


def mode(journal: Journal) -> tuple[bool, bool]:
    """(new orders are refused, cancels are taken)."""
    return journal.is_nearly_full, journal.has_room(len(BODY))


def test_a_full_disk_is_told_while_there_is_still_room_for_cancels() -> None:
    disk = SimulatedDisk(capacity_bytes=2 * SEGMENT_BYTES)
    journal = open_journal(disk)
    assert journal.prepare_next_segment()
    while journal.has_room(len(BODY)) and not journal.is_nearly_full:
        append(journal)
        journal.prepare_next_segment()
    assert journal.is_nearly_full
    assert journal.has_room(len(BODY))
    taken = fill(journal)
    assert taken >= 4, "the reserve is a segment"
    assert not journal.has_room(len(BODY))
    assert sequences(disk) == list(range(1, journal.next_sequence))


def test_space_that_returns_heals_without_a_restart() -> None:
    disk = SimulatedDisk(capacity_bytes=2 * SEGMENT_BYTES)
    journal = open_journal(disk)
    assert fill(journal) > 8
    assert not journal.prepare_next_segment()
    assert mode(journal) == (True, False)
    disk.capacity_bytes *= 4
    assert journal.prepare_next_segment()
    assert mode(journal) == (False, True)
    append(journal)
    journal.close()
    reopened = open_journal(disk)
    assert reopened.was_closed_cleanly
    assert sequences(disk) == list(range(1, reopened.next_sequence))


def test_a_refused_segment_leaves_the_last_blocks_to_others() -> None:
    disk = SimulatedDisk(capacity_bytes=SEGMENT_BYTES + 1_000)
    journal = open_journal(disk)
    assert not journal.prepare_next_segment()
    assert disk.free_bytes() == 1_000
    assert [name for name in disk.names("journal") if name.startswith("next")] == []


def test_space_that_vanishes_between_the_question_and_the_write_is_no_different() -> None:
    disk = SimulatedDisk()
    journal = open_journal(disk)
    disk.fail_all("write", "next.tmp", errno.ENOSPC)
    assert not journal.prepare_next_segment()
    assert mode(journal) == (True, True)
    assert "journal/next.tmp" not in disk.names("journal")
    disk.fail_all("write", "next.tmp", errno.EDQUOT)
    assert not journal.prepare_next_segment()
    disk.heal()
    assert journal.prepare_next_segment()
    assert mode(journal) == (False, True)


def test_a_start_on_a_full_disk_uses_the_spare_that_is_there() -> None:
    disk = SimulatedDisk()
    journal = open_journal(disk)
    journal.prepare_next_segment()
    append(journal)
    journal.close()
    disk.capacity_bytes = 0
    journal = open_journal(disk)
    assert journal.prepare_next_segment()
    assert not journal.is_nearly_full
    assert fill(journal) >= 8


def test_a_file_system_that_copies_on_write_may_refuse_even_a_prepared_block() -> None:
    disk = SimulatedDisk()
    journal = open_journal(disk)
    journal.prepare_next_segment()
    append(journal)
    disk.fail_all("write", ".mxj", errno.ENOSPC)
    for _ in range(2):
        with pytest.raises(DiskFull):
            append(journal)
    assert mode(journal) == (True, True)
    disk.heal()
    assert journal.prepare_next_segment()
    assert mode(journal) == (False, True)
    append(journal)
    assert sequences(disk) == [1, 2]


def test_after_a_write_error_the_journal_refuses_everything() -> None:
    for operation in ("write", "sync"):
        disk = SimulatedDisk()
        journal = open_journal(disk)
        append(journal)
        disk.fail(disk.boundaries + (operation == "sync"), errno.EIO)
        with pytest.raises(DiskFailed, match="Input/output error; check the disk"):
            append(journal)
        disk.heal()
        for refuse in (journal.sync, journal.prepare_next_segment, journal.compress_closed):
            with pytest.raises(DiskFailed):
                refuse()
        journal.close()
        assert FrameType.CLOSED not in {frame.type for frame in read_frames(disk)}
        disk.crash(random.Random(1))
        assert open_journal(disk).next_sequence in (2, 3)
        assert sequences(disk)[0] == 1


def test_no_space_during_a_sync_is_a_failure_as_what_it_dropped_is_unknown() -> None:
    disk = SimulatedDisk()
    journal = open_journal(disk)
    disk.fail(disk.boundaries + 1, errno.ENOSPC)
    with pytest.raises(DiskFailed):
        append(journal)
    disk.heal()
    with pytest.raises(DiskFailed):
        journal.sync()


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_an_error_at_any_operation_loses_nothing_promised(seed: int, code: int) -> None:
    disk = SimulatedDisk(seed)
    Life(disk, History(), random.Random(seed)).live(40)
    named = 0
    for boundary in range(disk.boundaries):
        history, rng = History(), random.Random(f"{seed} {boundary}")
        failing = SimulatedDisk(seed)
        failing.fail(boundary, code)
        named += live_until_error(failing, history, random.Random(seed))
        failing.heal()
        failing.crash(rng)
        check(failing, history, Life(failing, history, rng).journal)
    assert named > disk.boundaries / 2


def live_until_error(disk: SimulatedDisk, history: History, rng: random.Random) -> bool:
    """Did the error surface by its name. Some do not: a spare or a seal that cannot be written is no reason to stop."""
    try:
        Life(disk, history, rng, is_full=True).live(40)
    except (DiskFull, DiskFailed):
        return True
    return False


def test_a_lower_bound_of_free_space_is_kept_for_others() -> None:
    disk = SimulatedDisk(capacity_bytes=4 * SEGMENT_BYTES)
    journal = Journal(disk, segment_bytes=SEGMENT_BYTES, free_bytes_min=SEGMENT_BYTES)
    assert journal.prepare_next_segment()
    assert mode(journal) == (False, True)
    disk.capacity_bytes -= SEGMENT_BYTES + 1
    assert journal.prepare_next_segment()
    assert mode(journal) == (True, True)
    disk.capacity_bytes += 1
    assert journal.prepare_next_segment()
    assert mode(journal) == (False, True)
