"""How fast the engine is on one core: command blocks in, records out, against a bare book in the same run.

    PYTHONPATH=. python tests/bench/engine.py [COMMANDS]

Thread CPU time, best and median of interleaved rounds; the flows and the baseline are in flows.py.
"""

import json
import statistics
import sys
import time
from typing import Any

from mexchange.core.engine import Engine
from tests.bench.flows import FLOWS, LIVE_MIN, Flow, PlainBook, replay_plain

ROUNDS = 5
COMMANDS = 60_000


def measure(commands: int = COMMANDS, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Rows for the bench table: commands per second of each flow, and as a ratio to the bare book."""
    rows = []
    for make in FLOWS:
        flow = make(commands)
        assert flow.live_least >= LIVE_MIN
        engine_s, plain_s = [], []
        for _ in range(rounds):
            plain_s.append(_plain_seconds(flow))
            engine_s.append(_engine_seconds(flow))
        rate = flow.commands / statistics.median(engine_s)
        baseline = flow.commands / statistics.median(plain_s)
        rows.append(
            {
                "name": f"engine_{flow.name}",
                "value": round(rate),
                "unit": "commands/s",
                "baseline": round(baseline),
                "ratio": round(rate / baseline, 4),
                "best": round(flow.commands / min(engine_s)),
                "live_orders_min": flow.live_least,
            }
        )
    return rows


def _engine_seconds(flow: Flow) -> float:
    engine, now = Engine(), 0
    for frame in flow.setup:
        now += 1
        engine.apply_batch(frame, engine.sequence + 1, now)
    start = time.thread_time()
    for frame in flow.frames:
        now += 1
        engine.apply_batch(frame, engine.sequence + 1, now)
    seconds = time.thread_time() - start
    live = sum(len(book.orders) for book in engine.state.books.values())
    assert live == flow.live_last, f"{live} open orders, the flow says {flow.live_last}"
    return seconds


def _plain_seconds(flow: Flow) -> float:
    book = PlainBook()
    replay_plain(flow, book, 0, flow.setup_steps)
    start = time.thread_time()
    replay_plain(flow, book, flow.setup_steps, len(flow.steps))
    seconds = time.thread_time() - start
    assert len(book.open) == flow.live_last
    return seconds


if __name__ == "__main__":
    for row in measure(int(sys.argv[1]) if len(sys.argv) > 1 else COMMANDS):
        print(json.dumps(row))
