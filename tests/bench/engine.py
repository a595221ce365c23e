"""How fast the engines are on one core: command blocks in, records out.

    PYTHONPATH=. python tests/bench/engine.py [FLOW ...]

Everything that a command costs is in it: reading and verifying its bytes, risk, match, settle, the memory of client
ids, records and the digest over them. Thread CPU time, median and best of interleaved rounds. `engine_python_*` has a
bare book in Python beside it (flows.py), `engine_native_*` the engine in Python on the same bytes; both must end in
the same state.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from mexchange.core.features import FEATURES
from mexchange.daemon.engine_choice import NATIVE, PYTHON, Engine
from tests.bench import moving_flows, standing_flows
from tests.bench.flows import Flow, PlainBook, cancel_heavy, mixed, replay_plain
from tests.engine.engines import ENGINES

ROUNDS: Final = 5
COMMANDS: Final = 60_000
FLOWS: Final[tuple[Callable[[int], Flow], ...]] = (
    mixed,
    cancel_heavy,
    moving_flows.calm,
    moving_flows.trending,
    moving_flows.swings,
    moving_flows.wide_swings,
    moving_flows.crash,
    standing_flows.live20k,
    standing_flows.live200k,
    standing_flows.levels100k,
    standing_flows.sparse,
    standing_flows.deep_level,
    standing_flows.beside_10k_levels,
    standing_flows.sweep_1k_levels,
)


def measure(
    commands: int = COMMANDS, rounds: int = ROUNDS, flows: tuple[Callable[[int], Flow], ...] = FLOWS
) -> list[dict[str, Any]]:
    """Rows for the bench table: commands per second of each engine on each flow."""
    rows = []
    for make in flows:
        rows += _measure_flow(make(commands), rounds)
    return rows


def _measure_flow(flow: Flow, rounds: int) -> list[dict[str, Any]]:
    plain = [_plain_seconds(flow) for _ in range(rounds)]
    seconds: dict[str, list[float]] = {name: [] for name in ENGINES}
    hashes = set()
    for _ in range(rounds):
        for name, kind in ENGINES.items():
            took, engine = run(flow, kind)
            seconds[name].append(took)
            hashes.add(engine.state_hash())
    assert len(hashes) == 1, f"{flow.name}: the engines end in different states"
    rates = {name: flow.commands / statistics.median(took) for name, took in seconds.items()}
    baselines = {PYTHON: flow.commands / statistics.median(plain), NATIVE: rates[PYTHON]}
    return [
        {
            "name": f"engine_{name}_{flow.name}",
            "value": round(rate),
            "unit": "commands/s",
            "baseline": round(baselines[name]),
            "ratio": round(rate / baselines[name], 4),
            "best": round(flow.commands / min(seconds[name])),
            "live_orders": flow.live_last,
        }
        for name, rate in rates.items()
    ]


def run(flow: Flow, kind: type[Engine]) -> tuple[float, Engine]:
    """Seconds of thread time for the flow's frames, and the engine at its end."""
    engine, now = kind(), 0
    for feature in FEATURES:
        engine.enable(feature, 1)
    for frame in flow.setup:
        now += 1
        engine.apply_batch(frame, engine.sequence + 1, now)
    start = time.thread_time()
    for frame in flow.frames:
        now += 1
        engine.apply_batch(frame, engine.sequence + 1, now)
    return time.thread_time() - start, engine


def _plain_seconds(flow: Flow) -> float:
    book = PlainBook()
    replay_plain(flow, book, 0, flow.setup_steps)
    start = time.thread_time()
    replay_plain(flow, book, flow.setup_steps, len(flow.steps))
    seconds = time.thread_time() - start
    assert len(book.open) == flow.live_last
    return seconds


if __name__ == "__main__":
    wanted = [make for make in FLOWS if make.__name__ in sys.argv[1:] or len(sys.argv) == 1]
    for row in measure(flows=tuple(wanted)):
        print(json.dumps(row))
