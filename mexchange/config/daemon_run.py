"""`run/daemon.json`: a running daemon says where it listens and which key it has, so that nobody types an address.

The file is written when the daemon listens and removed when it stops; after a crash it may be left behind.
"""

import os
from pathlib import Path

import msgspec

from mexchange.config import paths, private_file
from mexchange.config.errors import BadFile


class DaemonRun(msgspec.Struct, frozen=True, kw_only=True):
    """One running daemon."""

    pid: int
    host: str
    """Where clients on this machine reach it; not necessarily the bound address."""
    port: int
    server_key: str
    """Public key of the sealed channel, 64 hex digits. Its file is ours alone, so it needs no further trust."""
    started_ns: int
    version: str


def read(data: Path) -> DaemonRun | None:
    """What the daemon of this data directory says, or None if there is no such file. Raises BadFile, UnsafeFile."""
    path = paths.daemon_run_file(data)
    try:
        content = private_file.read(path)
        return None if content is None else msgspec.json.decode(content, type=DaemonRun)
    except (OSError, msgspec.DecodeError) as error:
        raise BadFile(f"{path}: {error}") from None


def write(data: Path, run: DaemonRun) -> None:
    """Say so. Raises OSError."""
    private_file.write(paths.daemon_run_file(data), msgspec.json.format(msgspec.json.encode(run)) + b"\n")


def remove(data: Path) -> None:
    """Say no more."""
    paths.daemon_run_file(data).unlink(missing_ok=True)


def is_alive(run: DaemonRun) -> bool:
    """Does a process with that number exist. It may be another one after a crash and a long time."""
    try:
        os.kill(run.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
