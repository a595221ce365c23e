"""Files that only their owner may read, replaced whole or not at all."""

import contextlib
import os
import stat
from pathlib import Path

from mexchange.config.errors import UnsafeFile


def write(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, readable by its owner alone; parents are made so too. Raises OSError.

    After a crash there is the old file or the new one, never half of one.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        raise


def read(path: Path) -> bytes | None:
    """The bytes of a secret, or None if there is no such file. Raises UnsafeFile, OSError."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        check(path, os.fstat(file.fileno()))
        return file.read()


def check(path: Path, status: os.stat_result) -> None:
    """Raises UnsafeFile if somebody else owns the file or may read or write it."""
    if status.st_uid != os.geteuid():
        raise UnsafeFile(f"{path} belongs to another user", "use a file of your own")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise UnsafeFile(
            f"{path} is open to other users (mode {stat.S_IMODE(status.st_mode):04o})", f"chmod 600 {path}"
        )
