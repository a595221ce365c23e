"""Recordings from within: made of the shown market, chosen from a list or by a path, played over it and left."""

import re
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from mexchange.client.api import Client
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Ticks
from mexchange.tui.app import MxApp
from mexchange.tui.keymap import BY_ID
from mexchange.tui.panels.market import ChartPanel
from mexchange.tui.screens.command_line import CommandLine
from mexchange.tui.screens.recording_chooser import RecordingChooser
from mexchange.tui.screens.replay import ReplayScreen
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.vitals import ScreenState
from tests.fakes.recorded_market import RecordedMarket
from tests.tui.grid import grid, text
from tests.tui.stage import BEST_BID, KCN_EUR, Stage, app_of, order, wait_for
from tests.tui.trading import cleared, placed, told

OWN_BID = BEST_BID + 1


async def test_a_market_is_recorded_played_and_left_as_it_was(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot:
        app = app_of(pilot)
        await placed(pilot, "buy", "999.00", "0.5")
        await _typed(pilot, app, "record")
        await wait_for(pilot, lambda: app.shell.recording is not None and "recording" in grid(app)[-2])
        file = app.shell.recording.path  # type: ignore[union-attr]
        async with stage.maker() as maker:
            await maker.submit(order(Side.SELL, BEST_BID + 5, 1_000))
            await wait_for(pilot, lambda: f"{(BEST_BID + 5) / 100:.2f}" in text(app))
        async with await Client.connect(stage.connection(stage.taker_login())) as taker:
            await taker.submit(order(Side.BUY, BEST_BID + 5, 1_000))
            await wait_for(pilot, lambda: app.shell.desk.trades[0].price == BEST_BID + 5)  # type: ignore[union-attr]
        await placed(pilot, "buy", f"{OWN_BID / 100:.2f}", "0.5")
        async with await Client.connect(stage.connection(stage.taker_login())) as taker:
            await taker.submit(order(Side.SELL, OWN_BID, 500))
        await wait_for(pilot, lambda: OWN_BID in _fill_prices(app))
        await _typed(pilot, app, "stop recording")
        await wait_for(pilot, lambda: app.shell.recording is None)

        screen, desk = app.screen, app.shell.desk
        assert desk is not None
        cursor = app.trade_screen.ladder.cursor  # type: ignore[union-attr]
        await pilot.press(BY_ID["app.recording"].all_keys[0])
        await wait_for(pilot, lambda: isinstance(app.screen, RecordingChooser))
        await wait_for(pilot, lambda: file.name in text(app))
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(app.screen, ReplayScreen) and app.shell.is_settled)
        assert app.shell.vitals.state is ScreenState.REPLAY
        await pilot.press("n")
        await wait_for(pilot, lambda: app.shell.desk.trades[0].price == BEST_BID + 5)  # type: ignore[union-attr]
        assert [order.price for order in app.dealer.orders.open.values()] == [99_900]
        assert OWN_BID not in _fill_prices(app)
        app.shell.replay.to_sequence(app.shell.replay.recording.last_sequence)  # type: ignore[union-attr]
        await wait_for(pilot, lambda: OWN_BID in _fill_prices(app))
        await pilot.press("7")
        await wait_for(pilot, lambda: re.search(r"BUY ▲ +999\.58 +0\.500 .* maker", text(app)))
        chart = app.trade_screen.query_one(ChartPanel)  # type: ignore[union-attr]
        await wait_for(pilot, lambda: OWN_BID in [mark.price for mark in chart.data.fills])
        await pilot.press("4")
        await wait_for(pilot, lambda: "BUY ▲  999.00" in text(app))
        await pilot.press("0")
        await wait_for(pilot, lambda: app.trade_screen.ladder.has_focus)  # type: ignore[union-attr]
        await pilot.press("d", "k", "A")
        await wait_for(pilot, lambda: "not armed: this is a recording" in told(pilot))
        await wait_for(pilot, lambda: "alerts wait for prices to come" in told(pilot))
        await pilot.press("alt+2")
        await wait_for(pilot, lambda: app.current_mode == "portfolio")
        await pilot.press("alt+1")
        await wait_for(pilot, lambda: app.current_mode == "replay")

        # The market goes on behind it.
        async with stage.maker() as maker:
            ask = (await maker.place(KCN_EUR, Side.SELL, Lots(7_000), Ticks(BEST_BID + 3))).order
        await pilot.press(BY_ID["replay.end"].all_keys[0])
        await wait_for(pilot, lambda: app.screen is screen)
        assert (app.shell.desk, app.shell.replay) == (desk, None)
        await wait_for(pilot, lambda: app.shell.vitals.state <= ScreenState.SLOW)
        assert app.trade_screen.ladder.cursor == cursor  # type: ignore[union-attr]
        await wait_for(pilot, lambda: desk.book is not None and desk.book.asks[0].price == BEST_BID + 3)
        assert len(app.dealer.orders.open) == 1
        await cleared(pilot)
        async with stage.maker() as maker:
            assert ask is not None
            await maker.cancel(ask.order_id)


def _fill_prices(app: MxApp) -> list[int]:
    """Of the shown market, oldest first."""
    return [fill.price for fill in app.dealer.fills.of_market(KCN_EUR)]


async def test_a_path_is_completed_and_what_is_no_recording_is_said(stage: Stage, tmp_path: Path) -> None:
    played = tmp_path / "folder"
    played.mkdir()
    (played / "good.mxr").write_bytes(RecordedMarket(3).write(20).close())
    (played / "gone.mxr").write_bytes(b"nothing of the kind")
    async with stage.app(size=(120, 40)) as pilot:
        app = app_of(pilot)
        for keys in (["escape"], ["enter", "escape"]):
            await pilot.press("R", *keys)
            await wait_for(pilot, lambda: isinstance(app.screen, TradeScreen))
        await pilot.press("R")
        await wait_for(pilot, lambda: isinstance(app.screen, RecordingChooser) and app.screen.query(Input))
        line = app.screen.query_one(Input)
        line.value = f"{tmp_path}/fo"  # pasted
        line.action_end()
        await pilot.press("l", "tab", "g", "tab")
        await wait_for(pilot, lambda: line.value == f"{played}/go")
        await pilot.press("n", "enter")
        await wait_for(pilot, lambda: "this is not a recording" in text(app))
        await pilot.press("backspace", "enter")
        await wait_for(pilot, lambda: "this is not a recording" in text(app))
        await pilot.press("down", "enter")
        await wait_for(pilot, lambda: app.shell.replay is not None and app.shell.is_settled)
        assert app.shell.replay is not None
        assert app.shell.replay.name == "good.mxr"
        await pilot.press("q")
        await wait_for(pilot, lambda: app.shell.replay is None and isinstance(app.screen, TradeScreen))


async def _typed(pilot: Pilot[int], app: MxApp, command: str) -> None:
    """Behind the colon."""
    await pilot.press("colon")
    await wait_for(pilot, lambda: isinstance(app.screen, CommandLine))
    await pilot.press(*("space" if letter == " " else letter for letter in command), "enter")
    await wait_for(pilot, lambda: isinstance(app.screen, TradeScreen))
