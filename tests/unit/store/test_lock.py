"""One daemon per data folder, and a sentence for each reason why not."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mexchange.store.errors import FolderError, FolderInUse, ReadOnlyFolder, WrongOwner, WrongPermissions
from mexchange.store.lock import FolderLock

HOLD = """
import sys
from pathlib import Path
from mexchange.store.lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose parents anybody may pass, which is not so for pytest's own."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def test_a_missing_folder_is_created_for_the_owner_only(folder: Path) -> None:
    with FolderLock(folder / "a" / "data"):
        assert (folder / "a" / "data").stat().st_mode & 0o777 == 0o700
        assert list((folder / "a" / "data").iterdir()) == []


def test_a_second_one_is_refused_until_the_first_lets_go(folder: Path) -> None:
    first = FolderLock(folder / "data")
    with pytest.raises(FolderInUse, match=r"another daemon works on .*data: stop it"):
        FolderLock(folder / "data")
    first.release()
    first.release()
    FolderLock(folder / "data").release()


def test_the_lock_of_a_killed_process_is_free(folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder / "data")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FolderInUse):
            FolderLock(folder / "data")
    finally:
        holder.kill()
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()
    FolderLock(folder / "data").release()


@pytest.mark.parametrize("mode", [0o750, 0o707, 0o701, 0o740])
def test_a_folder_that_others_may_enter_is_refused(folder: Path, mode: int) -> None:
    (folder / "data").mkdir()
    (folder / "data").chmod(mode)
    with pytest.raises(WrongPermissions, match=f"mode {mode:o}.*chmod 700"):
        FolderLock(folder / "data")


def test_a_file_in_its_place_is_refused(folder: Path) -> None:
    (folder / "data").write_text("")
    with pytest.raises(FolderError, match="is not a folder"):
        FolderLock(folder / "data")
    with pytest.raises(FolderError):
        FolderLock(folder / "data" / "below")


def test_a_folder_that_cannot_be_written_is_refused(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    with unprivileged(data):
        data.chmod(0o500)
        with pytest.raises(ReadOnlyFolder, match="nothing can be created"):
            FolderLock(data)
        with pytest.raises(ReadOnlyFolder, match="cannot be created"):
            FolderLock(data / "below")
        data.chmod(0o700)


def test_the_folder_of_another_user_is_refused(folder: Path) -> None:
    owner = Path("/") if os.geteuid() != 0 else folder / "data"
    if os.geteuid() == 0:
        owner.mkdir(0o700)
        os.chown(owner, 65534, 65534)
    with pytest.raises(WrongOwner, match="belongs to user"):
        FolderLock(owner)


class unprivileged:  # noqa: N801 - reads as a statement
    """Be nobody for a while, if we are root: root may write anywhere."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_root = os.geteuid() == 0

    def __enter__(self) -> None:
        if self._is_root:
            os.chown(self._folder, 65534, 65534)
            os.seteuid(65534)

    def __exit__(self, *_: object) -> None:
        if self._is_root:
            os.seteuid(0)
