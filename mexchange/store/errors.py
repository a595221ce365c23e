"""What the world can do to stored data. One tree; each message says what to do.

StoreError
├── DiskFull            no space: nothing was written, try again when there is some
│   └── JournalFull     the segment in use and its successor are used up
├── DiskFailed          a write or a sync failed: nothing may be assumed about the file, stop at once
├── FolderError         the data folder cannot be ours
│   ├── FolderInUse     a second daemon
│   ├── WrongOwner      belongs to another user
│   ├── WrongPermissions others may read it
│   └── ReadOnlyFolder  nothing can be created in it
├── JournalCorrupt      committed bytes changed: never repaired silently
│   └── JournalGap      the journal begins after, or ends before, the sequence that is needed
├── FormatTooNew        written by a later version
├── SnapshotCorrupt     one snapshot file does not verify
├── DatabaseDown        the database does not answer: try again later
└── DatabaseCorrupt     the database cannot be read
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class StoreError(Exception):
    """Base of everything that this package raises on purpose."""


class DiskFull(StoreError):
    """No space left. Nothing was committed; works again when space returns."""


class JournalFull(DiskFull):
    """The segment in use is full and no further one could be prepared."""


class DiskFailed(StoreError):
    """A write or a sync failed for another reason than space. The process must stop."""


class FolderError(StoreError):
    """The data folder cannot be used by this process."""


class FolderInUse(FolderError):
    """Another process holds the lock."""


class WrongOwner(FolderError):
    """The folder belongs to another user."""


class WrongPermissions(FolderError):
    """The folder is open to other users."""


class ReadOnlyFolder(FolderError):
    """Nothing can be created in the folder."""


class JournalCorrupt(StoreError):
    """Committed bytes of the journal are not what was written."""


class JournalGap(JournalCorrupt):
    """Sequences that are needed are not in the journal."""


class FormatTooNew(StoreError):
    """A later version wrote this; this one must not guess."""


class SnapshotCorrupt(StoreError):
    """One snapshot file does not verify; an older one may."""


class DatabaseDown(StoreError):
    """The database cannot be reached, or did not answer. It may again later."""


class DatabaseCorrupt(StoreError):
    """The database's file cannot be read; restore it from a backup."""


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Turn the OSError of a block that `what` names into DiskFull or DiskFailed."""
    try:
        yield
    except OSError as error:
        reason = f"{what}: {error.strerror or error}"
        if error.errno in NO_SPACE:
            raise DiskFull(f"{reason}; free some space, nothing has to be restarted") from error
        raise DiskFailed(f"{reason}; check the disk, then start again") from error
