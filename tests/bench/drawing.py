"""What it costs to draw the market: one refresh, a full screen at 20 frames a second, and the memory of an hour.

The screen is 200x60 with ladder, chart, tape and depth, all written out as a real terminal would get it. The market is
plain data that changes as 1,000 events a second would change it; nothing here waits for a network.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical

from mexchange.domain.candles import with_trade
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Sequence, Ticks, TimeNs, TradeId
from mexchange.tui.colours import VARIABLES
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.chart_data import ChartData, Indicator
from mexchange.tui.widgets.depth import DepthChart
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.ladder_data import LadderData
from mexchange.tui.widgets.tape import Tape
from tests.bench.terminal import WAIT_S, CountingTerminal, settled
from tests.tui.pictures import KCN_EUR, NOW_NS, book, candles, level, trades

LADDER_MS: Final = 6
SCREEN_SHARE: Final = 0.40
GROWTH_KIB: Final = 1_024
FPS: Final = 20
EVENTS_PER_FRAME: Final = 50
SCREEN_SECONDS: Final = 10
HOUR_FRAMES: Final = 3_600 * FPS
ROUNDS: Final = 100


class Wall(App[None]):
    """The four widgets as a trader's screen has them."""

    CSS = """
    Ladder { width: 46; } Chart { width: 1fr; } #right { width: 34; } DepthChart { height: 16; } Tape { height: 1fr; }
    .narrow { Ladder { width: 1fr; } Chart, #right { display: none; } }
    """

    def __init__(self) -> None:
        super().__init__(driver_class=CountingTerminal)
        self.ladder, self.chart, self.tape, self.depth = Ladder(), Chart(), Tape(), DepthChart()
        self.market = Market()
        self.mounted = asyncio.Event()

    def on_mount(self) -> None:
        """It can be measured now."""
        self.mounted.set()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return VARIABLES

    def compose(self) -> ComposeResult:
        with Horizontal(classes="narrow" if self.size.width < 100 else ""):
            yield self.ladder
            yield self.chart
            with Vertical(id="right"):
                yield self.depth
                yield self.tape

    def show(self) -> None:
        """One frame."""
        market = self.market
        self.ladder.show(market.ladder, KCN_EUR)
        self.tape.show(market.trades, KCN_EUR)
        self.depth.show(market.ladder.bids, market.ladder.asks, KCN_EUR)
        self.chart.show(market.chart, KCN_EUR)


class Market:
    """Levels, trades and a growing candle that move by chance."""

    def __init__(self) -> None:
        self._chance = random.Random(1)
        bids, asks = book(200)
        self._sides = {Side.BUY: list(bids), Side.SELL: list(asks)}
        self.ladder = LadderData(bids, asks, last_price=99957, last_side=Side.BUY)
        self.trades = trades(200)
        history = candles(400)
        last = history[-1].close
        self.chart = ChartData(
            candles=history[:-1], live=history[-1], last_price=last, indicators=frozenset({Indicator.EMA})
        )
        self._trade_id = 10**6

    def move(self, events: int) -> None:
        """So many events: four of five change a level, one is a trade."""
        chance = self._chance
        for _ in range(events):
            if chance.random() < 0.8:
                side = chance.choice((Side.BUY, Side.SELL))
                levels = self._sides[side]
                index = min(int(chance.expovariate(0.08)), len(levels) - 1)
                levels[index] = level(side, levels[index].price, chance.randint(1, 90) * 1000)
            else:
                self._trade()
        self.ladder.bids, self.ladder.asks = list(self._sides[Side.BUY]), list(self._sides[Side.SELL])

    def _trade(self) -> None:
        chance, live = self._chance, self.chart.live
        assert live is not None
        self._trade_id += 1
        price, size = Ticks(live.close + chance.randint(-2, 2)), Lots(chance.randint(1, 40) * 1000)
        side = chance.choice((Side.BUY, Side.SELL))
        trade_id = TradeId(self._trade_id)
        made = type(self.trades[0])(trade_id, Sequence(self._trade_id), TimeNs(NOW_NS), price, size, side)
        self.trades = [made, *self.trades[:199]]
        self.chart.live = with_trade(live, trade_id=trade_id, price=price, quantity=size)
        self.chart.last_price, self.chart.last_side = price, side

    def every_level(self) -> None:
        """All sizes change."""
        for side, levels in self._sides.items():
            self._sides[side] = [level(side, each.price, each.quantity % 90_000 + 1_000) for each in levels]
        self.ladder.bids, self.ladder.asks = self._sides[Side.BUY], self._sides[Side.SELL]

    def roll(self) -> None:
        """The growing candle is done; the next one begins where it ended."""
        live = self.chart.live
        assert live is not None
        self._trade_id += 1
        self.chart.candles = [*self.chart.candles[-399:], live]
        interval = self.chart.interval
        begin = TimeNs(live.open_ns + interval.ns)
        price = Ticks(max(90_000, min(110_000, live.close)))
        self.chart.live = type(live)(
            begin, price, price, price, price, 1_000, price * 1_000, 1, TradeId(self._trade_id), TradeId(self._trade_id)
        )


def measure() -> list[dict[str, Any]]:
    """CPU ms of a refresh, share of a core, KiB that an hour leaves behind."""
    return asyncio.run(_measure())


async def _measure() -> list[dict[str, Any]]:
    rows = [await _on_stage((48, 44), _ladder_refresh)]
    rows += await _on_stage((200, 60), _screen)
    rows += await _on_stage((120, 30), _memory)
    return rows


async def _on_stage(size: tuple[int, int], part: Callable[[Wall, CountingTerminal], Any]) -> Any:
    app = Wall()
    task = asyncio.create_task(app.run_async(size=size))
    try:
        await asyncio.wait_for(app.mounted.wait(), WAIT_S)
        with app._context():
            await settled(app)
            app.show()
            return await part(app, await settled(app))
    finally:
        app.exit()
        await task


async def _ladder_refresh(app: Wall, terminal: CountingTerminal) -> dict[str, Any]:
    """All 40 rows change at once, and change back in colour 300 ms later, unless a refresh comes before."""
    samples = []
    for _ in range(ROUNDS):
        app.market.every_level()
        before_ns = time.process_time_ns()
        await terminal.painted(lambda: app.ladder.show(app.market.ladder, KCN_EUR), "")
        samples.append((time.process_time_ns() - before_ns) / 1e6)
    return _row("ladder_refresh_40_rows_cpu_p50", statistics.median(samples), "ms", LADDER_MS)


async def _screen(app: Wall, terminal: CountingTerminal) -> list[dict[str, Any]]:
    """20 frames a second under 1,000 events a second."""
    bytes_before, cpu_before, start = terminal.bytes, time.process_time(), time.perf_counter()
    frames = SCREEN_SECONDS * FPS
    for frame in range(frames):
        app.market.move(EVENTS_PER_FRAME)
        app.show()
        await asyncio.sleep(max(0.0, start + (frame + 1) / FPS - time.perf_counter()))
    seconds = time.perf_counter() - start
    return [
        _row("widgets_200x60_20fps_core_share", (time.process_time() - cpu_before) / seconds, "core", SCREEN_SHARE),
        _row("widgets_200x60_20fps_output", (terminal.bytes - bytes_before) / seconds / 1024, "KiB/s", None),
        _row("widgets_200x60_20fps_frames", frames / seconds, "fps", None),
    ]


async def _memory(app: Wall, terminal: CountingTerminal) -> list[dict[str, Any]]:
    """What the frames of an hour leave behind, after those of five minutes have filled the caches."""
    before, writes = 0, terminal.writes
    for frame in range(HOUR_FRAMES):
        app.market.move(5)
        if frame % (60 * FPS) == 0:
            app.market.roll()
        app.show()
        await asyncio.sleep(0)
        if frame % 50 == 0:
            await asyncio.sleep(0.02)
        if frame == HOUR_FRAMES // 12:
            before = _resident_kib()
    return [
        _row("widgets_memory_growth_of_an_hour", _resident_kib() - before, "KiB", GROWTH_KIB),
        _row("widgets_paints_of_that_hour", terminal.writes - writes, "paints", None),
    ]


def _resident_kib() -> int:
    if sys.platform != "linux":
        return 0
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4


def _row(name: str, value: float, unit: str, baseline: float | None) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "ratio": value / baseline if baseline else None,
    }
