"""How much what is on the screen may be trusted, in one value: what the status bar says and the ladder is greyed by."""

from enum import IntEnum

import msgspec

from mexchange.client.liveness import Liveness, LivenessState


class ScreenState(IntEnum):
    """In the order of getting worse; a replay is a state of its own."""

    LIVE = 1
    SLOW = 2
    GAP = 3
    """Something of this market or of the own account is known to be missing, and being fetched."""
    STALE = 4
    RECONNECT = 5
    OFFLINE = 6
    REPLAY = 7

    @property
    def may_trade(self) -> bool:
        """May new orders be sent."""
        return self <= ScreenState.GAP


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the status bar. Times in nanoseconds."""

    state: ScreenState = ScreenState.OFFLINE
    age_ns: int = 0
    """Since the last word from the server."""
    sequence: int = 0
    round_trip_ns: int = 0
    p99_ns: int = 0
    gaps: int = 0
    """How often something of the book of this market was missing."""
    mended: int = 0
    """How often it was found again."""
    missing: int = 0
    """Events of the own account that are known to exist and have not come yet."""
    attempt: int = 0
    unknown: int = 0
    """Commands whose outcome is being asked for."""
    events_per_s: int = 0
    fps: float = 0.0
    address: str = ""


_STATES = {
    LivenessState.LIVE: ScreenState.LIVE,
    LivenessState.SLOW: ScreenState.SLOW,
    LivenessState.STALE: ScreenState.STALE,
    LivenessState.RECONNECT: ScreenState.RECONNECT,
    LivenessState.OFFLINE: ScreenState.OFFLINE,
}


def screen_state(liveness: Liveness, market: int, *, missing: int) -> ScreenState:
    """The client's verdict, with the gap of what is shown here put between slow and stale."""
    state = _STATES[liveness.state]
    if state <= ScreenState.SLOW and (market in liveness.gaps or missing):
        return ScreenState.GAP
    return state
