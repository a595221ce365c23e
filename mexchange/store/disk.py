"""The real disk: one folder tree, explicit offsets, fdatasync. `OSError` passes through.

Files are 0600 and folders 0700: they hold what people own. Python itself repeats calls that a signal interrupts.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700


class RealFile:
    """An open file. Also usable from several threads, as each call names its offset."""

    def __init__(self, descriptor: int, *, is_durable: bool = True) -> None:
        self._descriptor = descriptor
        self._is_durable = is_durable

    def read(self, offset: int, size: int) -> bytes:
        chunk = os.pread(self._descriptor, size, offset)
        if len(chunk) == size or not chunk:
            return chunk
        chunks = [chunk]
        done = len(chunk)
        while done < size and (chunk := os.pread(self._descriptor, size - done, offset + done)):
            chunks.append(chunk)
            done += len(chunk)
        return b"".join(chunks)

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        write_all(os.pwrite, self._descriptor, offset, data)

    def sync(self) -> None:
        if self._is_durable:
            sync_data(self._descriptor)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)

    def size(self) -> int:
        return os.fstat(self._descriptor).st_size

    def close(self) -> None:
        os.close(self._descriptor)


class RealDisk:
    """The tree under `root`, which must exist. Implements `mexchange.world.disk.Disk`."""

    def __init__(self, root: Path, *, is_durable: bool = True) -> None:
        """Without `is_durable` a sync does nothing: for tests whose data may be lost with the power."""
        self.root = root
        self.is_durable = is_durable

    def open(self, path: str, *, create: bool = False) -> RealFile:
        """Also opens what may only be read (a copy for inspection); writing to it then fails."""
        target = self._resolve(path)
        flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0)
        try:
            return RealFile(os.open(target, flags, FILE_MODE), is_durable=self.is_durable)
        except OSError as error:
            if create or error.errno not in (errno.EACCES, errno.EROFS, errno.EPERM):
                raise
            return RealFile(os.open(target, os.O_RDONLY | os.O_CLOEXEC))

    def exists(self, path: str) -> bool:
        return self._resolve(path).is_file()

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(entry.name for entry in os.scandir(self._resolve(folder)) if entry.is_file())
        except FileNotFoundError:
            return []

    def make_folder(self, folder: str) -> None:
        target = self._resolve(folder)
        if target.is_dir():
            return
        for parent in (*reversed(target.relative_to(self.root).parents), target.relative_to(self.root)):
            path = self.root / parent
            if not path.is_dir():
                path.mkdir(FOLDER_MODE)
                _sync_folder(path.parent)

    def rename(self, source: str, target: str) -> None:
        self._resolve(source).replace(self._resolve(target))

    def remove(self, path: str) -> None:
        self._resolve(path).unlink()

    def sync_folder(self, folder: str) -> None:
        _sync_folder(self._resolve(folder))

    def free_bytes(self) -> int:
        status = os.statvfs(self.root)
        return status.f_bavail * status.f_frsize

    def _resolve(self, path: str) -> Path:
        assert not path.startswith("/"), path
        assert ".." not in path.split("/"), path
        return self.root / path


def write_all(
    pwrite: Callable[[int, memoryview, int], int],
    descriptor: int,
    offset: int,
    data: bytes | bytearray | memoryview,
) -> None:
    """Write all of `data`, however little the system takes at a time. OSError leaves an unknown part written."""
    rest = memoryview(data).cast("B")
    while rest:
        written = pwrite(descriptor, rest, offset)
        if written == 0:
            raise OSError(errno.EIO, "the file takes no more bytes")
        rest = rest[written:]
        offset += written


if sys.platform == "darwin":
    import fcntl

    def sync_data(descriptor: int) -> None:
        """Through the drive's own cache: on macOS, fsync alone stops short of it."""
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
else:

    def sync_data(descriptor: int) -> None:
        """The data and the size of the file are durable when this returns."""
        os.fdatasync(descriptor)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
