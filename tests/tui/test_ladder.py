"""The ladder as the reader sees it and the mouse meets it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.events import Click, MouseDown, MouseScrollUp, MouseUp
from textual.pilot import Pilot

from mexchange.domain.order import Side
from mexchange.tui.glyphs import ASCII, Look
from mexchange.tui.widgets.flashes import FLASH_NS
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.ladder_columns import Column
from mexchange.tui.widgets.ladder_data import LadderData, LadderState, OwnAt
from tests.tui.pictures import KCN_EUR, Easel, book, level

BIDS, ASKS = book()
OWN: dict[tuple[Side, int], OwnAt] = {
    (Side.SELL, ASKS[2].price): OwnAt(12_000),
    (Side.BUY, BIDS[1].price): OwnAt(5_000, 3_000),
}


class Clock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.now_ns = 10**15

    def __call__(self) -> int:
        return self.now_ns


@asynccontextmanager
async def shown(data: LadderData, size: tuple[int, int] = (44, 28), **options: Any) -> AsyncIterator[Pilot[None]]:
    easel = Easel(Ladder(**options))
    async with easel.run_test(size=size, message_hook=easel.remember) as pilot:
        ladder(pilot).show(data, KCN_EUR)
        await pilot.pause()
        yield pilot


def ladder(pilot: Pilot[None]) -> Ladder:
    return pilot.app.query_one(Ladder)


def lines(pilot: Pilot[None]) -> list[str]:
    return [ladder(pilot).render_line(y).text for y in range(ladder(pilot).size.height)]


def row_of(pilot: Pilot[None], text: str) -> int:
    return next(y for y, line in enumerate(lines(pilot)) if text in line)


def posted(pilot: Pilot[None], kind: type) -> list[Any]:
    easel = pilot.app
    assert isinstance(easel, Easel)
    return [message for message in easel.posted if isinstance(message, kind)]


def style_at(pilot: Pilot[None], y: int, text: str) -> Any:
    strip = ladder(pilot).render_line(y)
    return next(segment.style for segment in strip if text in segment.text)


async def test_asks_stand_above_the_middle_and_bids_below() -> None:
    data = LadderData([level(Side.BUY, 99957, 14_000)], [level(Side.SELL, 99980, 26_000)])
    async with shown(data, (42, 7)) as pilot:
        assert [" ".join(line.strip(" ╌█▍").split()[:4]) for line in lines(pilot)] == [
            "own size cum price",
            "",
            "",
            "26.000 26.000 999.80",
            "999.685 mid spread 0.23",
            "14.000 14.000 999.57",
            "",
        ]


async def test_own_orders_show_their_size_and_what_is_ahead() -> None:
    async with shown(LadderData(BIDS, ASKS, OWN)) as pilot:
        assert [line.split()[0] for line in lines(pilot) if "●" in line or "+" in line] == ["●12", "●5+3"]


async def test_what_is_ahead_is_rounded_up_where_digits_lack_room() -> None:
    own: dict[tuple[Side, int], OwnAt] = {
        (Side.BUY, BIDS[0].price): OwnAt(2_500, 32_674),
        (Side.BUY, BIDS[1].price): OwnAt(2_512, 9_932_674),
    }
    async with shown(LadderData(BIDS, ASKS, own), (36, 9)) as pilot:
        middle = row_of(pilot, "mid")
        assert [line.split()[0] for line in lines(pilot)[middle + 1 : middle + 3]] == ["●2.5+33", "●2.512"]


async def test_only_rows_that_changed_are_drawn_again() -> None:
    async with shown(LadderData(BIDS, ASKS), clock_ns=Clock()) as pilot:
        drawn: list[int] = []
        draw_line = ladder(pilot).draw_line
        ladder(pilot).draw_line = lambda y, width: drawn.append(y) or draw_line(y, width)  # type: ignore[method-assign,func-returns-value]
        bids = [BIDS[0], level(Side.BUY, BIDS[1].price, BIDS[1].quantity), *BIDS[2:]]
        ladder(pilot).show(LadderData(bids, ASKS), KCN_EUR)
        await pilot.pause()
        assert drawn == []
        bids[3] = level(Side.BUY, bids[3].price, bids[3].quantity + 1)
        ladder(pilot).show(LadderData(bids, ASKS), KCN_EUR)
        await pilot.pause()
        found = sorted(set(drawn))
        middle = row_of(pilot, "mid")
        assert found == list(range(middle + 4, 28)), "the sums below it change too"


async def test_a_changed_size_flashes_and_fades() -> None:
    clock = Clock()
    async with shown(LadderData(BIDS, ASKS), clock_ns=clock) as pilot:
        y = row_of(pilot, "999.57")
        assert not style_at(pilot, y, KCN_EUR.size(BIDS[0].quantity)).bold
        ladder(pilot).show(LadderData([level(Side.BUY, 99957, 31_000), *BIDS[1:]], ASKS), KCN_EUR)
        assert style_at(pilot, y, "31.000").bold
        clock.now_ns += FLASH_NS + 1
        ladder(pilot).show(LadderData([level(Side.BUY, 99957, 31_000), *BIDS[1:]], ASKS), KCN_EUR)
        assert not style_at(pilot, y, "31.000").bold


async def test_nothing_flashes_with_reduced_motion() -> None:
    async with shown(LadderData(BIDS, ASKS)) as pilot:
        ladder(pilot).look = Look(motion=False)
        ladder(pilot).show(LadderData([level(Side.BUY, 99957, 31_000), *BIDS[1:]], ASKS), KCN_EUR)
        assert not style_at(pilot, row_of(pilot, "31.000"), "31.000").bold


async def test_a_stale_book_says_so_and_loses_its_colours() -> None:
    data = LadderData(BIDS, ASKS)
    async with shown(data) as pilot:
        y = row_of(pilot, "999.57")
        bright = style_at(pilot, y, "999.57").color
        data.state, data.age_ns = LadderState.STALE, 4_200_000_000
        ladder(pilot).show(data, KCN_EUR)
        await pilot.pause()
        assert "╱ STALE 4.2 s ╱" in lines(pilot)[0]
        assert style_at(pilot, y, "999.57").color != bright
        data.state = LadderState.LIVE
        ladder(pilot).show(data, KCN_EUR)
        await pilot.pause()
        assert style_at(pilot, y, "999.57").color == bright


async def test_a_press_counts_for_the_price_that_was_painted() -> None:
    data = LadderData(BIDS, ASKS)
    async with shown(data) as pilot:
        y = row_of(pilot, KCN_EUR.price(ASKS[3].price))
        await pilot._post_mouse_events([MouseDown], Ladder, (22, y), button=1)
        data.asks = ASKS[1:]
        ladder(pilot).show(data, KCN_EUR)
        await pilot._post_mouse_events([MouseUp, Click], Ladder, (22, y), button=1)
        (message,) = posted(pilot, Ladder.PricePressed)
        assert (message.side, message.price, message.double) == (Side.SELL, ASKS[3].price, False)


async def test_two_presses_are_a_double_press_only_at_one_price() -> None:
    async with shown(LadderData(BIDS, ASKS)) as pilot:
        y = row_of(pilot, "999.57")
        await pilot.click(Ladder, (24, y), times=2)
        await pilot.click(Ladder, (24, y + 1), shift=True)
        messages = posted(pilot, Ladder.PricePressed)
        assert [(each.price, each.double, each.shift) for each in messages] == [
            (99957, False, False),
            (99957, True, False),
            (BIDS[1].price, False, True),
        ]
        assert messages[2].size_cum == BIDS[0].quantity + BIDS[1].quantity
        assert {each.column for each in messages} == {Column.PRICE}


async def test_own_cells_are_pressed_and_dragged() -> None:
    async with shown(LadderData(BIDS, ASKS, OWN)) as pilot:
        y = row_of(pilot, "5+3")
        await pilot.click(Ladder, (2, y))
        (pressed,) = posted(pilot, Ladder.OwnPressed)
        assert (pressed.side, pressed.prices) == (Side.BUY, (BIDS[1].price,))
        await pilot.mouse_down(Ladder, (2, y))
        await pilot.hover(Ladder, (2, y + 2))
        assert "●" in lines(pilot)[y + 2]
        await pilot.mouse_up(Ladder, (2, y + 2))
        (dragged,) = posted(pilot, Ladder.OwnDragged)
        assert (dragged.side, dragged.from_price, dragged.to_price) == (Side.BUY, BIDS[1].price, BIDS[3].price)
        assert not posted(pilot, Ladder.PricePressed)


async def test_own_orders_of_several_prices_in_a_row_are_pressed_together_and_not_dragged() -> None:
    own: dict[tuple[Side, int], OwnAt] = {(Side.BUY, 99955): OwnAt(2_000), (Side.BUY, 99952): OwnAt(1_000)}
    async with shown(LadderData(BIDS, ASKS, own, group_ticks=10)) as pilot:
        y = row_of(pilot, "●3")
        await pilot.mouse_down(Ladder, (2, y))
        await pilot.hover(Ladder, (2, y + 2))
        await pilot.mouse_up(Ladder, (2, y + 2))
        await pilot.click(Ladder, (2, y))
        assert not posted(pilot, Ladder.OwnDragged)
        assert [each.prices for each in posted(pilot, Ladder.OwnPressed)] == [(99955, 99952)]


async def test_the_wheel_scrolls_or_changes_the_size() -> None:
    async with shown(LadderData(BIDS, ASKS)) as pilot:
        middle = row_of(pilot, "mid")
        await pilot._post_mouse_events([MouseScrollUp], Ladder, (5, 5), button=0)
        assert row_of(pilot, "mid") == middle + 3
        assert ladder(pilot).locked
        ladder(pilot).action_recentre()
        ladder(pilot).action_lock()
        assert (row_of(pilot, "mid"), ladder(pilot).locked) == (middle, False)
        await pilot._post_mouse_events([MouseScrollUp], Ladder, (5, 5), button=0, control=True)
        assert [each.delta for each in posted(pilot, Ladder.SizeWheel)] == [1]
        assert row_of(pilot, "mid") == middle


async def test_the_right_button_asks_for_a_menu() -> None:
    async with shown(LadderData(BIDS, ASKS)) as pilot:
        y = row_of(pilot, "999.57")
        await pilot.click(Ladder, (24, y), button=3)
        assert [(each.price, each.x, each.y) for each in posted(pilot, Ladder.MenuWanted)] == [(99957, 24, y)]


async def test_the_cursor_walks_the_levels_and_beyond_the_screen() -> None:
    async with shown(LadderData(BIDS, ASKS), (44, 8)) as pilot:
        view = ladder(pilot)
        view.action_cursor_down()
        assert view.cursor == BIDS[0].price
        view.action_cursor_up()
        assert view.cursor == ASKS[0].price
        view.action_cursor_end()
        assert (view.cursor, "▶" in lines(pilot)[-1]) == (BIDS[-1].price, True)
        view.action_cursor_home()
        assert (view.cursor, "▶" in lines(pilot)[1]) == (ASKS[-1].price, True)
        view.action_cursor_page_down()
        assert view.cursor == ASKS[-1 - 6].price
        await pilot.pause()
        assert [each.price for each in posted(pilot, Ladder.CursorMoved)][:2] == [BIDS[0].price, ASKS[0].price]


async def test_a_dom_has_a_row_for_each_tick_and_keeps_the_middle_in_the_last_row() -> None:
    async with shown(LadderData(BIDS, ASKS, dom=True)) as pilot:
        prices = [line.split()[-1] for line in (each.strip(" █▏▎▍▌▋▊▉") for each in lines(pilot)[1:-1])]
        assert len(set(prices)) == 26
        assert "mid" in lines(pilot)[-1]
        ladder(pilot).action_cursor_down()
        ladder(pilot).action_cursor_down()
        assert ladder(pilot).cursor == 99968 - 2


async def test_the_next_grouping_is_asked_for() -> None:
    async with shown(LadderData(BIDS, ASKS, group_ticks=5)) as pilot:
        ladder(pilot).action_group()
        ladder(pilot).action_group(-1)
        await pilot.pause()
        assert [each.group_ticks for each in posted(pilot, Ladder.GroupWanted)] == [10, 2]


async def test_an_empty_book_and_one_side() -> None:
    data = LadderData()
    async with shown(data) as pilot:
        assert "no orders" in "".join(lines(pilot))
        ladder(pilot).action_cursor_up()
        ladder(pilot).action_lock()
        data.asks = ASKS
        ladder(pilot).show(data, KCN_EUR)
        assert "no bids" in "".join(lines(pilot))
        assert "999.80" in "".join(lines(pilot))


async def test_ascii_ladders_are_ascii() -> None:
    async with shown(LadderData(BIDS, ASKS, OWN, last_price=99957, last_side=Side.BUY, state=LadderState.GAP)) as pilot:
        ladder(pilot).look = Look(ASCII)
        ladder(pilot).action_cursor_down()
        assert "".join(lines(pilot)).isascii()
        assert [line.split()[0] for line in lines(pilot) if "*" in line] == ["*12", "*5+3"]
