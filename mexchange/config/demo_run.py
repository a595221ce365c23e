"""`run/demo.json`: `mx demo` says that it looks after the market of this data directory, so that it can be ended."""

from typing import Final

import msgspec

from mexchange.config import paths
from mexchange.config.run_file import RunFile, process_exists


class DemoRun(msgspec.Struct, frozen=True, kw_only=True):
    """One running supervisor; it starts again whatever of the market dies."""

    pid: int
    is_ready: bool = False
    """Does everything run that it looks after."""


_FILE: Final = RunFile(DemoRun, paths.demo_run_file)
read, write, remove = _FILE.read, _FILE.write, _FILE.remove


def is_alive(run: DemoRun) -> bool:
    """Does a process with that number exist. It may be another one after a crash and a long time."""
    return process_exists(run.pid)
