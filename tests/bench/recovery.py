"""How long a start takes with a million commands behind the last snapshot: here there is none, so all are replayed.

The journal is written by the store and read back by its recovery into a new engine, whose state hash must be the one of
the engine that wrote. Real files; the page cache is warm, as after a crash of the process.
"""

import tempfile
import time
from pathlib import Path
from typing import Any, Final

from mexchange.core.engine import Engine
from mexchange.store.disk import RealDisk
from mexchange.store.journal import Journal
from mexchange.store.recovery import Recovery
from tests.bench.flows import Flow, mixed

COMMANDS: Final = 1_000_000


def measure() -> list[dict[str, Any]]:
    """Seconds for a million commands, and commands per second."""
    with tempfile.TemporaryDirectory() as folder:
        disk = RealDisk(Path(folder))
        commands, state_hash = _write(disk, mixed(COMMANDS))
        start = time.perf_counter()
        journal = Journal(disk)
        engine = _replay(disk)
        seconds = time.perf_counter() - start
        journal.close()
    assert engine.state_hash() == state_hash, "the replayed state differs"
    return [
        {"name": "recovery", "value": seconds, "unit": "s", "baseline": None, "ratio": None, "commands": commands},
        {
            "name": "recovery_rate",
            "value": round(commands / seconds),
            "unit": "commands/s",
            "baseline": None,
            "ratio": None,
        },
    ]


def _write(disk: RealDisk, flow: Flow) -> tuple[int, bytes]:
    """A journal of the whole flow, synced once at the end; how many commands, and the state after them."""
    journal, engine = Journal(disk), Engine()
    for time_ns, frame in enumerate([*flow.setup, *flow.frames], 1):
        first_sequence = engine.sequence + 1
        engine.apply_batch(frame, first_sequence, time_ns)
        if not journal.has_room(len(frame)):
            journal.prepare_next_segment()
        count = engine.sequence - first_sequence + 1
        journal.append(frame, count=count, first_sequence=first_sequence, time_ns=time_ns)
        journal.sync()
    journal.close()
    return engine.sequence, engine.state_hash()


def _replay(disk: RealDisk) -> Engine:
    engine = Engine()
    for batch in Recovery(disk).batches():
        engine.apply_batch(batch.body, batch.first_sequence, batch.time_ns)
    return engine
