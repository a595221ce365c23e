"""The real and the simulated disk keep the same promises."""

import errno
import os
import random
from pathlib import Path

import pytest

from mexchange.store.disk import RealDisk, write_all
from mexchange.world.disk import Disk
from tests.fakes.disk import Crashed, SimulatedDisk


@pytest.fixture(params=["real", "simulated"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return RealDisk(tmp_path) if request.param == "real" else SimulatedDisk()


def test_bytes_are_read_where_they_were_written(disk: Disk) -> None:
    disk.make_folder("a/b")
    file = disk.open("a/b/file", create=True)
    file.write(10, b"hello")
    file.write(12, memoryview(b"LL"))
    assert file.size() == 15
    assert file.read(0, 100) == bytes(10) + b"heLLo"
    assert file.read(11, 2) == b"eL"
    assert file.read(15, 1) == b""
    file.truncate(12)
    file.truncate(14)
    assert file.read(8, 100) == b"\0\0he\0\0"
    file.sync()
    file.close()


def test_names_are_sorted_and_follow_renames_and_removals(disk: Disk) -> None:
    assert disk.names("folder") == []
    disk.make_folder("folder")
    disk.make_folder("folder")
    for name in ("c", "a", "b"):
        file = disk.open(f"folder/{name}", create=True)
        file.write(0, name.encode())
        file.close()
    assert disk.names("folder") == ["a", "b", "c"]
    disk.rename("folder/a", "folder/c")
    disk.remove("folder/b")
    disk.sync_folder("folder")
    assert disk.names("folder") == ["c"]
    assert disk.exists("folder/c")
    assert not disk.exists("folder/a")
    assert disk.open("folder/c").read(0, 9) == b"a"
    assert disk.free_bytes() > 0


def test_opening_what_is_not_there_is_an_error_unless_created(disk: Disk) -> None:
    disk.make_folder("folder")
    with pytest.raises(FileNotFoundError):
        disk.open("folder/file")


def test_short_writes_are_continued() -> None:
    taken = bytearray(10)

    def take_three(descriptor: int, data: memoryview, offset: int) -> int:
        part = bytes(data[:3])
        taken[offset : offset + len(part)] = part
        return len(part)

    write_all(take_three, 7, 1, b"12345678")
    assert taken == b"\x0012345678\0"


def test_a_file_that_takes_nothing_is_an_error_and_not_a_loop() -> None:
    with pytest.raises(OSError, match="no more bytes"):
        write_all(lambda *_: 0, 7, 0, b"x")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_device_is_told_by_its_errno() -> None:
    with pytest.raises(OSError) as caught:
        RealDisk(Path("/dev")).open("full").write(0, b"x")
    assert caught.value.errno == errno.ENOSPC


def test_real_files_and_folders_are_for_the_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        disk = RealDisk(tmp_path)
        disk.make_folder("a/b")
        disk.open("a/b/c", create=True).close()
    finally:
        os.umask(old)
    modes = [(tmp_path / path).stat().st_mode & 0o777 for path in ("a", "a/b", "a/b/c")]
    assert modes == [0o700, 0o700, 0o600]


def test_a_path_cannot_leave_the_folder(tmp_path: Path) -> None:
    for path in ("../x", "/etc/passwd", "a/../../x"):
        with pytest.raises(AssertionError):
            RealDisk(tmp_path).open(path, create=True)


def test_the_simulated_disk_keeps_what_was_synced_and_neighbours_of_what_was_not(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(200):
        disk = SimulatedDisk()
        file = disk.open("folder/file", create=True)
        file.write(0, b"kept" * 400)
        file.sync()
        disk.sync_folder("folder")
        file.write(500, b"gone" * 100)
        disk.crash(rng)
        data = disk.content("folder/file")
        assert data[:500] == (b"kept" * 400)[:500]
        assert data[900:] == (b"kept" * 400)[900:]


def test_the_simulated_disk_forgets_tears_and_garbles(seed: int) -> None:
    rng = random.Random(seed)
    seen: set[bytes] = set()
    missing = 0
    for _ in range(300):
        disk = SimulatedDisk()
        file = disk.open("folder/file", create=True)
        file.write(0, b"a" * 8)
        file.sync()
        file.write(0, b"b" * 8)
        disk.crash(rng)
        if disk.exists("folder/file"):
            seen.add(disk.content("folder/file"))
        else:
            missing += 1
    assert {b"a" * 8, b"b" * 8} < seen
    assert len(seen) > 20
    assert 50 < missing < 250


def test_nothing_happens_on_the_simulated_disk_after_its_process_stopped() -> None:
    disk = SimulatedDisk()
    file = disk.open("folder/file", create=True)
    disk.crash_at = disk.boundaries
    for _ in range(2):
        with pytest.raises(Crashed):
            file.write(0, b"x")
    with pytest.raises(Crashed):
        disk.names("folder")


def test_a_sync_after_a_failed_sync_keeps_nothing(seed: int) -> None:
    rng = random.Random(seed)
    lost = 0
    for _ in range(50):
        disk = SimulatedDisk()
        file = disk.open("folder/file", create=True)
        disk.sync_folder("folder")
        file.write(0, b"x" * 8)
        disk.fail(disk.boundaries, errno.EIO)
        with pytest.raises(OSError, match="error"):
            file.sync()
        file.sync()
        disk.crash(rng)
        lost += disk.content("folder/file") != b"x" * 8
    assert lost > 10
