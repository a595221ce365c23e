"""Every way to an order ends at the trader: what is sent, what is shown meanwhile, what is told."""

from textual.pilot import Pilot

from mexchange.client.api import Client
from mexchange.codec.messages import OrderState
from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.tui.app import MxApp
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.trading.confirm import ConfirmScreen
from tests.tui.grid import text
from tests.tui.stage import BEST_ASK, BEST_BID, Stage, wait_for


def app_of(pilot: Pilot[int]) -> MxApp:
    assert isinstance(pilot.app, MxApp)
    return pilot.app


def screen_of(pilot: Pilot[int]) -> TradeScreen:
    screen = pilot.app.screen
    assert isinstance(screen, TradeScreen)
    return screen


def told(pilot: Pilot[int]) -> list[str]:
    return [line.notice.whole for line in app_of(pilot).shell.notices.lines]


def open_orders(pilot: Pilot[int]) -> list[tuple[Side, int, int]]:
    orders = app_of(pilot).dealer.orders.open.values()
    return sorted((order.side, order.price, order.quantity) for order in orders)


async def typed(pilot: Pilot[int], side: str, price: str, size: str) -> None:
    """Fill the ticket as a person does, from an empty one."""
    await pilot.press("b" if side == "buy" else "s")
    ticket = screen_of(pilot).ticket
    await wait_for(pilot, lambda: ticket.has_focus_within)
    ticket.focus_field("price")
    await pilot.press("home", "ctrl+k", *price)
    ticket.focus_field("size")
    await pilot.press("home", "ctrl+k", *size)


async def cleared(pilot: Pilot[int]) -> None:
    client = app_of(pilot).shell.client
    assert isinstance(client, Client)
    await client.mass_cancel()
    await wait_for(pilot, lambda: not open_orders(pilot))


async def test_a_small_order_goes_out_with_one_enter(stage: Stage) -> None:
    async with stage.app() as pilot:
        await typed(pilot, "buy", "999.00", "0.5")
        await pilot.press("enter")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.BUY, 99_900, 500)])
        await wait_for(pilot, lambda: "BUY ▲" in text(pilot.app) and "999.00" in text(pilot.app))
        (order,) = app_of(pilot).dealer.orders.open.values()
        assert (order.order_type, order.time_in_force, order.flags) == (OrderType.LIMIT, TimeInForce.GTC, OrderFlag(0))
        await cleared(pilot)


async def test_a_large_order_is_reviewed_and_sent_by_the_second_enter(stage: Stage) -> None:
    async with stage.app() as pilot:
        await typed(pilot, "buy", "999.00", "5")
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        shown = text(pilot.app)
        for words in ("BUY 5 KCN @ 999.00 limit GTC", "4,995.00 EUR", "4.995 KCN", "5,005.00 EUR", "worth more than"):
            assert words in shown
        assert open_orders(pilot) == []
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, TradeScreen))
        assert open_orders(pilot) == []
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await pilot.press("enter")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.BUY, 99_900, 5_000)])
        await cleared(pilot)


async def test_a_market_order_fills_and_is_told(stage: Stage) -> None:
    async with stage.app() as pilot:
        await typed(pilot, "buy", "", "0.5")
        await pilot.press("m")
        assert "Market" in text(pilot.app)
        await pilot.press("enter")
        await wait_for(pilot, lambda: any("Bought 0.5 KCN" in line for line in told(pilot)))
        fill = app_of(pilot).dealer.fills.newest_first()[0]
        assert (fill.price, fill.quantity, fill.is_maker) == (BEST_ASK, 500, False)
        await pilot.press("s", "home", "ctrl+k", *"0.5", "enter")
        await wait_for(pilot, lambda: any("Sold 0.5 KCN" in line for line in told(pilot)))
        assert app_of(pilot).dealer.fills.newest_first()[0].price == BEST_BID


async def test_amend_in_place_nudge_and_cancel(stage: Stage) -> None:
    async with stage.app() as pilot:
        await typed(pilot, "sell", "1001.00", "0.5")
        await pilot.press("enter")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.SELL, 100_100, 500)])
        await pilot.press("escape", "escape", "4")
        await wait_for(pilot, lambda: screen_of(pilot).orders_panel.chosen_order is not None)
        await pilot.press("enter")
        await pilot.press("home", "ctrl+k", *"1001.05", "tab", "home", "ctrl+k", *"0.7", "enter")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.SELL, 100_105, 700)])
        await pilot.press("ctrl+up", "ctrl+up", "ctrl+up")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.SELL, 100_108, 700)])
        await pilot.press("ctrl+down")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.SELL, 100_107, 700)])
        await pilot.press("c")
        await wait_for(pilot, lambda: open_orders(pilot) == [])
        (order,) = [each for each in app_of(pilot).dealer.orders.finished.values() if each.price == 100_107]
        assert order.state is OrderState.CANCELLED
