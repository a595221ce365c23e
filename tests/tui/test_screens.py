"""What each screen looks like at the three sizes and below, text and styles, in committed files: tests/tui/grid.py."""

import re
from pathlib import Path

import pytest
from textual.geometry import Region

from mexchange.config import settings as settings_of
from mexchange.tui import settings
from mexchange.tui.app import MxApp
from mexchange.tui.options import TuiOptions
from mexchange.tui.screens.trade import TradeScreen
from tests.tui.grid import check_snapshot, grid
from tests.tui.picture_market import SIZES, SYMBOL, shown
from tests.tui.stage import Stage, app_of, wait_for

pytestmark = pytest.mark.usefixtures("picture_market")

SMALL = ((60, 20), (40, 12), (20, 5))
"""Terminals that show one panel and the status."""


async def test_trade_screen_at_every_size(stage: Stage) -> None:
    async with shown(stage, SIZES[0]) as (pilot, clocked):
        for size in (*SIZES, *SMALL):
            await pilot.resize_terminal(*size)
            await check_snapshot(pilot, "trade_{}x{}".format(*size), blank=clocked, drawn=size in SIZES)


@pytest.mark.parametrize("theme", ["mx-light", "mx-mono", "mx-dark-cb", "mx-dark-red-up"])
async def test_themes(stage: Stage, theme: str) -> None:
    async with shown(stage, (80, 24), theme=theme) as (pilot, clocked):
        await check_snapshot(pilot, f"theme_{theme}", blank=clocked, drawn=True)


async def test_ascii_uses_nothing_else(stage: Stage) -> None:
    async with shown(stage, (80, 24), ascii=True) as (pilot, clocked):
        await check_snapshot(pilot, "ascii", blank=clocked)
        app = app_of(pilot)
        screen = app.trade_screen
        assert screen is not None
        for panel in ("ladder", "chart"):
            region = screen.desktop.panels[panel].region
            drawn = "".join(line[region.x : region.right] for line in grid(app)[region.y : region.bottom])
            assert not re.findall(r"[^\x20-\x7e]", drawn)


@pytest.mark.parametrize(
    ("name", "keys"),
    [("help", "question_mark"), ("jump", "g"), ("search", "slash"), ("command_line", "colon")],
)
async def test_dialogs(stage: Stage, name: str, keys: str) -> None:
    async with shown(stage, (120, 40)) as (pilot, clocked):
        await check_snapshot(pilot, "trade_120x40", blank=clocked)  # a screen behind a dialog is not painted anew
        await pilot.press(keys)
        await wait_for(pilot, lambda: not isinstance(pilot.app.screen, TradeScreen))
        await check_snapshot(pilot, f"dialog_{name}", blank=clocked, drawn=name == "help")


async def test_first_steps(stage: Stage) -> None:
    options = stage.options(market=SYMBOL, wizard=True)
    settings.save(options.settings_file, settings.TuiSettings(reduced_motion=True))
    async with stage.app(size=(80, 24), options=options) as pilot:
        for step in ("look", "connect", "sign_in", "caution", "keys"):
            if step != "connect":  # names an address that is another each time
                await check_snapshot(pilot, f"wizard_{step}")
            await pilot.press("ctrl+n")
            await pilot.pause()
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, TradeScreen))
        assert settings.load(options.settings_file).confirm == "over"


async def test_offline(tmp_path: Path) -> None:
    environ = {"MX_DATA_DIR": str(tmp_path / "data"), "MX_CONFIG_DIR": str(tmp_path / "config")}
    found = settings_of.load(flags={}, environ=environ, directory=tmp_path)
    app = MxApp(TuiOptions(settings=found, wizard=False))
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_for(pilot, lambda: "OFFLINE" in grid(app)[1])
        await check_snapshot(pilot, "offline", blank=lambda: [Region(0, 1, 80, 1)])
