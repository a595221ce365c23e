"""What must not be sent is not: by no path, in no state. The daemon's own word is what counts."""

import asyncio

import msgspec
from textual import events
from textual.pilot import Pilot

from mexchange.domain.market import MarketStatus
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.trading import rows
from mexchange.tui.trading.arming import Cause
from mexchange.tui.trading.cancelling import CancelScope
from mexchange.tui.trading.draft import OrderDraft
from mexchange.tui.widgets.chart import Chart
from mexchange.tui.widgets.ladder import Ladder
from mexchange.tui.widgets.ladder_columns import Column
from tests.tui.grid import text
from tests.tui.stage import KCN_EUR, Stage, wait_for
from tests.tui.trading import app_of, asked, cleared, open_orders, placed, screen_of, told, truth, typed

FAR = 110_000
"""A buy there is ten per cent on the losing side."""


async def by_ticket(pilot: Pilot[int]) -> None:
    await typed(pilot, "buy", "1100.00", "0.2")
    await pilot.press("enter")


async def by_armed_click(pilot: Pilot[int]) -> None:
    await pilot.press("n", *"0.2")
    if not app_of(pilot).dealer.arming.is_armed:
        await pilot.press("d")
    event = Ladder.PricePressed(Side.BUY, FAR, 1, Column.PRICE, double=False, shift=False, ctrl=False)
    screen_of(pilot).ladder.post_message(event)


async def by_double_click(pilot: Pilot[int]) -> None:
    app_of(pilot).dealer.arming.disarm(Cause.HAND)
    await pilot.press("n", *"0.2")
    event = Ladder.PricePressed(Side.SELL, FAR, 1, Column.PRICE, double=True, shift=True, ctrl=False)
    screen_of(pilot).ladder.post_message(event)


async def by_ladder_drag(pilot: Pilot[int]) -> None:
    screen_of(pilot).ladder.post_message(Ladder.OwnDragged(Side.BUY, 99_000, FAR))


async def by_chart_drag(pilot: Pilot[int]) -> None:
    (order_id,) = app_of(pilot).dealer.orders.open
    screen_of(pilot).ladder.post_message(Chart.OrderDragged(order_id, 99_000, FAR))


async def by_amend(pilot: Pilot[int]) -> None:
    await pilot.press("4", "a")
    await pilot.press("home", "ctrl+k", *"1100.00", "enter")


WAYS = (by_ticket, by_armed_click, by_double_click, by_ladder_drag, by_chart_drag, by_amend)


async def test_no_way_goes_past_the_guard_even_when_nothing_is_asked(stage: Stage) -> None:
    async with stage.app() as pilot:
        app = app_of(pilot)
        await cleared(pilot)
        await placed(pilot, "buy", "990.00", "0.2")
        app.shell.settings.confirm, app.shell.settings.understood = "never", True
        for number, way in enumerate(WAYS, 1):
            await way(pilot)
            await wait_for(pilot, lambda number=number: told(pilot).count("E_PRICE_BAND") >= number)  # type: ignore[misc]
            await pilot.press("escape", "escape")
        assert open_orders(pilot) == [(Side.BUY, 99_000, 200)]
        assert await truth(stage, pilot) == [(Side.BUY, 99_000, 200)]
        await cleared(pilot)


async def test_the_users_own_notional_limit_holds_for_flatten_too(stage: Stage) -> None:
    options = stage.options(settings=stage.settings(max_notional="50"))
    async with stage.app(options=options) as pilot:
        await cleared(pilot)
        await typed(pilot, "buy", "999.00", "0.5")
        await pilot.press("enter")
        await wait_for(pilot, lambda: "E_MAX_NOTIONAL" in told(pilot))
        assert "your own limit is 50" in text(pilot.app)
        await pilot.press("escape", "escape", "f")
        await wait_for(pilot, lambda: told(pilot).count("E_MAX_NOTIONAL") == 2)
        assert await truth(stage, pilot) == []


async def test_read_only_sends_nothing_not_even_a_cancel(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        await placed(pilot, "buy", "990.00", "0.2")
        before = await truth(stage, pilot)
        app = app_of(pilot)
        app.shell.options = msgspec.structs.replace(app.shell.options, read_only=True)
        await typed(pilot, "buy", "999.00", "0.3")
        assert "read-only" in text(pilot.app)
        await pilot.press("enter", "escape", "escape", "d", "X", "f", "4", "c", "ctrl+up")
        await wait_for(pilot, lambda: told(pilot).count("read-only") >= 6)
        assert not app.dealer.arming.is_armed
        assert await truth(stage, pilot) == before
        app.shell.options = msgspec.structs.replace(app.shell.options, read_only=False)
        await cleared(pilot)


async def test_halted_takes_no_order_and_takes_cancels(stage: Stage) -> None:
    async with stage.app() as pilot, stage.operator() as operator:
        await cleared(pilot)
        await placed(pilot, "buy", "990.00", "0.2")
        await pilot.press("d")
        try:
            await operator.set_market_status(KCN_EUR, MarketStatus.HALTED)
            await wait_for(pilot, lambda: "DOM disarmed: the market is not open" in told(pilot))
            await typed(pilot, "buy", "999.00", "0.3")
            assert "halted" in text(pilot.app).lower()
            await pilot.press("enter", "escape", "escape", "4", "ctrl+up")
            await wait_for(pilot, lambda: told(pilot).count("halted") >= 2)
            assert await truth(stage, pilot) == [(Side.BUY, 99_000, 200)]
            await pilot.press("c")
            await wait_for(pilot, lambda: open_orders(pilot) == [])
        finally:
            await operator.set_market_status(KCN_EUR, MarketStatus.OPEN)
        assert await truth(stage, pilot) == []


async def test_an_armed_ladder_disarms_whenever_a_click_might_surprise(stage: Stage) -> None:
    async with stage.app() as pilot:
        app = app_of(pilot)
        arming = app.dealer.arming

        async def armed() -> None:
            await wait_for(pilot, lambda: app.shell.is_settled and not app.dealer.obstacle())
            await pilot.press("d")
            await wait_for(pilot, lambda: "DOM ARMED" in text(pilot.app))

        await armed()
        app.post_message(events.AppBlur())
        await wait_for(pilot, lambda: "DOM disarmed: the terminal lost the focus" in told(pilot))
        app.post_message(events.AppFocus())
        await armed()
        await app.shell.show_market(KCN_EUR + 1)
        await wait_for(pilot, lambda: "DOM disarmed: another market is shown" in told(pilot))
        await armed()
        stage.pause()
        try:
            await wait_for(pilot, lambda: "DOM disarmed: the connection is not live" in told(pilot))
            await pilot.press("d")
            await wait_for(pilot, lambda: "not armed" in told(pilot))
            assert not arming.is_armed
        finally:
            stage.resume()


async def test_an_unanswered_order_stays_as_unknown_until_it_is_found(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        await typed(pilot, "buy", "990.00", "0.2")
        dealer = app_of(pilot).dealer
        stage.pause()
        try:
            await pilot.press("enter")
            await wait_for(pilot, lambda: "sending" in text(pilot.app))
            (row,) = dealer.trader.rows.pending.values()
            await wait_for(pilot, lambda: not dealer.shell.client or not dealer.shell.client.may_trade)
            await pilot.press("enter")  # a second one while it is stale
            await wait_for(pilot, lambda: "not live" in told(pilot))
            await wait_for(pilot, lambda: row.stage is rows.Stage.UNKNOWN)
            assert "it may or may not have happened" in told(pilot)
            await wait_for(pilot, lambda: "verify BUY 0.2 KCN" in told(pilot))
        finally:
            stage.resume()
        await wait_for(pilot, lambda: not dealer.trader.rows.pending)
        after = await truth(stage, pilot)
        assert after in ([], [(Side.BUY, 99_000, 200)])
        assert ("it did happen" in told(pilot)) == bool(after)
        await wait_for(pilot, lambda: open_orders(pilot) == after)
        await cleared(pilot)


async def test_cancels_by_side_and_by_session_take_their_own(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        client = app_of(pilot).shell.client
        assert client is not None
        await client.place(KCN_EUR, Side.BUY, 100, 98_000)
        await client.place(KCN_EUR, Side.SELL, 100, 102_000)
        await placed(pilot, "buy", "990.00", "0.2")
        trader = app_of(pilot).dealer.trader
        await trader.cancel_all(CancelScope(market=KCN_EUR, is_session=True))
        await wait_for(pilot, lambda: len(open_orders(pilot)) == 2)
        assert "cancelled 1 order: KCN/EUR, this session" in told(pilot)
        await trader.cancel_all(CancelScope(market=KCN_EUR, side=Side.SELL))
        await wait_for(pilot, lambda: open_orders(pilot) == [(Side.BUY, 98_000, 100)])
        await cleared(pilot)


REJECTS = (
    (OrderDraft(market=1, side=Side.BUY, quantity=2**60, price=99_900), "lots"),
    (OrderDraft(market=1, side=Side.BUY, quantity=1, price=-1), "ticks"),
    (OrderDraft(market=1, side=Side.BUY, quantity=2**47, price=99_900), "E_NOTIONAL"),
    (OrderDraft(market=1, side=Side.BUY, quantity=20_000, price=99_900), "not enough funds: "),
    (OrderDraft(market=1, side=Side.BUY, quantity=100, price=99_990, post_only=True), "opposite best is 999.80"),
    (
        OrderDraft(
            market=1, side=Side.BUY, quantity=9_000_000, price=99_990, time_in_force=TimeInForce.FOK
        ),
        "not enough funds",
    ),
    (OrderDraft(market=1, side=Side.SELL, quantity=1, price=99_900), "1.00 EUR"),
    (
        OrderDraft(
            market=1, side=Side.BUY, quantity=1, order_type=OrderType.MARKET, time_in_force=TimeInForce.GTC
        ),
        "E_",
    ),
)  # fmt: skip


async def test_a_reject_has_code_cause_and_fix(stage: Stage) -> None:
    async with stage.app() as pilot:
        app = app_of(pilot)
        app.shell.settings.confirm, app.shell.settings.understood = "never", True
        before = await truth(stage, pilot)
        for draft, says in REJECTS:
            assert await app.dealer.trader.place(draft) is None
            last = app.shell.notices.lines[-1].notice
            assert says in last.whole
            assert last.whole.startswith("E_")
            assert last.severity == "error"
        assert await truth(stage, pilot) == before


async def test_a_question_that_stood_while_the_market_halted_sends_nothing(stage: Stage) -> None:
    async with stage.app() as pilot, stage.operator() as operator:
        await cleared(pilot)
        await typed(pilot, "buy", "999.00", "5")
        await pilot.press("enter")
        await asked(pilot)
        try:
            await operator.set_market_status(KCN_EUR, MarketStatus.HALTED)
            dealer = app_of(pilot).dealer
            await wait_for(pilot, lambda: dealer.obstacle() != "")
            await pilot.press("enter")
            await wait_for(pilot, lambda: isinstance(pilot.app.screen, TradeScreen))
            await wait_for(pilot, lambda: "nothing was sent" in told(pilot))
            assert await truth(stage, pilot) == []
        finally:
            await operator.set_market_status(KCN_EUR, MarketStatus.OPEN)
            await asyncio.sleep(0)
