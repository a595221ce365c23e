"""The chart as the reader sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.events import MouseScrollUp
from textual.geometry import Region
from textual.pilot import Pilot

from mexchange.domain.candles import Interval, of_trade, with_trade
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Ticks, TimeNs, TradeId
from mexchange.tui.glyphs import ASCII, Look
from mexchange.tui.widgets.axis import countdown_text
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.chart_data import ChartData, FillMark, Indicator, OrderMark
from mexchange.tui.widgets.chart_picture import Picture
from tests.tui.pictures import KCN_EUR, Easel, candles

CANDLES = candles(200)
LAST = CANDLES[-1]


def data(**changes: Any) -> ChartData:
    made = ChartData(Interval.M1, CANDLES[:-1], LAST, LAST.close, Side.BUY, countdown_ns=23 * 10**9)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@asynccontextmanager
async def shown(made: ChartData, size: tuple[int, int] = (70, 24), density: int = 1) -> AsyncIterator[Pilot[None]]:
    easel = Easel(Chart())
    async with easel.run_test(size=size, message_hook=easel.remember) as pilot:
        chart(pilot).density = density
        chart(pilot).show(made, KCN_EUR)
        await pilot.pause()
        yield pilot


def chart(pilot: Pilot[None]) -> Chart:
    return pilot.app.query_one(Chart)


def picture_of(pilot: Pilot[None]) -> Picture:
    picture = chart(pilot).picture
    assert picture is not None
    return picture


def lines(pilot: Pilot[None]) -> list[str]:
    return [chart(pilot).render_line(y).text for y in range(chart(pilot).size.height)]


def posted(pilot: Pilot[None]) -> list[Any]:
    easel = pilot.app
    assert isinstance(easel, Easel)
    return easel.posted


def refreshed(pilot: Pilot[None]) -> list[Region]:
    """Regions that the chart has drawn again from now on; none stands for all of it."""
    regions: list[Region] = []
    refresh = chart(pilot).refresh

    def remember(*args: Region, **options: Any) -> Any:
        regions.extend(args or [chart(pilot).size.region])
        return refresh(*args, **options)

    chart(pilot).refresh = remember  # type: ignore[method-assign]
    return regions


async def test_axis_last_price_and_countdown() -> None:
    async with shown(data()) as pilot:
        found = lines(pilot)
        row = next(y for y, line in enumerate(found) if "◀" in line)
        assert found[row].endswith(KCN_EUR.price(LAST.close))
        assert found[row + 1].endswith("in 00:23")
        assert sum("┤" in line for line in found) >= 3
        assert "╵" in found[-1]
        assert chart(pilot).titles == ("KCN/EUR 1m", "1m 5m 15m 1h 4h 1d")


async def test_a_growing_candle_redraws_its_own_columns_and_labels() -> None:
    made = data()
    async with shown(made) as pilot:
        regions = refreshed(pilot)
        axis = picture_of(pilot).axis_width
        grown = with_trade(LAST, trade_id=TradeId(10**7), price=Ticks(LAST.close + 3), quantity=Lots(1))
        made.last_price = grown.close
        chart(pilot).live(grown)
        assert regions
        assert {region.width for region in regions} <= {1, axis}
        assert {region.x for region in regions} <= {70 - axis - 2, 70 - axis}, "the last column, the axis"
        del regions[:]
        chart(pilot).live(grown)
        assert not regions, "nothing has changed"
        made.countdown_ns -= 10**9
        chart(pilot).show(made, KCN_EUR)
        assert [(region.x, region.width, region.height) for region in regions] == [(70 - axis, axis, 1)]


async def test_what_a_redrawn_candle_shows_is_what_a_new_chart_shows() -> None:
    live = LAST
    async with shown(data(), density=4) as pilot:
        for index in range(30):
            step = -2 if index % 3 else 3
            live = with_trade(live, trade_id=TradeId(10**7 + index), price=Ticks(live.close + step), quantity=Lots(900))
            chart(pilot).live(live)
        scale, volume = picture_of(pilot).plot.scale, picture_of(pilot).plot.volume_max
        grown = [row[:-12] for row in lines(pilot)]
        chart(pilot).forget_arrangement()
        chart(pilot).show(data(live=live, last_price=LAST.close), KCN_EUR)
        plot = picture_of(pilot).plot
        if (plot.scale, plot.volume_max) == (scale, volume):
            assert [row[:-12] for row in lines(pilot)] == grown


async def test_missing_bars_are_dots_at_the_price_before() -> None:
    some = [CANDLES[0], CANDLES[-2]]
    async with shown(data(candles=[*CANDLES[-30:-20], *CANDLES[-8:-1]])) as pilot:
        assert sum(line.count("·") for line in lines(pilot)) >= 11
    async with shown(data(candles=some[:1], live=None)) as pilot:
        assert sum(line.count("·") for line in lines(pilot)) == 0


async def test_own_fills_orders_and_alerts_are_marked() -> None:
    some = CANDLES[-10]
    made = data(
        fills=[FillMark(some.open_ns, Side.BUY, some.low), FillMark(some.open_ns, Side.SELL, some.high)],
        orders=[OrderMark(7, Side.BUY, LAST.close - 40)],
        alerts=[LAST.close + 30],
    )
    async with shown(made) as pilot:
        found = lines(pilot)
        up, down = (next(y for y, line in enumerate(found) if glyph in line) for glyph in "▲▼")
        assert up > down
        assert found[up].index("▲") == found[down].index("▼")
        order = next(line for line in found if line.endswith(KCN_EUR.price(LAST.close - 40)))
        assert "◀" in order
        assert "◇" in next(line for line in found if line.endswith(KCN_EUR.price(LAST.close + 30)))


async def test_lines_are_drawn_where_there_are_no_candles() -> None:
    async with shown(data(indicators=frozenset(Indicator))) as pilot:
        assert sum("\u2800" < glyph < "\u2900" for line in lines(pilot) for glyph in line) > 20
        assert chart(pilot).titles[0] == "KCN/EUR 1m · EMA20 · VWAP"
        chart(pilot).action_indicators()
        await pilot.pause()
        assert posted(pilot)[-1].indicators == frozenset()


async def test_scrolling_asks_for_older_candles_once_and_comes_back() -> None:
    made = data(candles=CANDLES[-40:-1])
    async with shown(made) as pilot:
        await pilot.pause()
        assert [message.before_ns for message in posted(pilot)] == [CANDLES[-40].open_ns]
        chart(pilot).action_pan(-10)
        chart(pilot).action_cursor_left()
        assert not chart(pilot).follows
        assert chart(pilot).titles[0].endswith("scrolled")
        chart(pilot).action_follow()
        assert chart(pilot).follows
        await pilot.pause()
        assert len(posted(pilot)) == 1
        made.is_complete = True


async def test_a_scrolled_chart_stays_when_a_new_candle_begins() -> None:
    made = data()
    async with shown(made) as pilot:
        chart(pilot).action_pan(-30)
        before = [line[:55] for line in lines(pilot)]
        made.candles = CANDLES
        opened = TimeNs(LAST.open_ns + Interval.M1.ns)
        made.live = of_trade(Interval.M1, trade_id=TradeId(10**7), time_ns=opened, price=LAST.close, quantity=Lots(1))
        chart(pilot).show(made, KCN_EUR)
        assert [line[:55] for line in lines(pilot)] == before


async def test_the_crosshair_reads_the_candle_under_it() -> None:
    async with shown(data()) as pilot:
        chart(pilot).action_crosshair()
        assert f"O {KCN_EUR.price(LAST.open)}  H {KCN_EUR.price(LAST.high)}" in lines(pilot)[0]
        chart(pilot).action_cursor_left()
        chart(pilot).action_cursor_up()
        assert f"O {KCN_EUR.price(CANDLES[-2].open)}" in lines(pilot)[0]
        chart(pilot).action_mark()
        await pilot.pause()
        assert posted(pilot)[-1].price == chart(pilot).cross_price
        assert any(line.endswith(KCN_EUR.price(chart(pilot).cross_price or 0)) for line in lines(pilot))
        chart(pilot).action_crosshair()
        assert "H " not in lines(pilot)[0]


async def test_an_order_is_dragged_along_the_axis() -> None:
    made = data(orders=[OrderMark(7, Side.BUY, LAST.close - 40)])
    async with shown(made) as pilot:
        row = next(y for y, line in enumerate(lines(pilot)) if line.endswith(KCN_EUR.price(LAST.close - 40)))
        await pilot.mouse_down(Chart, (66, row))
        await pilot.hover(Chart, (66, row + 2))
        await pilot.mouse_up(Chart, (66, row + 2))
        (message,) = posted(pilot)
        plot = picture_of(pilot).plot
        assert (message.order_id, message.from_price) == (7, LAST.close - 40)
        assert message.to_price == plot.scale.price_at(row + 2)


async def test_zoom_goes_through_the_densities() -> None:
    async with shown(data()) as pilot:
        for _ in range(9):
            chart(pilot).action_zoom()
        assert chart(pilot).density == 8
        chart(pilot).action_zoom(-1)
        assert chart(pilot).density == 6
        await pilot._post_mouse_events([MouseScrollUp], Chart, (5, 5), control=True)
        assert chart(pilot).density == 8
        await pilot._post_mouse_events([MouseScrollUp], Chart, (5, 5))
        assert not chart(pilot).follows
        chart(pilot).action_interval(-1)
        await pilot.pause()
        assert posted(pilot)[-1].step == -1


async def test_without_candles_it_says_why() -> None:
    async with shown(ChartData(text="loading")) as pilot:
        assert "loading" in lines(pilot)[12]
        chart(pilot).action_crosshair()
        chart(pilot).action_pan(-3)
        chart(pilot).show(data(), KCN_EUR)
        assert "loading" not in "".join(lines(pilot))


async def test_ascii_charts_are_ascii_and_tell_rising_from_falling() -> None:
    async with shown(data(indicators=frozenset(Indicator)), density=4) as pilot:
        chart(pilot).look = Look(ASCII, motion=False, textured=True)
        chart(pilot).action_crosshair()
        text = "".join(lines(pilot))
        assert text.isascii()
        assert "OOO" in text
        assert "###" in text


def test_the_countdown_ends_at_zero() -> None:
    texts = [countdown_text(seconds * 10**9 - 1) for seconds in (1, 60, 3_600, 3_661, 90_000, 200_000)]
    assert texts == ["00:01", "01:00", "1:00:00", "1:01:01", "1d 01h", "2d 07h"]
