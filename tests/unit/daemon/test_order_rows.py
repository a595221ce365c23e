"""The native rows of orders are those that are made event by event: what is left, found and listed."""

import random
from collections.abc import Iterable, Iterator
from typing import TypeVar

import pytest

from mexchange.core.engine import Engine
from mexchange.daemon import orders as orders_module
from mexchange.daemon.order_rows import OrderRows, PythonOrderRows
from tests.engine.crowd import Crowd

Answer = TypeVar("Answer")


def frames(engine: Engine, seed: int, commands: int) -> Iterator[tuple[bytes, int]]:
    """What a crowd does, frame by frame: records and time."""
    crowd = Crowd(random.Random(seed))
    frame = crowd.opening()
    while engine.sequence < commands:
        if not frame.is_broken:
            records = engine.apply_batch(b"".join(frame.blocks), engine.sequence + 1, frame.time_ns)
            crowd.hear(records)
            yield records, frame.time_ns
        frame = crowd.frame()


def pair(finished_all_max: int) -> tuple[OrderRows, OrderRows]:
    """In Python, and natively where that was built; tests/engine/test_native.py tells where it was not."""
    return PythonOrderRows(finished_all_max=finished_all_max), orders_module.ROWS(finished_all_max=finished_all_max)


@pytest.mark.parametrize("finished_all_max", [orders_module.FINISHED_ALL_MAX, 600])
def test_native_rows_are_those_that_events_make(seed: int, finished_all_max: int) -> None:
    rng, rows = random.Random(seed), pair(finished_all_max)
    for number, (records, time_ns) in enumerate(frames(Engine(), seed, 6_000)):
        for each in rows:
            each.apply(records, time_ns)
        if number % 97 == 0:
            ask(rng, rows)
        if number % 500 == 499:
            # A restart from a snapshot: quiet accounts stand in the order of their numbers then, in both.
            saved = same(each.saved() for each in rows)
            rows = pair(finished_all_max)
            for each in rows:
                for account in saved:
                    each.restore(account)
    saved = same(each.saved() for each in rows)
    assert sum(len(account.rows) for account in saved) > 100
    assert any(account.rejected for account in saved)
    ask(rng, rows)


def ask(rng: random.Random, rows: tuple[OrderRows, OrderRows]) -> None:
    """About what is known, by either id, and about what is not; and for lists of every kind."""
    saved = same(each.saved() for each in rows)
    for account in rng.sample(saved, min(3, len(saved))):
        number, known = account.account, [*account.rows, *account.rejected]
        for row in rng.sample(known, min(5, len(known))):
            same(each.find(number, row.order_id, b"") for each in rows)
            found = same(each.find(number, 0, row.client_order_id) for each in rows)
            assert found is not None
        for stranger in (number ^ 1, 2**63):
            same(each.find(stranger, known[-1].order_id, known[-1].client_order_id) for each in rows)
        for before in (0, rng.choice(known).order_id, rng.randrange(1, 10_000)):
            open_only, market = rng.random() < 0.5, rng.randrange(3)
            same(each.newest(number, before=before, open_only=open_only, market=market, limit=20) for each in rows)
    assert same(each.find(2**40, 0, bytes(16)) for each in rows) is None


def same(answers: Iterable[Answer]) -> Answer:
    """What everybody says."""
    first, second = answers
    assert first == second
    return first
