"""Orders through everything: sealed datagrams, ingress, journal with its syncs, engine, reports, and back.

The daemon runs on one core, the load generator (load.py) on the others; only orders whose outcome it received count.
Throughput is compared with what the product promises, latency at half of that throughput with one fdatasync.
"""

import json
import subprocess
import sys
from typing import Any, Final

from mexchange.config.daemon_run import DaemonRun
from tests.bench import disk
from tests.bench.running_daemon import running_daemon

SECONDS: Final = 6
PROMISED: Final = {16: 60_000, 1: 12_000}
"""Orders per second by orders in a datagram, over 16 accounts."""
LIMITS: Final = {"MX_DAEMON_LIMITS_ORDERS_PER_SECOND": "1000000"}


def measure() -> list[dict[str, Any]]:
    """Throughput, and latency at half of it, with 16 orders in a datagram and with 1."""
    sync_us = next(row["value"] for row in disk.measure() if row["name"] == "fdatasync_4k_p50")
    rows: list[dict[str, Any]] = []
    for count, promised in PROMISED.items():
        with running_daemon(LIMITS) as (run, _):
            full = load(run, count, 0)
        rate = full["orders_per_second"]
        rows.append(_row(f"orders_{count}_per_datagram", round(rate), "orders/s", promised, full))
        with running_daemon(LIMITS) as (run, _):
            half = load(run, count, round(rate / 2))
        for quantile in ("p50", "p99"):
            name = f"latency_{count}_per_datagram_half_load_{quantile}"
            rows.append(_row(name, half[f"{quantile}_us"], "µs", sync_us, half))
    return rows


def load(run: DaemonRun, count: int, rate: int, sessions: int = 16) -> dict[str, Any]:
    """What load.py measured with `count` orders in a datagram. `rate`: orders per second; 0: as fast as it goes."""
    command = [sys.executable, "-m", "tests.bench.load", run.host, str(run.port), run.server_key, str(run.pid)]
    command += ["--sessions", str(sessions)]
    command += ["--orders-per-datagram", str(count), "--seconds", str(SECONDS), "--rate", str(rate)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(output)
    assert result["unknown"] == 0, f"orders without outcome: {result}"
    return result


def _row(name: str, value: float, unit: str, baseline: float, load: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": value / baseline, "load": load}
