"""`run/NAME.json`: a running program says where it listens.

Written when it listens and removed when it stops; after a crash it may be left behind.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from mexchange.config import private_file
from mexchange.config.errors import BadFile

Run = TypeVar("Run", bound=msgspec.Struct)


class RunFile(Generic[Run]):
    """What one kind of program writes, a struct with its `pid`, by data directory."""

    def __init__(self, kind: type[Run], path_in: Callable[[Path], Path]) -> None:
        self._kind = kind
        self._path_in = path_in

    def read(self, data: Path) -> Run | None:
        """What the program of this data directory says; None: there is no such file. Raises BadFile, UnsafeFile."""
        path = self._path_in(data)
        try:
            content = private_file.read(path)
            return None if content is None else msgspec.json.decode(content, type=self._kind)
        except (OSError, msgspec.DecodeError) as error:
            raise BadFile(f"{path}: {error}") from None

    def write(self, data: Path, run: Run) -> None:
        """Say so. Raises OSError."""
        private_file.write(self._path_in(data), msgspec.json.format(msgspec.json.encode(run)) + b"\n")

    def remove(self, data: Path, run: Run) -> None:
        """Say no more, unless another process has written there since. Raises BadFile, UnsafeFile."""
        if self.read(data) == run:
            self._path_in(data).unlink(missing_ok=True)


def process_exists(pid: int) -> bool:
    """Is there a process with that number. It may be another one after a crash and a long time."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
