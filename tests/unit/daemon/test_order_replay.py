"""Replayed frames leave the same recent orders as frames that are taken over event by event."""

import random

import pytest

from mexchange.core.engine import Engine
from mexchange.daemon import orders as orders_module
from mexchange.daemon.orders import RecentOrders
from mexchange.daemon.views import Commit
from mexchange.protocol.server_session import ServerSession
from tests.engine.crowd import Crowd


class Silence:
    """Nobody asks."""

    def send(self, session: ServerSession, block: bytes) -> None:
        raise AssertionError("there are no sessions")

    answer = send


def view(engine: Engine) -> RecentOrders:
    return RecentOrders(outbox=Silence(), engine=engine, archive=None)


def commits(engine: Engine, seed: int, commands: int) -> list[Commit]:
    """What a crowd does, frame by frame."""
    crowd, made = Crowd(random.Random(seed)), []
    frame = crowd.opening()
    while engine.sequence < commands:
        first = engine.sequence + 1
        if not frame.is_broken:
            records = engine.apply_batch(b"".join(frame.blocks), first, frame.time_ns)
            crowd.hear(records)
            made.append(Commit(records, first, engine.sequence - first + 1, frame.time_ns, replayed=False))
        frame = crowd.frame()
    return made


@pytest.mark.parametrize("finished_all_max", [orders_module.FINISHED_ALL_MAX, 600])
def test_a_replay_leaves_what_the_events_leave(
    monkeypatch: pytest.MonkeyPatch, seed: int, finished_all_max: int
) -> None:
    monkeypatch.setattr(orders_module, "FINISHED_ALL_MAX", finished_all_max)
    engine = Engine()
    made = commits(engine, seed, 6_000)
    one_by_one, replayed = view(engine), view(engine)
    for number, commit in enumerate(made):
        is_past = number < len(made) * 2 // 3
        if number == len(made) // 3:
            # A restart from a snapshot: quiet accounts stand in the order of their numbers then, in both.
            replayed.ready()
            saved = replayed.save()
            assert saved == one_by_one.save()
            one_by_one, replayed = view(engine), view(engine)
            one_by_one.load(saved)
            replayed.load(saved)
        if number == len(made) * 2 // 3:
            replayed.ready()
        one_by_one.on_commit(commit)
        replayed.on_commit(Commit(commit.records, commit.first_sequence, commit.count, commit.time_ns, is_past))
    assert replayed.save() == one_by_one.save()
    assert len(replayed.save()) > 20_000
