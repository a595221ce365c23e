"""What a durable write costs here, in this run: every other figure with a sync in it is to be read beside this one.

4 KiB written over blocks that exist, then fdatasync, as the journal does it.
"""

import os
import tempfile
import time
from typing import Any, Final

WRITES: Final = 1_000
BYTES: Final = 4_096
SEGMENT_BYTES: Final = WRITES * BYTES


def measure() -> list[dict[str, Any]]:
    """Median and 99th percentile of write + fdatasync, and how many a second one after another."""
    taken_ns = sorted(_probe())
    rows: list[dict[str, Any]] = [
        {"name": f"fdatasync_4k_{label}", "value": taken_ns[index] / 1_000, "unit": "µs"}
        for label, index in (("p50", WRITES // 2), ("p99", WRITES * 99 // 100))
    ]
    rows.append({"name": "fdatasync_rate", "value": round(WRITES * 1e9 / sum(taken_ns)), "unit": "syncs/s"})
    return [{**row, "baseline": None, "ratio": None} for row in rows]


def _probe() -> list[int]:
    sync = getattr(os, "fdatasync", os.fsync)
    block = os.urandom(BYTES)
    taken_ns = []
    with tempfile.NamedTemporaryFile() as file:
        os.pwrite(file.fileno(), bytes(SEGMENT_BYTES), 0)
        os.fsync(file.fileno())
        for number in range(WRITES):
            start = time.perf_counter_ns()
            os.pwrite(file.fileno(), block, number * BYTES)
            sync(file.fileno())
            taken_ns.append(time.perf_counter_ns() - start)
    return taken_ns
