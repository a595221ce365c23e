"""Click-to-trade: armed, a single click in the ladder is an order. So it ends by itself whenever it might surprise.

    DISARMED ── arm, while the market may be traded ──> ARMED
    ARMED ── idle, stale, gap, halted, another market, focus lost, escape, by hand ──> DISARMED

Times are monotonic nanoseconds. Nothing here has a timer: whoever paints calls `tick`.
"""

from collections.abc import Callable
from enum import Enum
from typing import Final

_NS_PER_S: Final = 1_000_000_000


class Cause(Enum):
    """Why it was disarmed, in words."""

    HAND = "by hand"
    IDLE = "nothing was done for a while"
    STATE = "the connection is not live"
    HALTED = "the market is not open"
    MARKET = "another market is shown"
    FOCUS = "the terminal lost the focus"
    ESCAPE = "escape"


class Arming:
    """The state. `on_change(cause)` is called after each change, with None when it was armed."""

    def __init__(self, idle_s: int, on_change: Callable[[Cause | None], None]) -> None:
        self._idle_ns = idle_s * _NS_PER_S
        self._on_change = on_change
        self._touched_ns: int | None = None

    @property
    def is_armed(self) -> bool:
        """Is a single click an order."""
        return self._touched_ns is not None

    def arm(self, now_ns: int, *, obstacle: str = "") -> str:
        """Arm, or say why not. `obstacle`: what stands in the way of trading, empty if nothing does."""
        if obstacle:
            return obstacle
        was_armed, self._touched_ns = self.is_armed, now_ns
        if not was_armed:
            self._on_change(None)
        return ""

    def disarm(self, cause: Cause) -> bool:
        """Disarm; was it armed."""
        if not self.is_armed:
            return False
        self._touched_ns = None
        self._on_change(cause)
        return True

    def touch(self, now_ns: int) -> None:
        """Somebody is there: a key, a click, the wheel."""
        if self.is_armed:
            self._touched_ns = now_ns

    def tick(self, now_ns: int, *, is_live: bool = True, is_open: bool = True) -> None:
        """Look whether it still may be armed."""
        if not is_live:
            self.disarm(Cause.STATE)
        elif not is_open:
            self.disarm(Cause.HALTED)
        elif self._touched_ns is not None and now_ns - self._touched_ns >= self._idle_ns:
            self.disarm(Cause.IDLE)

    def left_s(self, now_ns: int) -> int:
        """Whole seconds, rounded up, until it disarms by itself; 0: it is not armed."""
        if self._touched_ns is None:
            return 0
        return max(-((now_ns - self._touched_ns - self._idle_ns) // _NS_PER_S), 0)
