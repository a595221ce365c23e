"""A disk in memory that keeps only what was synced, and is malicious about the rest.

- A write stays apart until its file is synced. At a crash each 512-byte sector of it independently shows any of the
  versions that it had since the last sync, a mixture of two of them, or garbage. Garbage covers only the bytes that
  were being written: neighbours in the same sector survive, as on any disk with powersafe overwrite.
- The size of a file and each creation, rename and removal may or may not have happened, unless synced.
- Every write, sync, truncation, creation, rename and removal is a boundary at which `crash_at` stops the process:
  the operation is then under way, and no further call returns. `crash` cuts the power.
- `fail` injects an error at a boundary; `capacity_bytes` fills up.

After a failed sync the unsynced bytes can be read but no later sync makes them durable, as on Linux.
"""

import errno
import os
import random
from typing import Final

SECTOR_BYTES: Final = 512


class Crashed(BaseException):
    """The process has stopped here. Not an Exception: nothing may catch it and go on."""


class _Sector:
    """The versions of a sector since the last sync, oldest first, and which bytes were written."""

    def __init__(self, durable: bytes) -> None:
        self.versions = [durable]
        self.written: set[int] = set()

    def choose(self, rng: random.Random) -> bytes:
        fate = rng.randrange(4)
        if fate == 0:
            return self.versions[0]
        if fate == 1:
            return rng.choice(self.versions)
        if fate == 2:
            cut = rng.randrange(SECTOR_BYTES + 1)
            one, other = rng.choice(self.versions), rng.choice(self.versions)
            return one[:cut] + other[cut:]
        garbled = bytearray(self.versions[-1])
        for position in self.written:
            garbled[position] = rng.getrandbits(8)
        return bytes(garbled)


class _Inode:
    """A file's content: what is seen now, and what a crash may make of it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.durable_size = 0
        self.sizes: list[int] = []
        self.sectors: dict[int, _Sector] = {}
        self.is_lost = False
        """A sync failed: later ones do nothing."""

    def write(self, offset: int, data: bytes) -> None:
        end = offset + len(data)
        if end > len(self.data):
            self.truncate(end)
        for number in range(offset // SECTOR_BYTES, -(-end // SECTOR_BYTES)):
            start = number * SECTOR_BYTES
            low, high = max(offset, start), min(end, start + SECTOR_BYTES)
            sector = self._sector(number)
            self.data[low:high] = data[low - offset : high - offset]
            sector.versions.append(self._content(number))
            sector.written.update(range(low - start, high - start))

    def truncate(self, size: int) -> None:
        if size < len(self.data):
            for number in range(size // SECTOR_BYTES, -(-len(self.data) // SECTOR_BYTES)):
                self._sector(number)
        self.data[size:] = bytes(max(0, size - len(self.data)))
        self.sizes.append(size)

    def sync(self) -> None:
        if not self.is_lost:
            self.durable_size = len(self.data)
            self.sizes.clear()
            self.sectors.clear()

    def crash(self, rng: random.Random) -> None:
        size = rng.choice([self.durable_size, *self.sizes])
        image = bytearray(self.data.ljust(size, b"\0"))
        for number, sector in self.sectors.items():
            start = number * SECTOR_BYTES
            image[start : start + SECTOR_BYTES] = sector.choose(rng)
        self.data = image[:size].ljust(size, b"\0")
        self.durable_size = size
        self.sizes.clear()
        self.sectors.clear()
        self.is_lost = False

    def _sector(self, number: int) -> _Sector:
        return self.sectors.setdefault(number, _Sector(self._content(number)))

    def _content(self, number: int) -> bytes:
        start = number * SECTOR_BYTES
        return bytes(self.data[start : start + SECTOR_BYTES]).ljust(SECTOR_BYTES, b"\0")


class SimulatedFile:
    """A handle. Stops working with the crash of its process."""

    def __init__(self, disk: "SimulatedDisk", inode: _Inode, path: str) -> None:
        self._disk = disk
        self._inode = inode
        self._opened_path = path
        self._generation = disk.generation

    def read(self, offset: int, size: int) -> bytes:
        self._check()
        return bytes(self._inode.data[offset : offset + size])

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        self._check()
        content = bytes(data)
        error = self._disk.boundary("write", self.path)
        growth = max(0, offset + len(content) - len(self._inode.data))
        if error is None and growth > self._disk.free_bytes():
            error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            content = content[: len(content) - growth + self._disk.free_bytes()]
        elif error is not None:
            content = content[: self._disk.rng.randrange(len(content) + 1)]
        self._inode.write(offset, content)
        self._disk.stop_if_due()
        if error is not None:
            raise error

    def sync(self) -> None:
        self._check()
        error = self._disk.boundary("sync", self.path)
        self._disk.stop_if_due()
        if error is not None:
            self._inode.is_lost = True
            raise error
        self._inode.sync()

    def truncate(self, size: int) -> None:
        self._check()
        error = self._disk.boundary("truncate", self.path)
        if error is None:
            self._inode.truncate(size)
        self._disk.stop_if_due()
        if error is not None:
            raise error

    def size(self) -> int:
        self._check()
        return len(self._inode.data)

    def close(self) -> None:
        pass

    @property
    def path(self) -> str:
        """The name that the file has now."""
        return self._disk.path_of(self._inode) or self._opened_path

    def _check(self) -> None:
        self._disk.check_alive()
        assert self._generation == self._disk.generation, f"{self.path} was opened before the crash"


class SimulatedDisk:
    """Implements `mexchange.world.disk.Disk`. Folders are implied by the paths of their files."""

    def __init__(self, seed: int = 0, *, capacity_bytes: int = 1 << 40) -> None:
        self.rng = random.Random(seed)
        self.capacity_bytes = capacity_bytes
        self.generation = 0
        self.boundaries = 0
        """Operations so far."""
        self.operations: list[str] = []
        """Their names, for the message of a failing test."""
        self.crash_at: int | None = None
        """Stop in the middle of this operation, counted from 0."""
        self._failures: dict[int, OSError] = {}
        self._failing_operation: tuple[str, str, OSError] | None = None
        self._is_stopped = False
        self._durable: dict[str, _Inode] = {}
        self._entries: dict[str, _Inode] = {}
        self._pending: list[tuple[str, dict[str, _Inode | None]]] = []

    # What a test does.

    def fail(self, boundary: int, code: int) -> None:
        """The operation with that number raises OSError(code)."""
        self._failures[boundary] = OSError(code, os.strerror(code))

    def fail_all(self, operation: str, path_part: str, code: int) -> None:
        """From now on each `operation` on a path that contains `path_part` raises OSError(code)."""
        self._failing_operation = (operation, path_part, OSError(code, os.strerror(code)))

    def heal(self) -> None:
        """No more injected errors."""
        self._failing_operation = None
        self._failures.clear()

    def crash(self, rng: random.Random) -> None:
        """Power off and on: what was not synced is forgotten, torn or garbled, as `rng` decides."""
        for _, change in self._pending:
            if rng.random() < 0.5:
                _apply(self._durable, change)
        self._pending.clear()
        self._entries = dict(self._durable)
        for inode in set(self._durable.values()):
            inode.crash(rng)
        self.crash_at = None
        self._restart()

    def kill(self) -> None:
        """The process ends, the machine goes on: everything written stays."""
        self._restart()

    def content(self, path: str) -> bytes:
        """What a reader sees."""
        return bytes(self._entries[path].data)

    def replace(self, path: str, data: bytes) -> None:
        """Somebody changed the file behind our back, durably."""
        inode = _Inode()
        inode.write(0, data)
        inode.sync()
        self._entries[path] = self._durable[path] = inode

    # What the program does.

    def open(self, path: str, *, create: bool = False) -> SimulatedFile:
        self.check_alive()
        if path not in self._entries:
            if not create:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            self._change("create", path, {path: _Inode()})
        return SimulatedFile(self, self._entries[path], path)

    def exists(self, path: str) -> bool:
        self.check_alive()
        return path in self._entries

    def names(self, folder: str) -> list[str]:
        self.check_alive()
        prefix = folder + "/"
        return sorted(path.removeprefix(prefix) for path in self._entries if path.startswith(prefix))

    def make_folder(self, folder: str) -> None:
        self.check_alive()

    def rename(self, source: str, target: str) -> None:
        self.check_alive()
        self._change("rename", target, {target: self._entries[source], source: None})

    def remove(self, path: str) -> None:
        self.check_alive()
        assert path in self._entries
        self._change("remove", path, {path: None})

    def sync_folder(self, folder: str) -> None:
        self.check_alive()
        error = self.boundary("sync folder", folder)
        self.stop_if_due()
        if error is not None:
            raise error
        kept = []
        for where, change in self._pending:
            if where == folder:
                _apply(self._durable, change)
            else:
                kept.append((where, change))
        self._pending = kept

    def free_bytes(self) -> int:
        return max(0, self.capacity_bytes - sum(len(inode.data) for inode in set(self._entries.values())))

    # Between the two.

    def boundary(self, operation: str, path: str) -> OSError | None:
        """Count an operation; the error that it shall end with, if any."""
        number = self.boundaries
        self.boundaries += 1
        self.operations.append(f"{operation} {path}")
        self._is_stopped = number == self.crash_at
        if self._failing_operation is not None:
            failing, path_part, error = self._failing_operation
            if failing == operation and path_part in path:
                return error
        return self._failures.get(number)

    def stop_if_due(self) -> None:
        """The operation is under way: this is where the power goes."""
        if self._is_stopped:
            raise Crashed

    def path_of(self, inode: _Inode) -> str | None:
        return next((path for path, each in self._entries.items() if each is inode), None)

    def check_alive(self) -> None:
        """A stopped process does nothing more, not even cleaning up."""
        if self._is_stopped:
            raise Crashed

    def _change(self, operation: str, path: str, change: dict[str, _Inode | None]) -> None:
        error = self.boundary(operation, path)
        if error is not None:
            raise error
        _apply(self._entries, change)
        self._pending.append((path.rpartition("/")[0], change))
        self.stop_if_due()

    def _restart(self) -> None:
        self.generation += 1
        self._is_stopped = False


def _apply(entries: dict[str, _Inode], change: dict[str, _Inode | None]) -> None:
    for path, inode in change.items():
        if inode is None:
            entries.pop(path, None)
        else:
            entries[path] = inode
