"""The table of client/liveness.py, row by row."""

import msgspec
import pytest

from mexchange.client.liveness import Facts, LivenessState, liveness
from mexchange.domain.units import MarketId
from tests.fakes.exchange_world import ExchangeWorld
from tests.fakes.session_world import Line

MS = 1_000_000
S = 1000 * MS
WELL = Facts(heard_ago_ns=0, logged_in=True, stream_at_head=True)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, LivenessState.LIVE),
        ({"heard_ago_ns": 1_500 * MS}, LivenessState.LIVE),
        ({"heard_ago_ns": 1_501 * MS}, LivenessState.SLOW),
        ({"round_trip_p99_ns": 50 * MS}, LivenessState.LIVE),
        ({"round_trip_p99_ns": 51 * MS}, LivenessState.SLOW),
        ({"stream_at_head": False}, LivenessState.SLOW),
        ({"books_in_gap": frozenset({MarketId(1)})}, LivenessState.SLOW),
        ({"heard_ago_ns": 3_000 * MS}, LivenessState.SLOW),
        ({"heard_ago_ns": 3_001 * MS}, LivenessState.STALE),
        ({"logged_in": False}, LivenessState.STALE),
        ({"unresolved": 1}, LivenessState.STALE),
        ({"heard_ago_ns": 5_001 * MS, "logged_in": False}, LivenessState.RECONNECT),
        ({"heard_ago_ns": 30_001 * MS, "logged_in": False}, LivenessState.OFFLINE),
        ({"heard_ago_ns": None, "logged_in": False}, LivenessState.OFFLINE),
    ],
)
def test_facts_make_the_state(changes: dict[str, object], state: LivenessState) -> None:
    verdict = liveness(msgspec.structs.replace(WELL, **changes))
    assert verdict.state is state
    assert verdict.may_trade is (state in (LivenessState.LIVE, LivenessState.SLOW))


def test_figures_are_passed_on() -> None:
    verdict = liveness(msgspec.structs.replace(WELL, books_in_gap=frozenset({MarketId(3)}), attempt=4, unresolved=2))
    assert (verdict.gaps, verdict.attempt, verdict.unknown, verdict.age_ns) == (frozenset({3}), 4, 2, 0)


def test_one_slow_heartbeat_alone_says_nothing_two_do() -> None:
    world = ExchangeWorld(Line(1, delay_ns=30 * MS))
    exchange = world.client().exchange
    assert world.until(lambda: exchange.session.round_trip_ns is not None, 10 * S)
    assert exchange.liveness(world.now_ns).state is LivenessState.LIVE
    assert world.until(lambda: exchange.liveness(world.now_ns).state is LivenessState.SLOW, 10 * S)
