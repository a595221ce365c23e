"""Click-to-trade ends by itself."""

import pytest

from mexchange.tui.trading.arming import Arming, Cause

S = 1_000_000_000


@pytest.fixture
def heard() -> list[Cause | None]:
    return []


@pytest.fixture
def arming(heard: list[Cause | None]) -> Arming:
    return Arming(60, heard.append)


def test_it_is_armed_by_wish_and_disarmed_after_a_minute_without_input(
    arming: Arming, heard: list[Cause | None]
) -> None:
    assert arming.arm(0) == ""
    arming.tick(59 * S)
    assert arming.left_s(59 * S) == 1
    arming.touch(59 * S)
    arming.tick(118 * S)
    assert arming.left_s(118 * S) == 1
    arming.tick(119 * S)
    assert heard == [None, Cause.IDLE]
    assert not arming.is_armed
    assert arming.left_s(119 * S) == 0


def test_it_is_not_armed_while_nothing_can_be_traded(arming: Arming, heard: list[Cause | None]) -> None:
    assert arming.arm(0, obstacle="the market is halted") == "the market is halted"
    assert heard == []
    assert not arming.is_armed


@pytest.mark.parametrize(("live", "is_open", "cause"), [(False, True, Cause.STATE), (True, False, Cause.HALTED)])
def test_what_is_not_live_or_not_open_disarms(
    arming: Arming, heard: list[Cause | None], live: bool, is_open: bool, cause: Cause
) -> None:
    arming.arm(0)
    arming.tick(1, is_live=live, is_open=is_open)
    assert heard == [None, cause]


def test_disarming_twice_is_told_once_and_a_touch_does_not_arm(arming: Arming, heard: list[Cause | None]) -> None:
    arming.arm(0)
    arming.arm(5)
    assert arming.disarm(Cause.ESCAPE)
    assert not arming.disarm(Cause.MARKET)
    arming.touch(9)
    arming.tick(10**15)
    assert heard == [None, Cause.ESCAPE]
