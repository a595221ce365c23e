"""One state for the screen, from what the client says."""

import pytest

from mexchange.client.liveness import Liveness, LivenessState
from mexchange.domain.units import MarketId
from mexchange.tui.edges.status_bar import state_text
from mexchange.tui.vitals import ScreenState, Vitals, screen_state

HERE, ELSEWHERE = MarketId(1), MarketId(2)


@pytest.mark.parametrize(
    ("state", "gaps", "missing", "expected"),
    [
        (LivenessState.LIVE, frozenset(), 0, ScreenState.LIVE),
        (LivenessState.SLOW, frozenset(), 0, ScreenState.SLOW),
        (LivenessState.SLOW, frozenset({HERE}), 0, ScreenState.GAP),
        (LivenessState.SLOW, frozenset({ELSEWHERE}), 0, ScreenState.SLOW),
        (LivenessState.SLOW, frozenset(), 377, ScreenState.GAP),
        (LivenessState.STALE, frozenset({HERE}), 0, ScreenState.STALE),
        (LivenessState.RECONNECT, frozenset({HERE}), 5, ScreenState.RECONNECT),
        (LivenessState.OFFLINE, frozenset(), 0, ScreenState.OFFLINE),
    ],
)
def test_the_gap_of_what_is_shown_lies_between_slow_and_stale(
    state: LivenessState, gaps: frozenset[MarketId], missing: int, expected: ScreenState
) -> None:
    alive = Liveness(state=state, age_ns=0, p99_ns=0, gaps=gaps, unknown=0, attempt=0)
    assert screen_state(alive, HERE, missing=missing) is expected
    assert expected.may_trade == (state <= LivenessState.SLOW)


def test_the_words_of_the_status_bar() -> None:
    assert state_text(Vitals(state=ScreenState.STALE, age_ns=4_200_000_000)) == "STALE 4.2 s"
    assert state_text(Vitals(state=ScreenState.GAP, missing=377)) == "GAP replaying 377 events"
    assert state_text(Vitals(state=ScreenState.RECONNECT, attempt=3, age_ns=7 * 10**9)) == "RECONNECT 3 · 7.0 s"
    assert state_text(Vitals(state=ScreenState.SLOW, p99_ns=164_000_000)) == "SLOW p99 164 ms"
