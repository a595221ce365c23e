"""A daemon with one planted bug, for checkers that must find it: python -m …mutant BUG --data-dir DIR …

The bugs are put in from outside, here; the product has no switch for them.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from mexchange.core import snapshot_writer
from mexchange.core.state import State
from mexchange.daemon import __main__ as daemon
from mexchange.daemon import engine_choice
from mexchange.daemon.frame import Frame
from mexchange.daemon.journal_writer import JournalWriter
from mexchange.store.disk import RealFile

EARLY_S: Final = 0.1
"""How long the early acknowledgement is ahead of the disk."""


def skip_the_sync() -> None:
    """fdatasync is never called."""

    def sync(self: RealFile) -> None:
        return

    RealFile.sync = sync  # type: ignore[method-assign]


def acknowledge_early() -> None:
    """A frame is reported as durable, and only then written."""
    commit = JournalWriter._commit

    def early(self: JournalWriter, frame: Frame) -> None:
        synced, self._on_synced = self._on_synced, lambda frame: None
        self._post(synced, frame)
        time.sleep(EARLY_S)
        commit(self, frame)
        self._on_synced = synced

    JournalWriter._commit = early  # type: ignore[method-assign]


def forget_the_answers() -> None:
    """Snapshots of the Python engine, which is the one to run then, leave out which client order ids were used."""

    def nothing(state: State) -> Iterator[bytes]:
        yield from ()

    snapshot_writer._memory_rows = nothing
    os.environ[engine_choice.VARIABLE] = engine_choice.PYTHON


BUGS: Final[dict[str, Callable[[], None]]] = {
    plant.__name__: plant for plant in (skip_the_sync, acknowledge_early, forget_the_answers)
}


def program(plant: Callable[[], None]) -> tuple[str, ...]:
    """What stands behind Python to start the daemon with this bug."""
    return ("-m", "tests.integration.durability.mutant", plant.__name__)


if __name__ == "__main__":
    BUGS[sys.argv.pop(1)]()
    sys.exit(daemon.main())
