"""How the cost of an order grows with markets, accounts, open orders and sessions, each alone from one base point.

    python -m tests.bench growth

The first three are ns of thread time per command through `apply_batch` (grown.py), median of rounds; without the native
engine, of the one in Python at smaller sizes. Sessions are µs of the daemon's CPU per order at one rate (load.py).
`ratio` is that to the base point.
"""

import statistics
import sys
import time
from dataclasses import replace
from typing import Any, Final

from mexchange.daemon.engine_choice import NATIVE, PYTHON
from tests.bench.end_to_end import LIMITS, load
from tests.bench.grown import GrownExchange, Size
from tests.bench.running_daemon import running_daemon
from tests.engine.engines import ENGINES

ROUNDS: Final = 7
COMMANDS: Final = 48_000
"""In a round of the native engine; a tenth in Python's."""
SIZES: Final[dict[str, dict[str, tuple[int, ...]]]] = {
    NATIVE: {
        "markets": (1, 100, 1_000, 10_000),
        "accounts": (1_000, 30_000, 1_000_000),
        "orders": (10_000, 100_000, 1_000_000),
    },
    PYTHON: {"markets": (1, 100, 1_000), "accounts": (1_000, 30_000), "orders": (10_000, 100_000)},
}
SESSIONS: Final = (10, 100, 1_000)
RATE: Final = 2_000
"""Orders per second over all sessions."""
ORDERS_PER_DATAGRAM: Final = 4


def measure() -> list[dict[str, Any]]:
    """Rows for the bench table; `of` is what grows and `size` how many of it there are."""
    name = NATIVE if NATIVE in ENGINES else PYTHON
    if name == PYTHON:
        print("growth: the native engine is not built, so the one in Python, at smaller sizes", file=sys.stderr)
    base_ns = _ns_per_command(name, Size())
    rows = []
    for of, sizes in SIZES[name].items():
        for size in sizes:
            grown = replace(Size(), **{of: size})
            value = base_ns if grown == Size() else _ns_per_command(name, grown)
            rows.append(_row(of, size, value, base_ns, "ns/command", name))
    spent_us = {count: _cpu_us_per_order(count) for count in SESSIONS}
    base_us = spent_us[SESSIONS[0]]
    return rows + [_row("sessions", size, value, base_us, "µs CPU/order", name) for size, value in spent_us.items()]


def _ns_per_command(name: str, size: Size) -> float:
    commands = COMMANDS if name == NATIVE else COMMANDS // 10
    exchange = GrownExchange(ENGINES[name], size)
    exchange.apply(exchange.frames(commands))
    return statistics.median(_round_ns(exchange, commands) / commands for _ in range(ROUNDS))


def _round_ns(exchange: GrownExchange, commands: int) -> int:
    frames = exchange.frames(commands)
    start = time.thread_time_ns()
    exchange.apply(frames)
    return time.thread_time_ns() - start


def _cpu_us_per_order(sessions: int) -> float:
    with running_daemon(LIMITS) as (run, _):
        result = load(run, ORDERS_PER_DATAGRAM, RATE, sessions)
    return float(result["daemon_cpu_seconds"] * 1e6 / result["outcomes"])


def _row(of: str, size: int, value: float, base: float, unit: str, engine: str) -> dict[str, Any]:
    return {
        "name": f"growth_{of}_{size}",
        "value": round(value, 1),
        "unit": unit,
        "baseline": round(base, 1),
        "ratio": round(value / base, 4),
        "of": of,
        "size": size,
        "engine": engine,
    }
