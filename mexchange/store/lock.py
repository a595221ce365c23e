"""One process per data folder: flock on the folder itself, and named reasons why it cannot be ours.

The lock goes with the process, however it ends; there is no file that could be left behind.
"""

import errno
import fcntl
import os
import stat
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final

from mexchange.store.disk import FOLDER_MODE
from mexchange.store.errors import FolderError, FolderInUse, ReadOnlyFolder, WrongOwner, WrongPermissions

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_READ_ONLY: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class FolderLock:
    """Held from construction until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Create `folder` (0700) if need be, check it, lock it.

        FolderInUse, WrongOwner, WrongPermissions, ReadOnlyFolder; FolderError if it is no folder.
        """
        self.folder = folder
        _create(folder)
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _check(folder, os.fstat(self._descriptor))
            self._lock()
        except BaseException:
            os.close(self._descriptor)
            raise

    def release(self) -> None:
        """Let the next one in."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(
                f"another daemon works on {self.folder}: stop it, or choose another MX_DATA_DIR"
            ) from None


def _create(folder: Path) -> None:
    try:
        folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    except FileExistsError:
        raise FolderError(f"{folder} is not a folder: choose another MX_DATA_DIR") from None
    except OSError as error:
        if error.errno in _READ_ONLY:
            raise ReadOnlyFolder(f"{folder} cannot be created: choose another MX_DATA_DIR") from error
        raise FolderError(f"{folder}: {error.strerror}: choose another MX_DATA_DIR") from error


def _check(folder: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise WrongOwner(
            f"{folder} belongs to user {status.st_uid}, we are {os.geteuid()}: run as that user or chown it"
        )
    if status.st_mode & _OTHERS:
        raise WrongPermissions(f"others may enter {folder} (mode {stat.S_IMODE(status.st_mode):o}): chmod 700 {folder}")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno in _READ_ONLY:
            raise ReadOnlyFolder(
                f"nothing can be created in {folder}: make it writable, or choose another MX_DATA_DIR"
            ) from error
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise FolderError(f"{folder}: {error.strerror}") from error
