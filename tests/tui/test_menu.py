"""The menu by the right button and by its key: of a price, of an own order, of a row, of any panel."""

from textual.pilot import Pilot

from mexchange.tui.keymap import BY_ID
from mexchange.tui.screens.context_menu import ContextMenu
from mexchange.tui.screens.trade import TradeScreen
from tests.tui.grid import grid, text
from tests.tui.stage import Stage, app_of, wait_for
from tests.tui.trading import cleared, open_orders, placed, screen_of, told


async def test_the_menu_of_a_price_and_of_the_orders_there(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot:
        await cleared(pilot)
        await placed(pilot, "buy", "999.45", "0.1")
        await _right_click(pilot, "999.50")
        assert _lines(pilot)[:4] == ["Buy at 999.50 …", "Sell at 999.50 …", "Alert at 999.50", "Arm the ladder"]
        await pilot.press("s")
        await wait_for(pilot, lambda: screen_of(pilot).ticket.has_focus_within)
        assert (screen_of(pilot).ticket.entry.side.name, screen_of(pilot).ticket.entry.price) == ("SELL", "999.50")
        await pilot.press("escape", "escape")
        await _right_click(pilot, "999.50")
        await pilot.press("down", "down", "enter")
        await wait_for(pilot, lambda: "alert set: KCN/EUR <= 999.50" in told(pilot))
        await _right_click(pilot, "999.45")
        assert "Cancel buy 0.100 @ 999.45" in _lines(pilot)
        await pilot.press(BY_ID["order.cancel"].all_keys[0])
        await wait_for(pilot, lambda: open_orders(pilot) == [])
        await _right_click(pilot, "999.50")
        assert "Take back the alert at 999.50" in _lines(pilot)
        await pilot.press("A")
        await wait_for(pilot, lambda: app_of(pilot).dealer.alarm.alerts == [])


async def test_the_menu_of_a_row_and_its_key(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot:
        await cleared(pilot)
        await placed(pilot, "buy", "999.45", "0.1")
        await placed(pilot, "buy", "999.42", "0.1")
        await pilot.press("4")
        table = screen_of(pilot).orders_panel.table
        await wait_for(pilot, lambda: table.row_count == 2 and table.has_focus)
        await pilot.click(table, offset=(20, 2), button=3)
        await _open(pilot)
        assert "Cancel buy 0.100 @ 999.45" in _lines(pilot)
        assert "Save the table as a CSV file" in _lines(pilot)
        await pilot.press("escape")
        await _closed(pilot)
        await pilot.press(BY_ID["menu.open"].all_keys[0])
        await _open(pilot)
        await pilot.press("ctrl+up")
        await wait_for(pilot, lambda: sorted(price for _, price, _ in open_orders(pilot)) == [99_942, 99_946])
        for number, words in (("2", "Only trades of"), ("6", "CSV"), ("1", "Crosshair")):
            await pilot.press(number, "M")
            await _open(pilot)
            assert words in text(pilot.app)
            await pilot.click(offset=(0, 0))
            await _closed(pilot)
        await cleared(pilot)


async def test_a_click_on_an_interval_in_the_heading_shows_it(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot:
        desk = app_of(pilot).shell.desk
        assert desk is not None
        region = screen_of(pilot).desktop.panels["chart"].region
        heading = grid(pilot.app)[region.y]
        for text in ("15m", "1m"):
            await pilot.click(offset=(heading.rindex(f" {text} ") + 1, region.y))
            await wait_for(pilot, lambda text=text: desk.interval.text == text)  # type: ignore[misc]


async def _right_click(pilot: Pilot[int], price: str) -> None:
    """On the ladder's row of this price."""
    ladder = screen_of(pilot).ladder
    await wait_for(pilot, lambda: _row(pilot, price) >= 0)
    await pilot.click(ladder, offset=(20, _row(pilot, price) - ladder.region.y), button=3)
    await _open(pilot)


def _row(pilot: Pilot[int], price: str) -> int:
    region = screen_of(pilot).ladder.region
    rows = [y for y, line in enumerate(grid(pilot.app)) if f" {price}" in line[region.x : region.right]]
    return next((y for y in rows if region.y <= y < region.bottom), -1)


async def _open(pilot: Pilot[int]) -> None:
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, ContextMenu) and pilot.app.screen.query("OptionList"))
    await pilot.pause()


async def _closed(pilot: Pilot[int]) -> None:
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, TradeScreen))


def _lines(pilot: Pilot[int]) -> list[str]:
    """The titles."""
    screen = pilot.app.screen
    assert isinstance(screen, ContextMenu)
    return [entry.title for entry in screen.entries]
