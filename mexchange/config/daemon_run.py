"""`run/daemon.json`: a running daemon says where it listens and which key it has, so that nobody types an address."""

from typing import Final

import msgspec

from mexchange.config import paths
from mexchange.config.run_file import RunFile, process_exists


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


_FILE: Final = RunFile(DaemonRun, paths.daemon_run_file)
read, write, remove = _FILE.read, _FILE.write, _FILE.remove


def is_alive(run: DaemonRun) -> bool:
    """Does a process with that number exist. It may be another one after a crash and a long time."""
    return process_exists(run.pid)
