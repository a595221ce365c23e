"""Committed bytes that change are noticed, unfinished ones are put aside, and the two are never confused."""

import random

import pytest

from mexchange.store.errors import JournalCorrupt
from mexchange.store.frame import FrameType, pack
from mexchange.store.journal import Journal
from mexchange.store.reader import read_frames
from mexchange.store.segment import SEGMENT_HEADER_BYTES, parse_segment_header, segment_names, walk
from tests.fakes.disk import SimulatedDisk

SEGMENT_BYTES = 1280
Files = dict[str, bytes]
Commands = list[tuple[int, bytes]]


def written(seed: int, *, frames: int, is_sealed: bool) -> tuple[Files, Commands]:
    """The files of a journal after a process that was killed, its first segment compressed."""
    rng = random.Random(seed)
    disk = SimulatedDisk()
    journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
    for _ in range(frames):
        body = rng.randbytes(rng.randrange(8, 200))
        journal.append(body, count=2, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
        journal.sync()
    if is_sealed:
        journal.seal()
    journal.compress_closed()
    return {name: disk.content(f"journal/{name}") for name in disk.names("journal")}, commands(disk)


def commands(disk: SimulatedDisk) -> Commands:
    return [(frame.first_sequence, frame.body) for frame in read_frames(disk) if frame.type is FrameType.COMMANDS]


def disk_with(files: Files, name: str = "", data: bytes = b"") -> SimulatedDisk:
    disk = SimulatedDisk()
    for each, content in (files | ({name: data} if name else {})).items():
        disk.replace(f"journal/{each}", content)
    return disk


def recovered(disk: SimulatedDisk) -> tuple[Journal, Commands]:
    journal = Journal(disk, segment_bytes=SEGMENT_BYTES)
    return journal, commands(disk)


def check_flips(files: Files, expected: Commands, rng: random.Random) -> tuple[int, int]:
    """Flip bits in each byte of each file. (times refused, times recovered exactly)."""
    refused = exact = 0
    for name, data in files.items():
        for position in range(len(data)):
            changed = bytearray(data)
            changed[position] ^= rng.randint(1, 255)
            try:
                _, found = recovered(disk_with(files, name, bytes(changed)))
            except JournalCorrupt:
                refused += 1
            else:
                assert found == expected, f"byte {position} of {name} changed what is read"
                exact += 1
    return refused, exact


def check_replacement(files: Files) -> int:
    """Put another frame, consistent in itself, in the place of each; returns how many were noticed."""
    noticed = 0
    for name in segment_names(disk_with(files), "journal"):
        data = files[str(name)]
        if name.is_compressed:
            continue
        for offset, frame, _ in walk(data, parse_segment_header(data, name).start, name):
            if frame.type is not FrameType.COMMANDS:
                continue
            other, _ = pack(
                frame.type,
                bytes(len(frame.body)),
                count=frame.count,
                epoch=frame.epoch,
                first_sequence=frame.first_sequence,
                time_ns=frame.time_ns,
                previous=frame.previous,
            )
            changed = data[:offset] + other + data[offset + len(other) :]
            with pytest.raises(JournalCorrupt):
                recovered(disk_with(files, str(name), changed))
            noticed += 1
    return noticed


def test_every_changed_byte_is_refused_or_changes_nothing(seed: int) -> None:
    files, expected = written(seed, frames=16, is_sealed=True)
    assert len(segment_names(disk_with(files), "journal")) > 3
    refused, exact = check_flips(files, expected, random.Random(seed))
    assert refused > 2_500
    assert exact > 300


def test_a_reader_that_takes_rot_for_a_torn_tail_is_found_out(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    files, expected = written(seed, frames=16, is_sealed=True)
    monkeypatch.setattr("mexchange.store.tail.find_frame", lambda *_: None)
    with pytest.raises(AssertionError, match="changed what is read"):
        check_flips(files, expected, random.Random(seed))


def test_a_frame_of_another_history_does_not_fit_into_the_chain(seed: int) -> None:
    files, _ = written(seed, frames=16, is_sealed=True)
    assert check_replacement(files) > 8


def test_a_reader_that_forgets_the_chain_is_found_out(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    files, _ = written(seed, frames=16, is_sealed=True)
    monkeypatch.setattr("mexchange.store.segment.is_chained", lambda *_: True)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        check_replacement(files)


def test_sectors_that_are_lost_swapped_or_misdirected_are_refused(seed: int) -> None:
    rng = random.Random(seed)
    files, expected = written(seed, frames=40, is_sealed=True)
    names = [str(name) for name in segment_names(disk_with(files), "journal")[1:-1]]
    refused = 0
    for _ in range(300):
        changed = {name: bytearray(files[name]) for name in names}
        source, target = rng.choice(names), rng.choice(names)
        start, end = rng.randrange(0, SEGMENT_BYTES, 128), rng.randrange(0, SEGMENT_BYTES, 128)
        size = rng.choice([128, 256, 512])
        piece = bytes(changed[source][start : start + size])
        changed[target][end : end + len(piece)] = rng.choice([piece, bytes(len(piece)), rng.randbytes(len(piece))])
        after = files | {name: bytes(data[:SEGMENT_BYTES]) for name, data in changed.items()}
        try:
            _, found = recovered(disk_with(after))
        except JournalCorrupt:
            refused += 1
        else:
            assert found == expected
    assert refused > 150


@pytest.mark.parametrize("tail", ["cut off", "zeros", "garbage", "first sector kept"])
def test_every_truncation_of_the_last_frame_recovers_the_exact_prefix(seed: int, tail: str) -> None:
    files, expected = written(seed, frames=13, is_sealed=False)
    rng = random.Random(seed)
    name = segment_names(disk_with(files), "journal")[-1]
    data = files[str(name)]
    last_offset, last, _ = list(walk(data, parse_segment_header(data, name).start, name))[-1]
    assert last.type is FrameType.COMMANDS
    for kept in range(last.size):
        cut = last_offset + kept
        rest = last.size - kept
        if tail == "cut off":
            changed = data[:cut]
        elif tail == "zeros":
            changed = data[:cut] + bytes(len(data) - cut)
        elif tail == "garbage":
            changed = data[:cut] + rng.randbytes(rest) + data[cut + rest :]
        else:
            changed = data[:cut] + bytes(min(rest, 50)) + data[cut + min(rest, 50) :]
        disk = disk_with(files, str(name), changed)
        journal, found = recovered(disk)
        assert found == (expected if changed == data else expected[:-1])
        if changed != data:
            check_put_aside(disk, journal, changed[last_offset:].rstrip(b"\0"))
        journal.append(b"next", count=1, first_sequence=journal.next_sequence, time_ns=journal.time_ns + 1)
        journal.sync()
        assert commands(disk) == [*found, (journal.next_sequence - 1, b"next")]


def check_put_aside(disk: SimulatedDisk, journal: Journal, unfinished: bytes) -> None:
    if unfinished:
        assert journal.torn is not None
        assert disk.content(journal.torn.path) == unfinished
        assert journal.torn.size_bytes == len(unfinished)
    else:
        assert journal.torn is None


def test_every_truncation_of_the_last_segment_recovers_a_prefix_or_is_refused(seed: int) -> None:
    files, expected = written(seed, frames=13, is_sealed=True)
    name = segment_names(disk_with(files), "journal")[-1]
    data = files[str(name)]
    earlier = [each for each in expected if each[0] < name.first_sequence]
    frames = list(walk(data, parse_segment_header(data, name).start, name))
    for length in range(len(data)):
        disk = disk_with(files, str(name), data[:length])
        if length < SEGMENT_HEADER_BYTES:
            with pytest.raises(JournalCorrupt, match="header"):
                recovered(disk)
            continue
        whole = [
            (frame.first_sequence, frame.body)
            for offset, frame, _ in frames
            if frame.type is FrameType.COMMANDS and offset + frame.size <= length
        ]
        journal, found = recovered(disk)
        assert found == earlier + whole
        assert len(disk.content(f"journal/{name}")) == SEGMENT_BYTES
        assert journal.next_sequence == 1 + 2 * len(found)


def test_what_is_put_aside_never_hides_what_was_put_aside_before() -> None:
    disk = SimulatedDisk()
    Journal(disk, segment_bytes=SEGMENT_BYTES)
    name = str(segment_names(disk, "journal")[0])
    empty = disk.content(f"journal/{name}")[:SEGMENT_HEADER_BYTES].ljust(SEGMENT_BYTES, b"\0")
    for number in range(1, 4):
        torn = b"torn" * number
        disk.replace(f"journal/{name}", empty[:SEGMENT_HEADER_BYTES] + torn + empty[SEGMENT_HEADER_BYTES + len(torn) :])
        journal, _ = recovered(disk)
        assert journal.torn is not None
        assert disk.content(journal.torn.path) == torn
    aside = [each for each in disk.names("journal") if each.endswith(".torn")]
    assert [disk.content(f"journal/{each}") for each in aside] == [b"torn", b"torntorn", b"torntorntorn"]
