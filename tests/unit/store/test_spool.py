"""The spool gives back what went in, in order; what is missing or broken is a gap that is named, never other events."""

import errno
import random
from pathlib import Path

import pytest

from mexchange.store.disk import RealDisk, RealFile
from mexchange.store.spool import SPOOL_FOLDER, Entry, Gap, SpoolReader, SpoolWriter, pack_entry, segment_starts

SEGMENT_BYTES = 4_096


def entries(count: int, first: int = 1, seed: int = 1) -> list[Entry]:
    """Contiguous, of one to five commands each."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        commands = rng.randint(1, 5)
        records = rng.randbytes(80 * rng.randint(0, 6))
        definitions = rng.randbytes(16) if rng.random() < 0.1 else b""
        made.append(Entry(first, commands, number, rng.randbytes(16), records, definitions))
        first += commands
    return made


def writer_of(tmp_path: Path, *, bytes_max: int = 1 << 20) -> SpoolWriter:
    return SpoolWriter(RealDisk(tmp_path), segment_bytes=SEGMENT_BYTES, bytes_max=bytes_max)


def read_all(tmp_path: Path, next_sequence: int = 1) -> list[Entry]:
    """Until nothing more comes."""
    reader = SpoolReader(RealDisk(tmp_path), next_sequence)
    found = []
    while fresh := reader.read():
        found += fresh
    reader.close()
    return found


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / SPOOL_FOLDER).iterdir())


def test_what_went_in_comes_out_also_behind_another_writer(tmp_path: Path) -> None:
    wanted = entries(200)
    for part in (wanted[:120], wanted[120:]):
        writer = writer_of(tmp_path)
        for entry in part:
            writer.append(entry)
        writer.close()
    assert read_all(tmp_path) == wanted
    assert len(files(tmp_path)) > 5
    middle = wanted[77]
    assert read_all(tmp_path, middle.first_sequence) == wanted[77:]


def test_a_reader_follows_a_writer(tmp_path: Path) -> None:
    wanted, found = entries(150), []
    writer, reader = writer_of(tmp_path), SpoolReader(RealDisk(tmp_path), 1)
    for entry in wanted:
        found += reader.read()
        writer.append(entry)
        reader.drop_read()
    while fresh := reader.read():
        found += fresh
    assert found == wanted
    reader.drop_read()
    assert len(files(tmp_path)) == 1, "what was read is gone"


def test_an_entry_may_be_larger_than_a_segment_or_a_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mexchange.store.spool.READ_BYTES", 1_000)
    wanted = [Entry(1, 1, 1, bytes(16), bytes(80)), Entry(2, 1, 2, bytes(16), bytes(8_000)), *entries(20, first=3)]
    writer = writer_of(tmp_path)
    for entry in wanted:
        writer.append(entry)
    assert read_all(tmp_path) == wanted


def test_beyond_its_size_the_oldest_go_and_the_reader_is_told(tmp_path: Path) -> None:
    wanted = entries(300)
    writer = writer_of(tmp_path, bytes_max=4 * SEGMENT_BYTES)
    for entry in wanted:
        writer.append(entry)
    assert len(files(tmp_path)) <= 4
    with pytest.raises(Gap) as gap:
        read_all(tmp_path)
    kept = [entry for entry in wanted if entry.first_sequence >= gap.value.first]
    assert kept[0].first_sequence == gap.value.first
    assert read_all(tmp_path, gap.value.first) == kept


def test_a_frame_that_was_left_out_is_a_gap(tmp_path: Path) -> None:
    wanted = entries(20)
    writer = writer_of(tmp_path)
    for entry in (*wanted[:10], *wanted[11:]):
        writer.append(entry)
    reader = SpoolReader(RealDisk(tmp_path), 1)
    assert reader.read() == wanted[:10]
    with pytest.raises(Gap) as gap:
        reader.read()
    assert gap.value.first == wanted[11].first_sequence
    assert read_all(tmp_path, gap.value.first) == wanted[11:]


def test_another_history_replaces_what_is_there(tmp_path: Path) -> None:
    writer = writer_of(tmp_path)
    for entry in entries(50):
        writer.append(entry)
    other = entries(5, first=7, seed=2)
    for entry in other:
        writer.append(entry)
    assert segment_starts(RealDisk(tmp_path)) == [7]
    assert read_all(tmp_path, 7) == other


def test_a_torn_end_is_cut_off_by_the_next_writer(tmp_path: Path) -> None:
    wanted = entries(3)
    writer = writer_of(tmp_path)
    for entry in wanted[:2]:
        writer.append(entry)
    writer.close()
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for cut in range(1, len(pack_entry(wanted[2])), 7):
        file.write_bytes(whole + pack_entry(wanted[2])[:cut])
        assert read_all(tmp_path) == wanted[:2]
        again = writer_of(tmp_path)
        assert again.last == wanted[1]
        again.append(wanted[2])
        again.close()
        assert read_all(tmp_path) == wanted


def test_a_flipped_bit_is_never_another_event(tmp_path: Path) -> None:
    wanted = entries(60)
    writer = writer_of(tmp_path)
    for entry in wanted:
        writer.append(entry)
    writer.close()
    first = files(tmp_path)[0]
    whole, rng = first.read_bytes(), random.Random(5)
    for _ in range(400):
        at = rng.randrange(len(whole))
        first.write_bytes(whole[:at] + bytes((whole[at] ^ 1 << rng.randrange(8),)) + whole[at + 1 :])
        found: list[Entry] = []
        with pytest.raises(Gap):
            _read_for_ever(SpoolReader(RealDisk(tmp_path), 1), found)
        assert found == wanted[: len(found)]
        assert len(found) < len(wanted)


def test_a_full_disk_leaves_a_gap_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = entries(40)
    writer = writer_of(tmp_path)
    for entry in wanted[:10]:
        writer.append(entry)

    def write(self: RealFile, offset: int, data: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as full:
        full.setattr(RealFile, "write", write)
        for entry in wanted[10:30]:
            with pytest.raises(OSError, match="no space"):
                writer.append(entry)
        assert len(files(tmp_path)) == 1
    for entry in wanted[30:]:
        writer.append(entry)
    with pytest.raises(Gap) as gap:
        read_all(tmp_path)
    assert read_all(tmp_path, gap.value.first) == wanted[30:]


def test_it_knows_which_frame_an_entry_was_made_of(tmp_path: Path) -> None:
    wanted = entries(30)
    writer = writer_of(tmp_path)
    for entry in wanted:
        writer.append(entry)
    reader = SpoolReader(RealDisk(tmp_path), 1)
    assert all(reader.has(entry.last_sequence, entry.digest) for entry in wanted)
    assert not reader.has(wanted[9].last_sequence, bytes(16))
    assert not reader.has(wanted[-1].last_sequence + 1, wanted[-1].digest)


def _read_for_ever(reader: SpoolReader, found: list[Entry]) -> None:
    try:
        while True:
            found += reader.read()
    finally:
        reader.close()
