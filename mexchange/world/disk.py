"""Files as the journal and the snapshots need them: explicit offsets, explicit syncs, no hidden state.

A real disk may forget, tear or garble everything that was not synced before a crash; the simulated one does so on
purpose. `OSError` of a write or a sync means that nothing may be assumed about the file any more.
"""

from typing import Protocol


class File(Protocol):
    """An open file. Offsets and sizes are bytes."""

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`; fewer only at the end of the file."""
        ...

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Write all of `data` at `offset` or raise OSError. Durable only after `sync`."""
        ...

    def sync(self) -> None:
        """Everything written so far is durable when this returns (fdatasync)."""
        ...

    def truncate(self, size: int) -> None:
        """Cut or extend with zeros to `size`. Durable only after `sync`."""
        ...

    def size(self) -> int:
        """Length now."""
        ...

    def close(self) -> None:
        """Release the handle; does not sync."""
        ...


class Disk(Protocol):
    """One directory tree. Paths are relative, with `/`."""

    def open(self, path: str, *, create: bool = False) -> File:
        """Open for reading and writing. FileNotFoundError unless it exists or `create`."""
        ...

    def exists(self, path: str) -> bool:
        """Is there a file of that name."""
        ...

    def names(self, folder: str) -> list[str]:
        """Sorted file names directly in `folder`; empty if there is no such folder."""
        ...

    def make_folder(self, folder: str) -> None:
        """Create `folder` and its parents; nothing happens if it exists."""
        ...

    def rename(self, source: str, target: str) -> None:
        """Atomically replace `target`. Durable only after `sync_folder`."""
        ...

    def remove(self, path: str) -> None:
        """Unlink. Durable only after `sync_folder`."""
        ...

    def sync_folder(self, folder: str) -> None:
        """Make creations, renames and removals in `folder` durable."""
        ...

    def free_bytes(self) -> int:
        """Space left for us."""
        ...
