"""Everything that draws, at any size and with the worst numbers: exact widths, cells of one, no crash."""

import random
from typing import Any

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.pilot import Pilot

from mexchange.codec.messages import Trade
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.order import Side
from mexchange.domain.units import PRICE_MAX, QUANTITY_MAX, Lots, Sequence, Ticks, TimeNs, TradeId
from mexchange.tui.glyphs import ASCII, UNICODE, Look
from mexchange.tui.widgets.chart import DENSITIES, Chart
from mexchange.tui.widgets.chart_data import ChartData, FillMark, Indicator, OrderMark
from mexchange.tui.widgets.depth import DepthChart
from mexchange.tui.widgets.drawn import Drawn
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.ladder_data import LadderData, LadderState, OwnAt
from mexchange.tui.widgets.line import Line
from mexchange.tui.widgets.shown import Shown
from mexchange.tui.widgets.tape import Tape
from tests.tui.pictures import KCN_EUR, NOW_NS, Easel, level

SIZES = 12
SHOWN = (KCN_EUR, Shown("NINE/DECIMALS", 1, 1, 9), Shown("LARGE/TICKS", 5 * 10**9, 1000, 0), Shown("", 10**6, 7, 4))


class World:
    """Numbers by chance: from one lot to the largest, from none to many."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def price(self) -> int:
        return self.chance.choice((1, 2, 99957, PRICE_MAX, self.chance.randint(1, PRICE_MAX)))

    def size(self) -> int:
        return self.chance.choice((1, QUANTITY_MAX, self.chance.randint(1, 10 ** self.chance.randint(1, 14))))

    def book(self) -> tuple[list[Any], list[Any]]:
        middle, step = self.price(), self.chance.choice((1, 7, 10**6))
        bids = [level(Side.BUY, middle - step * each, self.size()) for each in range(1, self.chance.choice((1, 3, 80)))]
        asks = [level(Side.SELL, middle + step * each, self.size()) for each in range(self.chance.choice((1, 4, 80)))]
        return [each for each in bids if each.price > 0], asks

    def candles(self) -> list[Candle]:
        count = self.chance.choice((0, 1, 2, 50))
        found, opened = [], Interval.M1.open_ns(NOW_NS)
        for index in range(count):
            prices = sorted(self.price() for _ in range(4))
            first, last = self.chance.choice(((1, 2), (2, 1), (1, 1), (0, 3)))
            found.append(
                Candle(
                    TimeNs(opened - (count - index) * Interval.M1.ns),
                    Ticks(prices[first]),
                    Ticks(prices[3]),
                    Ticks(prices[0]),
                    Ticks(prices[last]),
                    self.size() * 10**6,
                    self.size(),
                    self.chance.randint(0, 3),
                    TradeId(1),
                    TradeId(1),
                )
            )
        return found


def feed_ladder(ladder: Ladder, world: World, shown: Shown) -> None:
    chance = world.chance
    bids, asks = world.book()
    own: dict[tuple[Side, int], OwnAt] = {
        (Side(each.side), int(each.price)): OwnAt(world.size(), chance.choice((None, 0, world.size())))
        for each in [*bids[:2], *asks[1:3]]
    }
    data = LadderData(bids, asks, own, world.price(), chance.choice((None, Side.BUY, Side.SELL)))
    data.group_ticks, data.depth = chance.choice((1, 5, 1_000)), chance.choice((0, 10, 79))
    data.dom, data.state = chance.random() < 0.5, chance.choice(list(LadderState))
    data.age_ns = chance.randint(0, 10**12)
    ladder.show(data, shown)
    chance.choice((ladder.action_cursor_down, ladder.action_cursor_home, ladder.action_lock, ladder.action_recentre))()


def feed_tape(tape: Tape, world: World, shown: Shown) -> None:
    count = world.chance.choice((0, 1, 200))
    made = [
        Trade(
            TradeId(count - each),
            Sequence(1),
            TimeNs(NOW_NS),
            Ticks(world.price()),
            Lots(world.size()),
            world.chance.choice((1, 2)),
        )
        for each in range(count)
    ]
    tape.min_size = world.chance.choice((0, world.size()))
    tape.show(made, shown)
    world.chance.choice((tape.action_cursor_down, tape.action_cursor_end, tape.action_cursor_home))()


def feed_depth(depth: DepthChart, world: World, shown: Shown) -> None:
    bids, asks = world.book()
    depth.show(bids, asks, shown, depth=world.chance.choice((0, 3, 79)))
    depth.action_range(world.chance.choice((1, -1)))


def feed_chart(chart: Chart, world: World, shown: Shown) -> None:
    chance, candles = world.chance, world.candles()
    chart.density = chance.choice(DENSITIES)
    live = candles[-1] if candles and chance.random() < 0.7 else None
    data = ChartData(
        Interval.M1, candles[:-1] if live else candles, live, world.price(), chance.choice((None, Side.SELL))
    )
    data.countdown_ns = chance.choice((0, 10**9, 10**15))
    data.fills = [FillMark(candle.open_ns, Side.BUY, candle.low) for candle in candles[-3:]]
    data.orders = [OrderMark(each, Side.SELL, world.price()) for each in range(3)]
    data.alerts = [world.price()]
    data.indicators = frozenset(Indicator) if chance.random() < 0.6 else frozenset()
    chart.show(data, shown)
    chance.choice((chart.action_crosshair, chart.action_cursor_left, chart.action_cursor_up, chart.action_follow))()


FEEDS: dict[type[Drawn], Any] = {Ladder: feed_ladder, Tape: feed_tape, DepthChart: feed_depth, Chart: feed_chart}


@pytest.mark.parametrize("kind", list(FEEDS), ids=lambda kind: kind.__name__)
async def test_each_line_is_exactly_as_wide_as_the_widget(
    kind: type[Drawn], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "add", add_whole_numbers)
    world = World(seed)
    easel = Easel(kind())
    async with easel.run_test(size=(80, 24)) as pilot:
        widget = easel.widget
        assert isinstance(widget, Drawn)
        for size in [(1, 1), (2, 1), (1, 60), (300, 1), (300, 100), *_sizes(world)]:
            widget.look = Look(world.chance.choice((UNICODE, ASCII)), textured=world.chance.random() < 0.3)
            FEEDS[kind](widget, world, world.chance.choice(SHOWN))
            await pilot.resize_terminal(*size)
            FEEDS[kind](widget, world, world.chance.choice(SHOWN))
            await check(pilot, widget, size)


def add_whole_numbers(line: Line, text: str, style: Style, add: Any = Line.add) -> None:
    """As always, but a number that would lose its last digits at the edge is told of."""
    room = line.width - line.position
    assert not (text[room:] and text[room].isdigit() and text[room - 1 : room].isdigit()), (text, room)
    add(line, text, style)


def _sizes(world: World) -> list[tuple[int, int]]:
    return [(world.chance.randint(1, 130), world.chance.randint(1, 50)) for _ in range(SIZES)]


async def check(pilot: Pilot[None], widget: Drawn, size: tuple[int, int]) -> None:
    await pilot.pause()
    assert tuple(widget.size) == size
    for y in range(size[1]):
        text = widget.render_line(y).text
        assert len(text) == size[0], (size, y, text)
        assert all(cell_len(character) == 1 for character in set(text)), text
        assert text.isprintable()
