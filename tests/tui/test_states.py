"""How much the screen may be trusted, brought about by killing, pausing and gapping a real daemon."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mexchange.config import daemon_run
from mexchange.config import settings as settings_of
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import Side
from mexchange.tui.app import MxApp
from mexchange.tui.options import TuiOptions
from mexchange.tui.vitals import ScreenState
from tests.fakes.proxy import SIZE_MAX as WIDE
from tests.fakes.proxy import LossyProxy
from tests.tui.grid import grid, text
from tests.tui.stage import BEST_BID, KCN_EUR, Stage, app_of, order, wait_for

NARROW = 300
"""Bytes: heartbeats pass, a snapshot of the book does not."""


def _is_trusted(app: MxApp) -> bool:
    """Live, or as good on a busy machine."""
    return app.shell.vitals.state in (ScreenState.LIVE, ScreenState.SLOW)


def _log(app: MxApp) -> str:
    return "\n".join(line.notice.whole for line in app.shell.notices.lines)


async def test_paused_daemon_makes_the_screen_stale_then_reconnecting_then_live_again(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot:
        app = app_of(pilot)
        await wait_for(pilot, lambda: _is_trusted(app))
        stage.pause()
        try:
            await wait_for(pilot, lambda: "STALE" in grid(app)[-2])
            assert app.screen.has_class("-stale")
            assert "999.80" in text(app), "the last book stays, greyed"
            assert app.shell.desk is not None
            assert not app.shell.desk.state.may_trade
            await wait_for(pilot, lambda: "RECONNECT" in grid(app)[-2])
        finally:
            stage.resume()
        await wait_for(pilot, lambda: _is_trusted(app))
        assert not app.screen.has_class("-stale")
        assert "no word for" in _log(app)
        assert "again at seq" in _log(app)


async def test_killed_daemon_keeps_the_last_book_and_everything_heals_at_its_return(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot:
        app = app_of(pilot)
        port = stage.run.port
        stage.market.kill()
        await wait_for(pilot, lambda: app.shell.vitals.state is ScreenState.RECONNECT)
        assert "999.80" in text(app)
        stage.restart(port=0)
        assert stage.run.port != port or stage.run.pid
        await wait_for(pilot, lambda: _is_trusted(app))
        await wait_for(pilot, lambda: app.shell.is_settled and "999.80" in text(app))


async def test_losses_are_mended_and_counted(stage: Stage) -> None:
    """A line on which what is long is lost: the change of many levels, and every answer that would mend it."""
    with LossyProxy(("127.0.0.1", stage.run.port), seed=3) as line:
        options = stage.options(settings=stage.known(line.address[1]))
        async with stage.app(size=(120, 40), options=options) as pilot, stage.maker() as maker:
            app = app_of(pilot)
            await wait_for(pilot, lambda: _is_trusted(app))
            line.longest = NARROW
            await maker.place_many([order(Side.BUY, BEST_BID - 200 - number, 1_000) for number in range(16)])
            await wait_for(pilot, lambda: "GAP mending the book" in grid(app)[-2])
            assert app.screen.has_class("-gap")
            assert "the book was mended" not in _log(app)
            line.longest = WIDE
            await wait_for(pilot, lambda: _is_trusted(app) and "the book was mended" in _log(app))
            assert app.shell.vitals.gaps > 0
            assert "gap 0" not in grid(app)[-2]


async def test_halted_market_says_so_and_opens_again(stage: Stage) -> None:
    async with stage.app(size=(120, 40)) as pilot, stage.operator() as operator:
        app = app_of(pilot)
        await operator.set_market_status(KCN_EUR, MarketStatus.HALTED)
        await wait_for(pilot, lambda: "HALTED" in grid(app)[1])
        assert app.screen.has_class("-halted")
        await operator.set_market_status(KCN_EUR, MarketStatus.OPEN)
        await wait_for(pilot, lambda: "HALTED" not in text(app))


async def test_without_a_market_the_screen_says_how_to_have_one(tmp_path: Path) -> None:
    environ = {"MX_DATA_DIR": str(tmp_path / "data"), "MX_CONFIG_DIR": str(tmp_path / "config")}
    found = settings_of.load(flags={}, environ=environ, directory=tmp_path)
    app = MxApp(TuiOptions(settings=found, wizard=False))
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
        assert "mx daemon start" in grid(app)[1]
        assert "OFFLINE" in grid(app)[-2]
        assert "grp" not in text(app), "nothing is shown that nobody said"
        await pilot.press("slash", "0", "c", "X", "d", "z", "tab")  # nothing to act on, nothing to crash on
        assert app.screen.has_class("-offline")


async def test_enter_starts_the_local_demo(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environ = {"MX_DATA_DIR": str(data), "MX_CONFIG_DIR": str(tmp_path / "config")}
    found = settings_of.load(flags={}, environ=environ, directory=tmp_path)
    small = {"MX_DAEMON_SEGMENT_BYTES": str(4 << 20), "MX_DAEMON_FREE_BYTES_MIN": "1", "MX_DAEMON_PORT": "0"}
    app = MxApp(TuiOptions(settings=found, wizard=False, environ={**os.environ, **small}))
    try:
        async with app.run_test(size=(100, 30)) as pilot:
            await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
            await pilot.press("enter")
            await wait_for(pilot, lambda: app.shell.is_starting)
            await wait_for(pilot, lambda: app.shell.is_settled)
            assert "KCN/EUR" in text(app)
    finally:
        run = daemon_run.read(data)
        if run is not None:
            os.kill(run.pid, signal.SIGKILL)


async def test_wrong_key_of_the_server_is_said_and_not_talked_to(stage: Stage, tmp_path: Path) -> None:
    found = msgspec.structs.replace(
        stage.settings(port=stage.run.port), data_dir=tmp_path, config_dir=tmp_path / "config"
    )
    app = MxApp(TuiOptions(settings=found, wizard=False))
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
        await wait_for(pilot, lambda: app.shell.trouble)
        assert app.shell.source is None


@pytest.fixture(autouse=True)
def _awake(stage: Stage) -> Iterator[None]:
    """No test leaves the daemon paused."""
    yield
    stage.resume()
