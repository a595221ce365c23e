"""How fast a journal is replayed, and how long a start takes with ten million commands behind the last snapshot.

`replay_*`: the store reads the journal's frames, verifies their chain and gives them to an engine. `recovery`: a real
daemon starts on such a data directory, views included; the time is what it logs, from opening the files to being ready.
Real files; the page cache is warm, as after a crash of the process.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from mexchange.config import daemon_run
from mexchange.core.features import FEATURES
from mexchange.daemon.engine_choice import NATIVE, PYTHON, VARIABLE, Engine
from mexchange.daemon.recovery import apply_unskipped
from mexchange.daemon.snapshotter import make_snapshot
from mexchange.store.disk import RealDisk
from mexchange.store.journal import Journal
from mexchange.store.recovery import Recovery
from mexchange.store.snapshots import Snapshots
from tests.bench import long_flow
from tests.bench.flows import mixed
from tests.engine.engines import ENGINES

COMMANDS: Final = {PYTHON: 100_000, NATIVE: 1_000_000}
"""Of the flow; behind the snapshot lies ten times as much."""
TURNS: Final = 10
RECOVERY_S_MAX: Final = 20
READY_S: Final = 600


def measure() -> list[dict[str, Any]]:
    """Commands per second of each engine, seconds of a start."""
    rates: dict[str, float] = {}
    rows: list[dict[str, Any]] = []
    for name, kind in ENGINES.items():
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            data.mkdir(mode=0o700)
            frames = long_flow.frames(mixed(COMMANDS[name]), TURNS + 1 if name == NATIVE else 1)
            commands, state_hash = _write(RealDisk(data), frames, kind, COMMANDS[name])
            rates[name] = commands / _replay_seconds(RealDisk(data), kind, state_hash)
            if name == NATIVE:
                rows += _start(data)
    for name, rate in rates.items():
        baseline = rates[PYTHON] if name == NATIVE else None
        rows.append(
            {
                "name": f"replay_{name}",
                "value": round(rate),
                "unit": "commands/s",
                "baseline": None if baseline is None else round(baseline),
                "ratio": None if baseline is None else round(rate / baseline, 4),
            }
        )
    return rows


def _write(disk: RealDisk, frames: Iterable[bytes], kind: type[Engine], snapshot_after: int) -> tuple[int, bytes]:
    """A journal of the frames and a snapshot near its beginning; how many commands, and the state after them."""
    journal, engine, snapshots = Journal(disk), kind(), Snapshots(disk)
    for number in sorted(FEATURES):
        journal.append_feature(number)
        engine.enable(number, journal.next_sequence)
    has_snapshot = False
    for time_ns, frame in enumerate(frames, 1):
        first_sequence = engine.sequence + 1
        engine.apply_batch(frame, first_sequence, time_ns)
        if not journal.has_room(len(frame)):
            journal.prepare_next_segment()
        count = engine.sequence - first_sequence + 1
        journal.append(frame, count=count, first_sequence=first_sequence, time_ns=time_ns)
        journal.sync()
        if not has_snapshot and engine.sequence >= snapshot_after:
            snapshots.write(make_snapshot(engine, ()))
            has_snapshot = True
    journal.close()
    return engine.sequence, engine.state_hash()


def _replay_seconds(disk: RealDisk, kind: type[Engine], state_hash: bytes) -> float:
    engine = kind()
    start = time.perf_counter()
    for batch in Recovery(disk, snapshots_folder="none").batches():
        apply_unskipped(engine, batch)
    seconds = time.perf_counter() - start
    assert engine.state_hash() == state_hash, "the replayed state differs"
    return seconds


def _start(data: Path) -> list[dict[str, Any]]:
    """A daemon's start on this directory, as it logs it."""
    log = data.parent / "log"
    environ = {**os.environ, VARIABLE: NATIVE}
    words = [sys.executable, "-m", "mexchange.daemon", "--data-dir", str(data), "--port", "0"]
    with log.open("wb") as file:
        process = subprocess.Popen(words, env=environ, stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + READY_S
        while daemon_run.read(data) is None:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
    finally:
        process.terminate()
        process.wait(READY_S)
    said = dict(re.findall(r"\b(replayed|snapshot|ms)=(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", log.read_text())))
    seconds, replayed = int(said["ms"]) / 1_000, int(said["replayed"])
    return [
        {
            "name": "recovery",
            "value": seconds,
            "unit": "s",
            "baseline": RECOVERY_S_MAX,
            "ratio": round(seconds / RECOVERY_S_MAX, 4),
            "commands": replayed,
            "snapshot": int(said["snapshot"]),
        },
        {
            "name": "recovery_rate",
            "value": round(replayed / seconds),
            "unit": "commands/s",
            "baseline": None,
            "ratio": None,
        },
    ]
