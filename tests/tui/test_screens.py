"""What each screen looks like, text and styles, at the three sizes and below: committed files, see tests/tui/grid.py.

The market of the pictures has no past but the script's, so that nothing but clocks differs between two runs.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from mexchange.client.blocking import BlockingClient
from mexchange.codec.messages import MarketInfo
from mexchange.config import settings as settings_of
from mexchange.domain.commands import CreateAsset, CreateMarket, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AssetId, Atoms, Lots, MarketId, Ticks
from mexchange.tui import settings
from mexchange.tui.app import MxApp
from mexchange.tui.options import TuiOptions
from mexchange.tui.screens.trade import TradeScreen
from tests.tui.grid import check_snapshot, grid
from tests.tui.stage import BEST_ASK, PLENTY, Stage, app_of, book, wait_for

SYMBOL = "PIC/EUR"
SIZES = ((80, 24), (120, 40), (200, 60))
CLOCKED = ("chart", "log", "watch")
"""Panels whose content depends on the time of day, or on how busy the machine is."""
Clocked = Callable[[], list[Region]]


@pytest.fixture(scope="module")
def market(stage: Stage) -> MarketInfo:
    """A market that begins with the script."""
    with BlockingClient.connect(stage.connection(stage.operator_login())) as operator:
        euro = operator.markets().asset_by_symbol("EUR").asset
        operator.submit(CreateAsset("PIC"))
        base = operator.markets(refresh=True).asset_by_symbol("PIC").asset
        operator.submit(CreateMarket(AssetId(base), AssetId(euro), 10_000_000, Atoms(100_000), Ticks(99_969)))
        made = operator.markets(refresh=True).by_symbol(SYMBOL)
        with BlockingClient.connect(stage.connection(stage.maker_login())) as maker:
            operator.deposit(maker.session.account, base, PLENTY)
            maker.place_many([_in(each, made.market) for each in book()])
        with BlockingClient.connect(stage.connection(stage.taker_login())) as taker:
            taker.place(made.market, Side.BUY, Lots(2_000), Ticks(BEST_ASK))
    return made


def _in(order: PlaceOrder, market: int) -> PlaceOrder:
    return msgspec.structs.replace(order, market=MarketId(market))


@asynccontextmanager
async def shown(stage: Stage, size: tuple[int, int], **changes: Any) -> AsyncIterator[tuple[Pilot[Any], Clocked]]:
    """The market of the pictures, and what of it depends on the clock."""
    options = stage.options(market=SYMBOL)
    settings.save(options.settings_file, settings.TuiSettings(reduced_motion=True, watch=[SYMBOL], **changes))
    async with stage.app(size=size, options=options) as pilot:
        app = app_of(pilot)
        await wait_for(pilot, lambda: app.shell.desk is not None and app.shell.desk.market.symbol == SYMBOL)
        screen = app.trade_screen
        assert screen is not None
        panels = [panel for panel in screen.desktop.panels.values() if panel.display and panel.panel in CLOCKED]
        yield pilot, lambda: [panel.content.region for panel in panels]


@pytest.mark.parametrize("size", SIZES)
async def test_trade_screen(stage: Stage, market: MarketInfo, size: tuple[int, int]) -> None:
    async with shown(stage, size) as (pilot, clocked):
        await check_snapshot(pilot, "trade_{}x{}".format(*size), blank=clocked)


@pytest.mark.parametrize("size", [(60, 20), (40, 12), (20, 5)])
async def test_small_terminals_show_one_panel_and_the_status(
    stage: Stage, market: MarketInfo, size: tuple[int, int]
) -> None:
    async with shown(stage, size) as (pilot, clocked):
        await check_snapshot(pilot, "trade_{}x{}".format(*size), blank=clocked)


@pytest.mark.parametrize("theme", ["mx-light", "mx-mono", "mx-dark-cb", "mx-dark-red-up"])
async def test_themes(stage: Stage, market: MarketInfo, theme: str) -> None:
    async with shown(stage, (80, 24), theme=theme) as (pilot, clocked):
        await check_snapshot(pilot, f"theme_{theme}", blank=clocked)


async def test_ascii_uses_nothing_else(stage: Stage, market: MarketInfo) -> None:
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
async def test_dialogs(stage: Stage, market: MarketInfo, name: str, keys: str) -> None:
    async with shown(stage, (120, 40)) as (pilot, clocked):
        await check_snapshot(pilot, "trade_120x40", blank=clocked)  # a screen behind a dialog is not painted anew
        await pilot.press(keys)
        await wait_for(pilot, lambda: not isinstance(pilot.app.screen, TradeScreen))
        await check_snapshot(pilot, f"dialog_{name}", blank=clocked)


async def test_first_steps(stage: Stage, market: MarketInfo) -> None:
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
