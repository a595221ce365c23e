"""What the screen does without its daemon: killed and back, not there at all, another one.

What each state looks like is in test_state_pictures.py.
"""

import os
import signal
from pathlib import Path

import msgspec

from mexchange.config import daemon_run
from mexchange.config import settings as settings_of
from mexchange.tui.app import MxApp
from mexchange.tui.options import TuiOptions
from mexchange.tui.vitals import ScreenState
from tests.tui.grid import grid, text
from tests.tui.stage import Stage, app_of, wait_for


def _is_trusted(app: MxApp) -> bool:
    """Live, or as good on a busy machine."""
    return app.shell.vitals.state in (ScreenState.LIVE, ScreenState.SLOW)


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
