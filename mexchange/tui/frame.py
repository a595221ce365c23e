"""The frame timer: what changed is collected and painted at most so many times a second.

    event ── mark ──> dirty ── at the next frame ──> paint(dirty)
    key ──── now ───────────────────────────────────> paint(part), at once

Nothing runs while nothing changes.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import IntFlag, auto
from typing import Final

FPS_MIN: Final = 1
FPS_MAX: Final = 30
_FRAMES_KEPT: Final = 64


class Part(IntFlag):
    """What may have changed."""

    NOTHING = 0
    BOOK = auto()
    TRADES = auto()
    TICKER = auto()
    CANDLES = auto()
    """Any candle: the chart is drawn anew."""
    LIVE_CANDLE = auto()
    """The newest one alone."""
    ORDERS = auto()
    """Own orders and fills."""
    BALANCES = auto()
    STATE = auto()
    """How much may be trusted; the clocks."""
    WATCH = auto()
    LOG = auto()
    ALERTS = auto()
    TICKET = auto()
    EVERYTHING = BOOK | TRADES | TICKER | CANDLES | ORDERS | BALANCES | STATE | WATCH | LOG | ALERTS | TICKET


class Frame:
    """Coalesces. To be used on one running event loop."""

    def __init__(self, paint: Callable[[Part], None], fps: int) -> None:
        self.fps = fps
        self.paints = 0
        """How often something was painted."""
        self._paint = paint
        self._dirty = Part.NOTHING
        self._timer: asyncio.TimerHandle | None = None
        self._due = float("-inf")
        self._painted_at: deque[float] = deque(maxlen=_FRAMES_KEPT)
        self._is_closed = False

    def mark(self, part: Part) -> None:
        """Something changed; it is painted with the next frame."""
        self._dirty |= part
        if self._timer is None and not self._is_closed:
            loop = asyncio.get_running_loop()
            # Frames keep their beat: neither a late painting nor late news slows down those after it. A whole frame
            # without news begins another beat.
            self._due += 1 / self.fps
            if self._due + 1 / self.fps < loop.time():
                self._due = loop.time()
            self._timer = loop.call_at(self._due, self._fire)

    def now(self, part: Part) -> None:
        """Own input changed something: painted before this returns, outside the frames."""
        if not self._is_closed:
            self._paint(part)

    def measured_fps(self) -> float:
        """Frames painted within the last second."""
        begin = asyncio.get_running_loop().time() - 1
        return float(sum(at > begin for at in self._painted_at))

    def close(self) -> None:
        """Paint nothing any more. Idempotent."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        dirty, self._dirty = self._dirty, Part.NOTHING
        self._painted_at.append(asyncio.get_running_loop().time())
        self.paints += 1
        self._paint(dirty)
