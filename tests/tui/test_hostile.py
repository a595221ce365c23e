"""What comes from outside stays in its place: names with markup and control codes, odd sizes and markets, big books."""

import msgspec
import pytest
from textual.geometry import Size

from mexchange.client.api import Client
from mexchange.client.markets import Markets
from mexchange.domain.candles import Interval
from mexchange.domain.commands import CreateAsset, CreateMarket, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AssetId, Atoms, Lots, MarketId, Ticks
from mexchange.protocol.login import EnrollLogin
from mexchange.tui.app import MxApp
from mexchange.tui.frame import Part
from mexchange.tui.notices import Kind, Notice
from mexchange.tui.vitals import ScreenState
from tests.tui.grid import grid, text
from tests.tui.stage import PLENTY, Stage, app_of, order, wait_for

EVIL = "[bold red]EVIL[/]\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"


def _is_harmless(app: MxApp) -> bool:
    return all(character.isprintable() for line in grid(app) for character in line)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_names_cannot_inject_markup_or_control_codes(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.app(size=size) as pilot:
        app = app_of(pilot)
        shell = app.shell
        assert shell.source is not None
        known = await shell.source.markets()
        markets = Markets(
            [msgspec.structs.replace(market, symbol=EVIL) for market in known],
            [msgspec.structs.replace(asset, symbol=EVIL) for asset in known.assets],
        )
        assert shell.live is not None
        await shell.live.show(markets, next(iter(markets)), Interval.M1)
        shell.live.watch(markets, [])
        shell.frame.mark(Part.EVERYTHING)
        shell.notices.tell(Notice(Kind.REJECT, EVIL, EVIL, "error"))
        await wait_for(pilot, lambda: "[bold red]EVIL[/]" in text(app))
        assert _is_harmless(app)
        for keys in (["slash"], ["ctrl+p"], ["colon", *"market"]):
            await pilot.press(*keys)
            await pilot.pause(0.2)
            assert _is_harmless(app)
            await pilot.press("escape")
            await pilot.pause()


async def test_any_size_at_any_moment(stage: Stage) -> None:
    sizes = [
        (200, 60),
        (20, 5),
        (80, 24),
        (1, 1),
        (120, 40),
        (300, 100),
        (5, 50),
        (200, 3),
        (79, 23),
        (160, 50),
        (2, 2),
    ]
    async with stage.app(size=(120, 40)) as pilot:
        app = app_of(pilot)
        for width, height in [*sizes, *reversed(sizes), (120, 40)]:
            await pilot.resize_terminal(width, height)
            await pilot.press("tab", "1", "4", "0")
            await pilot.pause()
            assert app.size == Size(width, height)
            assert [len(line) for line in grid(app)] == [width] * height
        await wait_for(pilot, lambda: "999.80" in text(app))


async def test_a_market_without_trades_and_with_nine_decimals(stage: Stage) -> None:
    async with stage.operator() as operator, stage.maker() as maker:
        euro = (await operator.markets()).asset_by_symbol("EUR").asset
        await operator.submit(CreateAsset("TINY", scale=9))
        base = (await operator.markets(refresh=True)).asset_by_symbol("TINY").asset
        await operator.submit(CreateMarket(AssetId(base), AssetId(euro), 10, Atoms(10**9), Ticks(12_345_678)))
        await operator.deposit(maker.session.account, base, PLENTY)
        found = (await operator.markets(refresh=True)).by_symbol("TINY/EUR")
        for side, price in ((Side.BUY, 12_345_670), (Side.SELL, 12_345_691)):
            await maker.submit(_at(side, price, found.market))
    options = stage.options(market="TINY/EUR")
    for size in ((80, 24), (120, 40), (200, 60)):
        async with stage.app(size=size, options=options) as pilot:
            app = app_of(pilot)
            await wait_for(pilot, lambda app=app: "0.12345670" in text(app) and "0.12345691" in text(app))  # type: ignore[misc]
            assert "no trades yet" in text(app)


async def test_ten_thousand_orders_in_the_book(stage: Stage) -> None:
    async with stage.operator() as operator:
        euro = (await operator.markets()).asset_by_symbol("EUR").asset
        await operator.submit(CreateAsset("BIG"))
        base = (await operator.markets(refresh=True)).asset_by_symbol("BIG").asset
        await operator.submit(CreateMarket(AssetId(base), AssetId(euro), 10_000_000, Atoms(100_000), Ticks(100_000)))
        market = (await operator.markets(refresh=True)).by_symbol("BIG/EUR").market
        levels = [(Side.BUY, 99_999 - number) for number in range(500)]
        levels += [(Side.SELL, 100_001 + number) for number in range(500)]
        for number in range(10):  # an account has at most a thousand open orders in a market
            login = EnrollLogin(bytes([number + 1]) * 32, "one of ten")
            async with await Client.connect(stage.connection(login)) as maker:
                for asset in (base, euro):
                    await operator.deposit(maker.session.account, asset, PLENTY)
                outcomes = await maker.place_many([_at(side, price, market) for side, price in levels])
                assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    options = stage.options(market="BIG/EUR")
    async with stage.app(size=(200, 60), options=options) as pilot:
        app = app_of(pilot)
        desk = app.shell.desk
        assert desk is not None
        await wait_for(pilot, lambda: desk.book is not None and len(desk.book.bids) == len(desk.book.asks) == 500)
        assert [level.orders for level in desk.book.bids[:3]] == [10, 10, 10]  # type: ignore[union-attr]
        await wait_for(pilot, lambda: "1,000.01" in text(app) and "999.99" in text(app))
        await pilot.press("0", "end", "home", "u", "u")
        await wait_for(pilot, lambda: desk.group_ticks > 1)
        assert app.shell.vitals.state <= ScreenState.GAP


def _at(side: Side, price: int, market: int) -> PlaceOrder:
    return msgspec.structs.replace(order(side, price, 1_000), market=MarketId(market), quantity=Lots(1_000))
