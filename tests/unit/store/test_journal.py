"""The journal on a real disk: what is appended comes back, across segments and restarts."""

from pathlib import Path

import pytest

from mexchange.store.disk import RealDisk
from mexchange.store.errors import JournalCorrupt, JournalGap
from mexchange.store.frame import Frame, FrameType
from mexchange.store.journal import Journal
from mexchange.store.reader import Feature, read_frames, read_marks
from mexchange.store.segment import segment_names

SEGMENT_BYTES = 4096


@pytest.fixture
def disk(tmp_path: Path) -> RealDisk:
    return RealDisk(tmp_path)


def open_journal(disk: RealDisk) -> Journal:
    return Journal(disk, segment_bytes=SEGMENT_BYTES)


def append(journal: Journal, *bodies: bytes, count: int = 1) -> None:
    for body in bodies:
        journal.append(body, count=count, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
        journal.sync()
    journal.seal()


def commands(disk: RealDisk, *, from_sequence: int = 1, until_sequence: int | None = None) -> list[Frame]:
    frames = read_frames(disk, from_sequence=from_sequence, until_sequence=until_sequence)
    return [frame for frame in frames if frame.type is FrameType.COMMANDS]


def bodies(disk: RealDisk) -> list[bytes]:
    return [frame.body for frame in commands(disk)]


def test_what_was_appended_is_read_back_after_a_clean_stop(disk: RealDisk) -> None:
    journal = open_journal(disk)
    append(journal, b"one", b"two", b"")
    journal.close()
    assert bodies(disk) == [b"one", b"two", b""]
    journal = open_journal(disk)
    assert journal.was_closed_cleanly
    assert (journal.next_sequence, journal.epoch, journal.torn) == (4, 2, None)


def test_a_stop_without_close_is_noticed_and_harmless(disk: RealDisk) -> None:
    append(open_journal(disk), b"one")
    journal = open_journal(disk)
    assert not journal.was_closed_cleanly
    append(journal, b"two")
    assert bodies(disk) == [b"one", b"two"]


def test_the_next_frame_takes_the_place_of_the_seal(disk: RealDisk) -> None:
    append(open_journal(disk), b"one")
    assert [frame.type for frame in read_frames(disk)] == [FrameType.EPOCH, FrameType.COMMANDS, FrameType.SEAL]
    open_journal(disk)
    assert [frame.type for frame in read_frames(disk)] == [FrameType.EPOCH, FrameType.COMMANDS, FrameType.EPOCH]


def test_segments_follow_each_other_and_reading_starts_anywhere(disk: RealDisk) -> None:
    journal = open_journal(disk)
    for number in range(40):
        journal.prepare_next_segment()
        append(journal, bytes([number]) * 500, count=3)
    assert len(segment_names(disk, "journal")) > 4
    for sequence in range(1, 121):
        found = commands(disk, from_sequence=sequence)
        first = (sequence - 1) // 3
        assert [frame.body[0] for frame in found] == list(range(first, 40))
        found = commands(disk, until_sequence=sequence)
        assert [frame.body[0] for frame in found] == list(range(sequence // 3))
    assert commands(disk, from_sequence=121) == []


def test_many_restarts_fill_segments_without_a_single_command(disk: RealDisk) -> None:
    for _ in range(200):
        open_journal(disk).close()
    append(open_journal(disk), b"at last")
    assert bodies(disk) == [b"at last"]
    names = segment_names(disk, "journal")
    assert len(names) > 5
    assert {name.first_sequence for name in names} == {1}


def test_skips_and_features_are_known_before_the_replay(disk: RealDisk) -> None:
    journal = open_journal(disk)
    append(journal, b"a", b"b")
    journal.append_feature(7)
    for number in range(20):
        append(journal, bytes([number]) * 800)
    journal.append_skip(2)
    journal.append_skip(20)
    assert read_marks(disk) == (frozenset({2, 20}), (Feature(first_sequence=3, number=7),))
    assert read_marks(disk, from_sequence=3) == (frozenset({2, 20}), (Feature(first_sequence=3, number=7),))
    assert read_marks(disk, from_sequence=4) == (frozenset({2, 20}), ())


def test_a_segment_that_is_missing_in_the_middle_is_refused(disk: RealDisk) -> None:
    journal = open_journal(disk)
    append(journal, *[b"x" * 800] * 20)
    names = segment_names(disk, "journal")
    disk.rename(f"journal/{names[2]}", "elsewhere")
    with pytest.raises(JournalCorrupt, match="missing"):
        open_journal(disk)
    with pytest.raises(JournalCorrupt, match="missing"):
        bodies(disk)


def test_pruned_segments_are_a_gap_only_for_those_who_need_them(disk: RealDisk) -> None:
    journal = open_journal(disk)
    append(journal, *[b"x" * 800] * 20)
    journal.close()
    names = segment_names(disk, "journal")
    disk.remove(f"journal/{names[0]}")
    with pytest.raises(JournalGap, match=f"begins at sequence {names[1].first_sequence}"):
        bodies(disk)
    kept = commands(disk, from_sequence=names[1].first_sequence)
    assert [frame.first_sequence for frame in kept] == list(range(names[1].first_sequence, 21))
    assert open_journal(disk).next_sequence == 21


def test_the_segment_size_may_change_between_starts(disk: RealDisk) -> None:
    journal = Journal(disk, segment_bytes=4096)
    append(journal, b"x" * 3000)
    journal.prepare_next_segment()
    journal.close()
    journal = Journal(disk, segment_bytes=8192)
    append(journal, b"y" * 7000, b"z" * 7000)
    assert bodies(disk) == [b"x" * 3000, b"y" * 7000, b"z" * 7000]


def test_files_and_folders_are_for_the_owner_only(disk: RealDisk) -> None:
    journal = open_journal(disk)
    append(journal, *[b"x" * 800] * 20)
    folder = disk.root / "journal"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_size_is_what_the_folder_takes(disk: RealDisk) -> None:
    journal = open_journal(disk)
    for number in range(20):
        append(journal, bytes([number]) * 800)
    journal.prepare_next_segment()
    journal.compress_closed()
    assert journal.size_bytes() == sum(path.stat().st_size for path in (disk.root / "journal").iterdir())
    journal.close()
    journal = open_journal(disk)
    assert journal.size_bytes() == sum(path.stat().st_size for path in (disk.root / "journal").iterdir())


def test_what_was_written_is_told_apart_from_the_room_prepared_ahead(disk: RealDisk) -> None:
    journal = open_journal(disk)
    journal.prepare_next_segment()
    before, size = journal.written_bytes(), journal.size_bytes()
    append(journal, b"x" * 800)
    grown = journal.written_bytes() - before
    assert 800 < grown < 1000
    assert journal.appended_bytes >= grown
    assert journal.size_bytes() == size > journal.written_bytes()
