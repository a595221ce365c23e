"""Every way to an order ends at the trader: what is sent, what is asked before, what is told."""

from textual.pilot import Pilot

from mexchange.codec.messages import OrderState
from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.ladder_columns import Column
from tests.tui.grid import text
from tests.tui.stage import BEST_ASK, BEST_BID, Stage, wait_for
from tests.tui.trading import app_of, asked, cleared, open_orders, placed, screen_of, told, typed


async def test_a_small_order_goes_out_with_one_enter_and_a_large_one_with_two(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        await typed(pilot, "buy", "999.00", "0.5")
        await pilot.press("enter")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.BUY, 99_900, 500)])
        await wait_for(pilot, lambda: "BUY ▲" in text(pilot.app) and "999.00" in text(pilot.app))
        (order,) = app_of(pilot).dealer.orders.open.values()
        assert (order.order_type, order.time_in_force, order.flags) == (OrderType.LIMIT, TimeInForce.GTC, OrderFlag(0))
        await cleared(pilot)

        await typed(pilot, "buy", "999.00", "5")
        await pilot.press("enter")
        await asked(pilot)
        shown = text(pilot.app)
        for words in ("BUY 5 KCN @ 999.00 limit GTC", "4,995.00 EUR", "4.995 KCN", "5,005.00 EUR", "worth more than"):
            assert words in shown
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, TradeScreen))
        assert open_orders(pilot) == []
        await pilot.press("enter")
        await asked(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.BUY, 99_900, 5_000)])
        await cleared(pilot)


async def test_market_orders_fill_and_are_told(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        await typed(pilot, "buy", "", "0.5")
        await pilot.press("m")
        await wait_for(pilot, lambda: "Market" in text(pilot.app))
        await pilot.press("enter")
        await wait_for(pilot, lambda: "Bought 0.5 KCN @ 999.80" in told(pilot))
        fill = app_of(pilot).dealer.fills.newest_first()[0]
        assert (fill.price, fill.quantity, fill.is_maker) == (BEST_ASK, 500, False)
        await pilot.press("s", "home", "ctrl+k", *"0.25", "enter")
        await wait_for(pilot, lambda: "Sold 0.25 KCN @ 999.57" in told(pilot))
        await pilot.press("escape", "escape", "7")
        await wait_for(pilot, lambda: "taker" in text(pilot.app))
        await pilot.press("6")
        await wait_for(pilot, lambda: "9,749.74" in text(pilot.app))


async def test_amend_in_place_nudge_and_cancel(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        await placed(pilot, "sell", "1001.00", "0.5")
        await pilot.press("4")
        await wait_for(pilot, lambda: screen_of(pilot).orders_panel.chosen_order is not None)
        await pilot.press("enter")
        await pilot.press("home", "ctrl+k", *"1001.05", "tab", "home", "ctrl+k", *"0.7", "enter")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.SELL, 100_105, 700)])
        await pilot.press("ctrl+up", "ctrl+up", "ctrl+up")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.SELL, 100_108, 700)])
        await pilot.press("ctrl+down")
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.SELL, 100_107, 700)])
        await pilot.press("a")
        await pilot.press("home", "ctrl+k", *"1001.005", "enter")
        await wait_for(pilot, lambda: "1001.00 and 1001.01" in text(pilot.app))
        await pilot.press("escape", "c")
        await wait_for(pilot, lambda: open_orders(pilot) == [])
        (order,) = [each for each in app_of(pilot).dealer.orders.finished.values() if each.price == 100_107]
        assert order.state is OrderState.CANCELLED


async def press_price(pilot: Pilot[int], price: int, *, double: bool = False, shift: bool = False) -> None:
    """What the ladder says when a row is pressed; that it says so is tested beside it."""
    side = Side.BUY if price <= BEST_BID else Side.SELL
    event = Ladder.PricePressed(side, price, 9_000, Column.PRICE, double=double, shift=shift, ctrl=False)
    screen_of(pilot).ladder.post_message(event)
    await pilot.pause()


async def test_a_click_fills_the_ticket_and_is_an_order_once_armed(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        screen = screen_of(pilot)
        await press_price(pilot, 99_900)
        assert (screen.ticket.entry.price, screen.ticket.entry.side) == ("999.00", Side.BUY)
        assert open_orders(pilot) == []

        await pilot.press("B")
        await wait_for(pilot, lambda: "d arms it" in told(pilot))
        await pilot.press("n", "0", "full_stop", "2", "d")
        await wait_for(pilot, lambda: "DOM ARMED" in text(pilot.app))
        assert screen.ticket.entry.size == "0.2"
        await press_price(pilot, 99_890)
        await press_price(pilot, 99_890, double=True)
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.BUY, 99_890, 200)])
        await pilot.press("S")
        await wait_for(pilot, lambda: (Side.SELL, BEST_ASK, 200) in open_orders(pilot))

        await pilot.press("escape")
        await wait_for(pilot, lambda: "DOM disarmed: escape" in told(pilot))
        await press_price(pilot, 99_880)
        await press_price(pilot, 99_880, double=True)
        await wait_for(pilot, lambda: (Side.BUY, 99_880, 200) in open_orders(pilot))
        assert len(open_orders(pilot)) == 3

        screen.ladder.post_message(Ladder.OwnDragged(Side.BUY, 99_880, 99_870))
        await wait_for(pilot, lambda: (Side.BUY, 99_870, 200) in open_orders(pilot))
        order_id = next(key for key, order in app_of(pilot).dealer.orders.open.items() if order.price == 99_870)
        screen.ladder.post_message(Chart.OrderDragged(order_id, 99_870, 99_860))
        await wait_for(pilot, lambda: (Side.BUY, 99_860, 200) in open_orders(pilot))
        screen.ladder.post_message(Ladder.OwnPressed(Side.BUY, (99_860,)))
        await wait_for(pilot, lambda: (Side.BUY, 99_860, 200) not in open_orders(pilot))
        await cleared(pilot)


async def test_cancel_all_says_its_scope_and_asks_about_every_market(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        client = app_of(pilot).shell.client
        assert client is not None
        await placed(pilot, "buy", "999.00", "0.5")
        other = (await client.markets()).by_symbol("BTC/EUR")
        await client.place(other.market, Side.BUY, other.quantity_min * 10, other.reference_price - 100)
        await wait_for(pilot, lambda: len(open_orders(pilot)) == 2)
        await pilot.press("X")
        await wait_for(pilot, lambda: "cancelled 1 order: KCN/EUR" in told(pilot))
        await pilot.press("X")
        await asked(pilot)
        assert "Cancel 1 order: ALL MARKETS?" in text(pilot.app)
        assert "BTC/EUR" in text(pilot.app)
        await pilot.press("enter")  # the question is grave: enter alone is no
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, TradeScreen))
        assert len(open_orders(pilot)) == 1
        app_of(pilot).dealer.trader._cancelled_all_ns = None
        await pilot.press("X", "X")
        await asked(pilot)
        await pilot.press("y")
        await wait_for(pilot, lambda: "cancelled 1 order: ALL MARKETS" in told(pilot))
        assert open_orders(pilot) == []


async def test_flatten_takes_back_orders_and_sells_the_base(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        dealer = app_of(pilot).dealer
        await placed(pilot, "sell", "1010.00", "0.5")
        await pilot.press("f")
        await asked(pilot)
        shown = text(pilot.app)
        assert "Flatten KCN/EUR?" in shown
        assert "1 order in KCN/EUR" in shown
        assert "no short position" in shown
        await pilot.press("y")
        base = dealer.shell.desk.market.base if dealer.shell.desk is not None else 0
        await wait_for(pilot, lambda: dealer.balances.balances[base].available < dealer.sight_of(0).market.lot_size)
        assert open_orders(pilot) == []
        assert dealer.balances.balances[base].held == 0
        await pilot.press("f")
        await wait_for(pilot, lambda: "it is flat" in told(pilot))
        await pilot.press("r")
        await wait_for(pilot, lambda: "spot market" in told(pilot))
