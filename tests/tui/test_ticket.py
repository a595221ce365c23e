"""The ticket: every key of it, what it says, and what it refuses to say."""

import asyncio
import os
import shlex
import sys

import msgspec

from mexchange.client.api import Client
from mexchange.client.price_alerts import PriceAlert
from mexchange.domain.commands import CreateAsset, CreateMarket, Deposit
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, Ticks
from mexchange.tui.keymap import TABLE
from mexchange.tui.trading.ticket_parts import Chip, Turn
from tests.tui.grid import text
from tests.tui.stage import KCN_EUR, Stage, wait_for
from tests.tui.trading import app_of, cleared, open_orders, placed, screen_of, told, typed


async def test_every_key_of_the_ticket_does_what_it_says(stage: Stage) -> None:
    async with stage.app() as pilot:
        ticket = screen_of(pilot).ticket
        tried: set[str] = set()

        async def press(name: str) -> None:
            tried.add(name)
            await pilot.press(next(key for key in TABLE if key.id == name).all_keys[0])

        await typed(pilot, "buy", "999.00", "1")
        await press("ticket.up")
        assert ticket.entry.size == "1.1"  # the smallest preset is a step of the size
        await press("ticket.down")
        await press("ticket.down")
        assert ticket.entry.size == "0.9"
        ticket.focus_field("price")
        await press("ticket.up")
        await press("ticket.up_ten")
        assert ticket.entry.price == "999.11"
        await press("ticket.down_ten")
        await press("ticket.down")
        assert ticket.entry.price == "999.00"
        for name, price in (("ticket.bid", "999.57"), ("ticket.ask", "999.80"), ("ticket.mid", "999.68")):
            await press(name)
            assert ticket.entry.price == price
        await press("ticket.percent")
        quarter = ticket.entry.size
        await press("ticket.percent")
        assert float(ticket.entry.size) > float(quarter) > 2
        await press("ticket.side")
        assert ticket.entry.side is Side.SELL
        await press("ticket.post")
        assert ticket.entry.post_only
        await press("ticket.tif")
        assert (ticket.entry.time_in_force, ticket.entry.post_only) == (TimeInForce.IOC, False)
        await press("ticket.post")
        await wait_for(pilot, lambda: "post-only rests" in told(pilot))
        await press("ticket.tif")
        await press("ticket.tif")
        assert ticket.entry.time_in_force is TimeInForce.GTD
        await wait_for(pilot, lambda: "no end yet" in text(pilot.app))
        await press("ticket.tif")
        await press("ticket.next")
        assert pilot.app.focused is not None
        await press("ticket.previous")
        turn = next(part for part in ticket.query(Turn) if part.name == "type")
        turn.focus()
        await press("ticket.press")
        assert ticket.entry.order_type is OrderType.MARKET
        await press("ticket.press")
        await press("ticket.yank")
        await wait_for(pilot, lambda: "copied: mx order sell KCN/EUR" in told(pilot))
        await press("ticket.clear")
        assert ticket.entry.price == ""
        await press("ticket.send")
        await wait_for(pilot, lambda: "no price yet" in told(pilot))
        await press("ticket.clear")
        await wait_for(pilot, lambda: screen_of(pilot).ladder.has_focus)
        assert tried == {key.id for key in TABLE if key.scope == "ticket"}


async def test_what_is_typed_next_replaces_a_number_and_never_lengthens_it(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        ticket = screen_of(pilot).ticket
        await typed(pilot, "buy", "990.00", "1")
        await pilot.press("enter")
        await wait_for(pilot, lambda: len(open_orders(pilot)) == 1)
        await pilot.press("4")
        assert ticket.entry.size == "4"  # and not 14, because 1 was sent
        await pilot.press("up", "7")
        assert ticket.entry.size == "7"
        await pilot.press("escape", "3")
        assert ticket.entry.size == "3"
        await pilot.press("b")
        await wait_for(pilot, lambda: ticket.entry.price != "")
        await pilot.press("2", ".", "5")
        assert ticket.entry.size == "2.5"
        await cleared(pilot)


async def test_the_mouse_fills_turns_and_explains(stage: Stage) -> None:
    async with stage.app() as pilot:
        ticket = screen_of(pilot).ticket
        chips = {str(chip.name): chip for chip in ticket.query(Chip)}
        await pilot.click(chips["ask"])
        assert ticket.entry.price == "999.80"
        await pilot.click(chips["p50"])
        await wait_for(pilot, lambda: ticket.entry.size.startswith("5."))
        side = next(part for part in ticket.query(Turn) if part.name == "side")
        await pilot.click(side, offset=(20, 0))
        assert ticket.entry.side is Side.SELL
        reduce = next(part for part in ticket.children if part.name == "reduce")
        await pilot.click(reduce)
        await wait_for(pilot, lambda: "spot markets have none" in told(pilot))
        ticket.form.take(size=10**13, price=99_980)
        await wait_for(pilot, lambda: "not enough funds" in text(pilot.app) or "E_" in text(pilot.app))


async def test_the_copied_command_runs_dry_and_changes_nothing(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        await typed(pilot, "buy", "999.80", "2")
        await pilot.press("y")
        await wait_for(pilot, lambda: "copied: mx order buy KCN/EUR 2 -p 999.80" in told(pilot))
        line = next(line for line in told(pilot).splitlines() if line.startswith("copied: "))
        words = shlex.split(line.removeprefix("copied: "))
        config = os.fspath(stage.folder / "config")
        environ = {**os.environ, "MX_DATA_DIR": os.fspath(stage.market.data), "MX_CONFIG_DIR": config}
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "mexchange", "-o", "json", *words[1:], "--dry-run",
            env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await run.communicate()
        assert run.returncode == 0, err.decode()
        row = msgspec.json.decode(out)
        assert (row["dry_run"], row["accepted"], row["filled"], row["avg_price"]) == (True, True, "2", "999.8000")
        assert open_orders(pilot) == []


async def test_orders_are_sorted_by_header_and_saved_as_csv(stage: Stage) -> None:
    async with stage.app() as pilot:
        await cleared(pilot)
        for price in ("990.00", "992.00", "991.00"):
            await placed(pilot, "buy", price, "0.1")
        await pilot.press("4")
        panel = screen_of(pilot).orders_panel
        await wait_for(pilot, lambda: panel.table.row_count == 3)
        saved: list[str] = []
        pilot.app.deliver_text = lambda file, **_: saved.append(file.read())  # type: ignore[method-assign]

        async def prices() -> list[str]:
            saved.clear()
            await pilot.press("e")
            await wait_for(pilot, lambda: saved)
            return [line.split(",")[1] for line in saved[0].splitlines()[1:]]

        assert await prices() == ["991.00", "992.00", "990.00"]
        await pilot.click(panel.table, offset=(12, 0))
        assert await prices() == ["990.00", "991.00", "992.00"]
        await pilot.click(panel.table, offset=(12, 0))
        assert await prices() == ["992.00", "991.00", "990.00"]
        await pilot.press("j", "k", "c")
        await wait_for(pilot, lambda: len(open_orders(pilot)) == 2)
        await cleared(pilot)


async def test_an_alert_is_kept_shown_and_fires_once(stage: Stage) -> None:
    async with stage.app() as pilot, stage.maker() as maker:
        await cleared(pilot)
        dealer, desk = app_of(pilot).dealer, app_of(pilot).shell.desk
        assert desk is not None
        screen_of(pilot).ladder.focus()
        await pilot.press("j")
        await pilot.press("A")
        await wait_for(pilot, lambda: "alert set: KCN/EUR" in told(pilot))
        assert "[[alerts]]" in (stage.folder / "config" / "tui.toml").read_text()
        await pilot.press("A")
        await wait_for(pilot, lambda: "alert taken back" in told(pilot))
        dealer.alarm.toggle(desk, 99_400)
        await pilot.press("8")
        await wait_for(pilot, lambda: "994.00" in text(pilot.app) and "<=" in text(pilot.app))
        market = desk.market.market
        book = await maker.book(market, depth=1000)
        depth = sum(level.quantity for level in book.bids if level.price >= 99_400)
        client = app_of(pilot).shell.client
        assert client is not None
        await client.place(market, Side.BUY, 200, 99_390)
        await maker.mass_cancel(market, Side.BUY)
        await maker.place(market, Side.SELL, 100, 99_390)
        await wait_for(pilot, lambda: "ALERT KCN/EUR <= 994.00 reached: last 993.90" in told(pilot))
        assert dealer.alarm.alerts == []
        assert depth
        await cleared(pilot)
        await maker.place(market, Side.BUY, 40_000, 99_957)


async def test_an_alert_of_a_market_that_is_not_shown_fires(stage: Stage) -> None:
    async with stage.app() as pilot, stage.maker() as maker:
        dealer = app_of(pilot).dealer
        market = (await maker.markets()).by_symbol("BTC/EUR")
        price, a_tick = market.reference_price, (await maker.markets()).show_price(market.market, 1)
        lots = Lots(max(market.quantity_min, -(-market.notional_min // (price * market.atoms_per_tick_lot))))
        app_of(pilot).shell.settings.alerts = [PriceAlert("BTC/EUR", a_tick, is_above=True)]
        sold = await maker.place(market.market, Side.SELL, lots, price)
        async with await Client.connect(stage.connection(stage.taker_login())) as taker:
            await taker.place(market.market, Side.BUY, lots, price)
        assert sold.order is not None
        await wait_for(pilot, lambda: f"ALERT BTC/EUR >= {a_tick} reached" in told(pilot))
        assert dealer.alarm.alerts == []


async def test_a_market_of_nine_decimals_and_a_size_change_at_any_moment(stage: Stage) -> None:
    async with stage.operator() as operator:
        base = await operator.submit(CreateAsset("TINY", 9, 9, client_order_id=operator.mint()))
        markets = await operator.markets(refresh=True)
        quote = await operator.submit(CreateAsset("WEI", 9, 9, client_order_id=operator.mint()))
        markets = await operator.markets(refresh=True)
        tiny, wei = markets.asset_by_symbol("TINY"), markets.asset_by_symbol("WEI")
        assert base.sequence < quote.sequence
        await operator.submit(
            CreateMarket(
                AssetId(tiny.asset), AssetId(wei.asset), 1, Atoms(10**9), Ticks(123_456_789),
                client_order_id=operator.mint(),
            )
        )  # fmt: skip
        async with stage.app() as pilot:
            shell = app_of(pilot).shell
            client = shell.client
            assert client is not None
            for asset in (tiny.asset, wei.asset):
                amount = Atoms(4 * 10**18)
                await operator.submit(
                    Deposit(AccountId(client.session.account), operator.mint(), AssetId(asset), amount)
                )
            markets = await client.markets(refresh=True)
            await shell.show_market(markets.by_symbol("TINY/WEI").market)
            await wait_for(pilot, lambda: "TINY/WEI" in text(pilot.app))
            await typed(pilot, "buy", "0.123456789", "1234567")
            ticket = screen_of(pilot).ticket
            await wait_for(pilot, lambda: ticket.quote.gives == "152,415.677625363 WEI")
            assert "152,415.677625363 WEI" in text(pilot.app)
            for size in ((20, 5), (300, 100), (80, 24), (1, 1), (200, 60), (120, 40)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
            assert (ticket.entry.price, ticket.entry.size) == ("0.123456789", "1234567")
            await pilot.press("escape", "escape")
            await typed(pilot, "buy", "0.1234567891", "1")
            await wait_for(pilot, lambda: ticket.quote.problem is not None and ticket.quote.problem.code == "E_TICK")
            await pilot.press("home", "ctrl+k", *("9" * 30))
            assert ticket.quote.problem is not None
            await shell.show_market(KCN_EUR)
