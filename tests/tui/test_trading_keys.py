"""The keys of trading that no story tells: sizes, tables, lists, and that none is left out."""

from mexchange.domain.order import Side
from mexchange.tui.keymap import BY_ID, TABLE
from mexchange.tui.screens.admin import AdminScreen
from mexchange.tui.trading.confirm import ConfirmScreen
from tests.tui.grid import text
from tests.tui.stage import Stage, wait_for
from tests.tui.test_other_screens import operator_options
from tests.tui.trading import app_of, asked, cleared, open_orders, placed, screen_of, told

IN_STORIES = {
    "order.buy", "order.sell", "order.type", "order.cancel", "order.cancel_all", "order.amend", "order.up",
    "order.down", "order.join_bid", "order.join_ask", "order.flatten", "order.reverse", "ladder.arm", "size.count",
    "back", "orders.amend", "orders.export", "portfolio.export", "portfolio.back", "admin.halt", "admin.open",
    "admin.freeze", "admin.search", "admin.balances", "admin.next_page", "admin.previous_page", "admin.reduce_only",
    "admin.close",
}  # fmt: skip
"""Pressed in test_order_paths, test_refused, test_ticket and test_other_screens."""
HERE = {
    "size.up", "size.down", "order.yank", "alert.set", "orders.up", "orders.down", "fills.up", "fills.down",
    "fills.export", "balances.up", "balances.down", "balances.export", "alerts.up", "alerts.down", "alerts.remove",
    "portfolio.again", "admin.cancel_only", "admin.approve", "admin.release", "admin.back",
}  # fmt: skip


def test_no_key_of_trading_is_without_a_test() -> None:
    ours = {
        key.id
        for key in TABLE
        if key.scope in ("orders", "fills", "balances", "alerts", "portfolio", "admin")
        or key.id.startswith(("order.", "size.", "alert."))
        or key.id in ("ladder.arm", "back")
    }
    assert ours == IN_STORIES | HERE


async def test_sizes_and_tables_follow_their_keys(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        app, screen = app_of(pilot), screen_of(pilot)

        async def press(name: str) -> None:
            await pilot.press(BY_ID[name].all_keys[0])
            await pilot.pause()

        assert screen.ticket.entry.size == "1"
        await press("size.up")
        assert screen.ticket.entry.size == "5"
        await press("size.down")
        await press("size.down")
        assert screen.ticket.entry.size == "0.5"
        await placed(pilot, "buy", "990.00", "0.1")
        await placed(pilot, "buy", "991.00", "0.1")
        saved: list[str] = []
        app.deliver_text = lambda file, **_: saved.append(file.read())  # type: ignore[method-assign]
        for number, name in ((4, "orders"), (6, "balances")):
            await pilot.press(str(number))
            panel = screen.desktop.panels[name].content
            await wait_for(pilot, lambda panel=panel: panel.has_focus_within and panel.table.row_count > 1)  # type: ignore[misc]
            await press(f"{name}.down")
            assert panel.table.cursor_row == 1  # type: ignore[attr-defined]
            await press(f"{name}.up")
            assert panel.table.cursor_row == 0  # type: ignore[attr-defined]
            await press(f"{name}.export")
        assert [file.split(",")[0] for file in saved] == ["side", "asset"]
        await pilot.press("4")
        await wait_for(pilot, lambda: screen.orders_panel.has_focus_within)
        await press("order.yank")
        await wait_for(pilot, lambda: "copied: mx order buy KCN/EUR 0.1 -p 991.00" in told(pilot))
        await pilot.press("7")
        await press("fills.down")
        await press("fills.up")
        await press("fills.export")
        assert saved[-1].startswith("time,side,price")

        await pilot.press("0", "j")
        await press("alert.set")
        await pilot.press("j")
        await press("alert.set")
        await pilot.press("8")
        await wait_for(pilot, lambda: len(app.dealer.alarm.alerts) == 2 and "<=" in text(pilot.app))
        await press("alerts.down")
        await press("alerts.up")
        await press("alerts.remove")
        await wait_for(pilot, lambda: len(app.dealer.alarm.alerts) == 1)
        await press("alerts.remove")
        await wait_for(pilot, lambda: not app.dealer.alarm.alerts)
        assert open_orders(pilot) == [(Side.BUY, 99_000, 100), (Side.BUY, 99_100, 100)]
        await cleared(pilot)
        await pilot.press("alt+2")
        await wait_for(pilot, lambda: "10,000.00" in text(pilot.app))
        await press("portfolio.again")
        await wait_for(pilot, lambda: "10,000.00" in text(pilot.app))


async def test_the_other_keys_of_operators_ask_first(stage: Stage) -> None:
    async with stage.app(options=operator_options(stage)) as pilot, stage.operator() as operator:
        await pilot.press("alt+3")
        await wait_for(pilot, lambda: "KCN/EUR" in text(pilot.app) and "no withdrawal waits" in text(pilot.app))
        await pilot.press(*BY_ID["admin.cancel_only"].all_keys)
        await asked(pilot)
        assert "cancel-only" in text(pilot.app)
        await pilot.press("n")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, AdminScreen))
        assert (await operator.ticker(1)).status == 1
        for name in ("admin.approve", "admin.release"):  # nothing waits: nothing is asked
            await pilot.press(*BY_ID[name].all_keys)
            await pilot.pause()
            assert not isinstance(pilot.app.screen, ConfirmScreen)
        await pilot.press(*BY_ID["admin.back"].all_keys)
        await wait_for(pilot, lambda: "Ladder" in text(pilot.app))
