"""What the screen does without its daemon: killed and back, not there at all, another one.

What each state looks like is in test_state_pictures.py.
"""

import asyncio
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from mexchange.config import settings as settings_of
from mexchange.tui.app import MxApp
from mexchange.tui.options import TuiOptions
from mexchange.tui.vitals import ScreenState
from tests.tui.grid import DEADLINE_S, grid, text
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
        assert "mx demo" in grid(app)[1]
        assert "OFFLINE" in grid(app)[-2]
        assert "grp" not in text(app), "nothing is shown that nobody said"
        await pilot.press("slash", "0", "c", "X", "d", "z", "tab")  # nothing to act on, nothing to crash on
        assert app.screen.has_class("-offline")


def _here(folder: Path, **environ: str) -> MxApp:
    """A client that was told of no server, whose own market would be small."""
    named = {"MX_DATA_DIR": str(folder / "data"), "MX_CONFIG_DIR": str(folder / "config")}
    small = {"MX_DAEMON_SEGMENT_BYTES": str(4 << 20), "MX_DAEMON_FREE_BYTES_MIN": "1", "MX_DAEMON_PORT": "0"}
    found = settings_of.load(flags={}, environ=named, directory=folder)
    return MxApp(TuiOptions(settings=found, wizard=False, environ={**os.environ, **named, **small, **environ}))


async def test_enter_starts_a_living_market_that_goes_on_until_it_is_ended(tmp_path: Path) -> None:
    app = _here(tmp_path)
    try:
        async with app.run_test(size=(100, 30)) as pilot:
            await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
            await pilot.press("enter")
            await wait_for(pilot, lambda: "Starting the local market" in grid(app)[1])
            await wait_for(pilot, lambda: app.shell.is_settled and "KCN/EUR" in text(app))
            await wait_for(pilot, lambda: bool(app.shell.desk and app.shell.desk.book and app.shell.desk.book.bids))
            told = [line.notice for line in app.shell.notices.lines]
            assert any("it goes on when you leave" in one.text and ":stop market" in one.hint for one in told)
            pid = app.shell.local.pid
            assert pid
            assert f"pid {pid}" in app.shell.local.farewell
        assert _parts(tmp_path) == 4, "a supervisor, a daemon, two bots"
        await app.shell.local.stop()
        assert app.shell.local.farewell == ""
        await _all_ended(tmp_path)
    finally:
        if app.shell.local.pid:
            os.kill(app.shell.local.pid, signal.SIGTERM)


async def test_who_leaves_while_the_market_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    app = _here(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.shell.local.pid != 0)
        app.exit(0)
    assert app.shell.local.farewell == ""
    await _all_ended(tmp_path)


async def test_a_market_that_cannot_start_says_why_and_what_to_do(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        app = _here(tmp_path, MX_DAEMON_PORT=str(taken.getsockname()[1]))
        async with app.run_test(size=(100, 30)) as pilot:
            await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
            await pilot.press("enter")
            await wait_for(pilot, lambda: any("not started" in line.notice.text for line in app.shell.notices.lines))
            (notice,) = [line.notice for line in app.shell.notices.lines if "not started" in line.notice.text]
            assert "Address already in use" in notice.text
            assert "MX_DAEMON_PORT" in notice.hint
            assert "demo.log" in notice.hint
            assert app.shell.local.can_start, "it may be tried again"
    assert _parts(tmp_path) == 0


async def _all_ended(folder: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while _parts(folder):
        assert time.monotonic() < deadline, "something of the market is still there"
        await asyncio.sleep(0.05)


def _parts(folder: Path) -> int:
    """Programs of a market in this folder that run, without those that only keep its tables."""
    mine = f"MX_DATA_DIR={folder / 'data'}".encode()
    count = 0
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (place / "cmdline").read_bytes().split(b"\0")
            if mine in (place / "environ").read_bytes().split(b"\0") and b"mexchange" in words:
                count += b"--bg" not in words and b"--stop" not in words
    return count


async def test_wrong_key_of_the_server_is_said_and_not_talked_to(stage: Stage, tmp_path: Path) -> None:
    found = msgspec.structs.replace(
        stage.settings(port=stage.run.port), data_dir=tmp_path, config_dir=tmp_path / "config"
    )
    app = MxApp(TuiOptions(settings=found, wizard=False))
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
        await wait_for(pilot, lambda: app.shell.trouble)
        assert app.shell.source is None
