"""The segment after the one in use, zero-written ahead of need.

Overwriting blocks that exist keeps the metadata commit out of each fdatasync, and it is the reserve: whatever fills
the disk, the journal can still write the rest of its segment and this one. The file gets the name of a spare only
when every block of it was written and synced, so a spare that is found at the start is as good as a new one.
"""

import threading
from contextlib import suppress
from typing import Final

from mexchange.store.errors import DiskFull, disk_errors
from mexchange.world.disk import Disk, File

SPARE_NAME: Final = "next.spare"
UNFINISHED_NAME: Final = "next.tmp"
CHUNK_BYTES: Final = 4 << 20
_ZEROS: Final = bytes(CHUNK_BYTES)


class Spare:
    """At most one file of zeros. `prepare` may run in another thread than `take` and `rename`."""

    def __init__(self, disk: Disk, folder: str, size_bytes: int, *, free_bytes_min: int = 0) -> None:
        self._disk = disk
        self._folder = folder
        self._path = f"{folder}/{SPARE_NAME}"
        self._unfinished_path = f"{folder}/{UNFINISHED_NAME}"
        self._lock = threading.Lock()
        self._free_bytes_min = free_bytes_min
        self.size_bytes = size_bytes
        self.is_ready = False
        self.is_refused = False
        """The last attempt to write found no space, or left less than `free_bytes_min`."""

    def adopt(self) -> None:
        """Ready if an earlier process left a spare of the right size."""
        with self._lock, disk_errors("looking for the next journal segment"):
            self.is_ready = self._is_found()

    def prepare(self) -> None:
        """Ready when this returns; at once if it was. DiskFull (then nothing is left behind) or DiskFailed."""
        with self._lock, disk_errors("preparing the next journal segment"):
            try:
                if not self.is_ready and not self._is_found():
                    self._fill()
            except (DiskFull, OSError):
                self.is_refused = True
                raise
            self.is_ready, self.is_refused = True, self._disk.free_bytes() < self._free_bytes_min

    def take(self) -> File:
        """The open spare, prepared now if it was not. The caller writes, syncs, then calls `rename`."""
        self.prepare()
        with disk_errors("opening the next journal segment"):
            return self._disk.open(self._path)

    def rename(self, path: str) -> None:
        """Give the spare its name in the journal, durably. The next `prepare` makes another one."""
        with self._lock, disk_errors(f"starting {path}"):
            self._disk.rename(self._path, path)
            self.is_ready = False
            self._disk.sync_folder(self._folder)

    def _is_found(self) -> bool:
        if not self._disk.exists(self._path):
            return False
        file = self._disk.open(self._path)
        size = file.size()
        file.close()
        if size != self.size_bytes:
            self._disk.remove(self._path)
        return size == self.size_bytes

    def _fill(self) -> None:
        file = self._disk.open(self._unfinished_path, create=True)
        try:
            missing = self.size_bytes - file.size()
            if missing > self._disk.free_bytes():
                raise DiskFull(f"the next journal segment needs {missing} bytes; free some space")
            for offset in range(0, self.size_bytes, CHUNK_BYTES):
                file.write(offset, _ZEROS[: self.size_bytes - offset])
                file.sync()  # piece by piece: the journal's own syncs would wait for all of it at once
            file.truncate(self.size_bytes)
            file.sync()
        except (DiskFull, OSError):
            with suppress(OSError):
                self._disk.remove(self._unfinished_path)  # others need the last blocks more than half a segment does
            raise
        finally:
            file.close()
        self._disk.rename(self._unfinished_path, self._path)
        self._disk.sync_folder(self._folder)
