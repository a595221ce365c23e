"""The market that is photographed: no past but the script's, so that nothing but clocks differs between two runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from textual.geometry import Region
from textual.pilot import Pilot

from mexchange.client.blocking import BlockingClient
from mexchange.codec.messages import MarketInfo
from mexchange.config.settings import Settings
from mexchange.domain.commands import CreateAsset, CreateMarket, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AssetId, Atoms, Lots, MarketId, Ticks
from mexchange.tui import settings
from tests.tui.stage import BEST_ASK, PLENTY, Stage, app_of, book, wait_for

SYMBOL: Final = "PIC/EUR"
SIZES: Final = ((80, 24), (120, 40), (200, 60))
CLOCKED: Final = ("chart", "log", "watch")
"""Panels whose content depends on the time of day, or on how busy the machine is."""
Clocked = Callable[[], list[Region]]


def opened_market(stage: Stage) -> MarketInfo:
    """Made by the operator, its book by the script's maker, and one trade."""
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
async def shown(
    stage: Stage, size: tuple[int, int], *, found: Settings | None = None, **changes: Any
) -> AsyncIterator[tuple[Pilot[Any], Clocked]]:
    """The market of the pictures, and what of it depends on the clock. `found`: the settings of the whole program."""
    options = stage.options(market=SYMBOL, **({} if found is None else {"settings": found}))
    settings.save(options.settings_file, settings.TuiSettings(reduced_motion=True, watch=[SYMBOL], **changes))
    async with stage.app(size=size, options=options) as pilot:
        app = app_of(pilot)
        await wait_for(pilot, lambda: app.shell.desk is not None and app.shell.desk.market.symbol == SYMBOL)
        screen = app.trade_screen
        assert screen is not None
        panels = [screen.desktop.panels[name] for name in CLOCKED]
        yield pilot, lambda: [panel.content.region for panel in panels if panel.display]
