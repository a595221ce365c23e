"""The frame timer keeps its beat; time here is a number that jumps to whatever is due."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

from mexchange.tui.frame import Frame, Part

FPS = 20


class _Jump(selectors.DefaultSelector):
    """Waits for nothing: the time that would have been waited has passed."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(0)


def _run(work: Coroutine[Any, Any, None]) -> None:
    jump = _Jump()
    loop = asyncio.SelectorEventLoop(jump)
    loop.time = lambda: jump.now  # type: ignore[method-assign]  # the loop has no other way in for a clock
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


def test_a_frame_that_waits_for_news_does_not_slow_down_those_after_it() -> None:
    """Nothing is heard for 90 ms of every 300: the rate is that of the frames, not less."""

    async def news() -> None:
        painted: list[float] = []
        frame = Frame(lambda _: painted.append(asyncio.get_running_loop().time()), FPS)
        for step in range(200):
            frame.mark(Part.BOOK)
            await asyncio.sleep(0.09 if step % 22 == 0 else 0.01)
        assert painted[-1] > 2
        assert (len(painted) - 1) / (painted[-1] - painted[0]) > FPS - 0.5

    _run(news())


def test_a_storm_is_drawn_at_no_more_than_the_rate_and_silence_costs_nothing() -> None:
    """Also after a pause: what was not drawn then is not caught up."""

    async def storm() -> None:
        painted: list[Part] = []
        frame = Frame(painted.append, FPS)
        for _ in range(2):
            for _ in range(1000):
                frame.mark(Part.BOOK)
                await asyncio.sleep(0.001)
            await asyncio.sleep(10)
        assert 2 * FPS <= len(painted) <= 2 * (FPS + 2)

    _run(storm())
