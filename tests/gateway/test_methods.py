"""Every method of the JSON WebSocket, good and bad, and every channel."""

import zlib
from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.gateway.people import Line, Person, line, line_of, sign_up
from tests.gateway.stack import GatewayProcess, Stack

MARKET = "ETH/EUR"


@pytest.fixture
async def ann(stack: Stack, gateway: GatewayProcess) -> Person:
    return await sign_up(stack, gateway)


@pytest.fixture
async def own(ann: Person) -> AsyncIterator[Line]:
    async with line_of(ann) as one:
        yield one


def order(side: str = "bid", price: str = "2900.0", quantity: str = "0.1", **more: Any) -> dict[str, Any]:
    return {"symbol": MARKET, "side": side, "order_type": "limit", "price": price, "quantity": quantity, **more}


async def test_ids_come_back_as_they_were(gateway: GatewayProcess) -> None:
    async with line(gateway) as one:
        for name in ("x", 7, -1, 2**53):
            answer = await one.ask_as(name, "public/ping", {})
            assert answer["id"] == name
        assert {"time", "time_ns", "sequence", "status", "round_trip_ns"} <= answer["result"].keys()


async def test_nobody_reaches_private_methods(gateway: GatewayProcess) -> None:
    async with line(gateway) as one:
        for method, params in (
            ("private/place_order", order()),
            ("private/cancel_order", {"order_id": "6d786f72-0000-8000-8000-000000000001"}),
            ("private/amend_order", {"order_id": "6d786f72-0000-8000-8000-000000000001", "price": "1"}),
            ("private/cancel_all", {}),
            ("private/preview_order", order()),
            ("private/get_order", {"client_order_id": "a"}),
            ("private/open_orders", {}),
            ("private/balances", {}),
            ("private/register_bot", {}),
            ("private/bot_status", {"strategies": []}),
            ("private/subscribe", {"channels": ["orders"]}),
            ("public/subscribe", {"channels": ["balances"]}),
            ("public/auth", {"token": "nonsense"}),
            ("public/auth", {"token": "A" * 43}),
            ("public/auth", {}),
        ):
            assert await one.code(method, **params) == 10000, method


async def test_parameters_that_do_not_fit_are_named(own: Line) -> None:
    for method, params in (
        ("public/subscribe", {}),
        ("public/subscribe", {"channels": "ticker"}),
        ("public/subscribe", {"channels": ["nothing.KCN/EUR"]}),
        ("public/subscribe", {"channels": ["book.KCN/EUR.none.0.100ms"]}),
        ("public/subscribe", {"channels": ["book.KCN/EUR.none.10.1ms"]}),
        ("public/subscribe", {"channels": ["book.KCN/EUR.0.001.10.100ms"]}),
        ("public/subscribe", {"channels": ["ticker.XXX/EUR.1000ms"]}),
        ("public/subscribe", {"channels": ["candles.KCN/EUR.2m"]}),
        ("public/subscribe", {"channels": ["x" * 10_000]}),
        ("private/subscribe", {"channels": ["secrets"]}),
        ("unsubscribe", {"channels": 5}),
        ("private/place_order", {}),
        ("private/place_order", order(quantity="1e99999")),
        ("private/place_order", order(quantity="NaN")),
        ("private/place_order", {**order(), "price": None}),
        ("private/place_order", order(client_order_id="spaces are not allowed")),
        ("private/place_order", order(time_in_force="now")),
        ("private/place_order", {**order(), "quote_amount": "10"}),
        ("private/cancel_order", {}),
        ("private/cancel_order", {"order_id": "42"}),
        ("private/amend_order", {"order_id": "6d786f72-0000-8000-8000-000000000001"}),
        ("private/get_order", {"client_order_id": "never-used"}),
        ("private/cancel_all", {"side": "left"}),
        ("private/bot_status", {"strategies": [{}]}),
    ):
        assert await own.code(method, **params) == -32602, (method, params)
    answer = await own.ask_as("list", "public/subscribe", [])
    assert answer["error"]["code"] == -32602


async def test_an_order_lives_its_life(ann: Person, own: Line) -> None:
    placed = await own.result("private/place_order", **order(client_order_id="first"))
    assert (placed["status"], placed["client_order_id"], placed["duplicate"]) == ("open", "first", False)
    again = await own.result("private/place_order", **order(client_order_id="first"))
    assert (again["order_id"], again["duplicate"]) == (placed["order_id"], True)
    other = await own.ask("private/place_order", **order(client_order_id="first", quantity="0.2"))
    assert other["error"]["code"] == 10001
    assert other["error"]["reason"] == "E_CLIENT_ID_REUSED"
    amended = await own.result("private/amend_order", order_id=placed["order_id"], quantity="0.05")
    assert Decimal(amended["quantity"]) == Decimal("0.05")
    assert (await own.result("private/get_order", client_order_id="first"))["id"] == placed["order_id"]
    listed = await own.result("private/open_orders", symbol=MARKET)
    assert [each["id"] for each in listed["orders"]] == [placed["order_id"]]
    balances = {row["asset"]: row for row in (await own.result("private/balances"))["balances"]}
    assert Decimal(balances["EUR"]["locked"]) == 145
    seen = await ann.call("GET", "/api/orders/by-client-id/first")
    assert seen.json()["remaining_quantity"] == "0.0500"
    cancelled = await own.result("private/cancel_order", client_order_id="first")
    assert cancelled["status"] == "cancelled"
    assert await own.code("private/cancel_order", client_order_id="first") == -32602
    assert await own.code("private/amend_order", order_id=placed["order_id"], price="2901") == 10003
    kinds = ("order_accepted", "order_amended", "order_cancelled")
    await own.until(lambda: all(map(own.pushes, kinds)))


async def test_preview_changes_nothing_and_cancel_all_everything(own: Line) -> None:
    before = await own.result("private/balances")
    preview = await own.result("private/preview_order", **order())
    assert preview["accepted"] is True
    assert (preview["locked_asset"], Decimal(preview["locked_amount"])) == ("EUR", Decimal(290))
    poor = await own.result("private/preview_order", **order(quantity="4000"))
    assert (poor["accepted"], poor["code"]) == (False, "E_FUNDS")
    assert await own.result("private/balances") == before
    for price in ("2890", "2891", "2892"):
        await own.result("private/place_order", **order(price=price))
    assert (await own.result("private/cancel_all", symbol=MARKET))["cancelled"] == 3


async def test_a_market_buy_spends_at_most_its_quote_amount(stack: Stack, gateway: GatewayProcess, own: Line) -> None:
    seller = await sign_up(stack, gateway)
    assert (await seller.call("POST", "/api/order", order("ask", "3010.0", "0.5"))).status_code == 200
    money = {"symbol": MARKET, "side": "bid", "order_type": "market", "quote_amount": 100.5}
    bought = await own.result("private/place_order", **money, max_slippage_price=3010.07)
    assert Decimal(bought["filled_quantity"]) == Decimal("0.0333"), "the most that 100.50 EUR buy at 3,010"
    assert await own.code("private/place_order", **money, max_slippage_price=0) == -32602
    assert (await seller.call("POST", "/api/orders/cancel-all", {})).json() == {"cancelled": 1}


async def test_a_book_chains_and_matches_its_checksum(ann: Person, own: Line) -> None:
    plain, grouped = f"book.{MARKET}.none.5.50ms", f"book.{MARKET}.10.0.5.100ms"
    async with line_of(ann, "/ws?decimals=string") as texts:
        assert await texts.result("public/subscribe", channels=[plain, grouped]) == [plain, grouped]
        for price in ("2801.0", "2802.5", "2803.0", "2804.0", "2805.0", "2806.0", "2812.0"):
            await own.result("private/place_order", **order(price=price))
        await texts.until(lambda: _book(texts.of(plain))[0].get("2812.0"))
        await texts.until(lambda: _book(texts.of(grouped))[0].get("2810.0"))
        await own.result("private/cancel_all")
        await texts.until(lambda: not _book(texts.of(plain))[0].get("2812.0"))
        seen = texts.of(plain)
        for number in range(1, len(seen) + 1):
            bids, asks = _book(seen[:number])
            assert seen[number - 1]["checksum"] == _checksum(bids, asks)
            assert len(bids) <= 5
        for before, after in pairwise(seen):
            assert after["previous_sequence"] == before["sequence"]


def _book(messages: list[dict[str, Any]]) -> tuple[dict[str, str], dict[str, str]]:
    sides: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for message in messages:
        if message.get("snapshot"):
            sides = ({}, {})
        for side, changes in zip(sides, (message["bid_changes"], message["ask_changes"]), strict=True):
            for price, old, new in changes:
                assert side.get(price, "0") == old
                if new == "0":
                    del side[price]
                else:
                    side[price] = new
    return sides


def _checksum(bids: dict[str, str], asks: dict[str, str]) -> int:
    best = [
        *sorted(asks.items(), key=lambda level: Decimal(level[0]))[:25],
        *sorted(bids.items(), key=lambda level: -Decimal(level[0]))[:25],
    ]
    return zlib.crc32("|".join(f"{price}:{quantity}" for price, quantity in best).encode())


async def test_trades_candles_and_the_heartbeat_come(stack: Stack, gateway: GatewayProcess, own: Line) -> None:
    trades, candles = f"trades.{MARKET}", f"candles.{MARKET}.1m"
    await own.result("public/subscribe", channels=[trades, candles, "heartbeat", f"lwt.{MARKET}.500ms"])
    snapshot = own.of(trades)[0]
    assert snapshot["snapshot"] is True
    ids = [each["trade_id"] for each in snapshot["trades"]]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    seller = await sign_up(stack, gateway)
    await seller.call("POST", "/api/order", order("ask", "2995.0", "0.01"))
    await own.result("private/place_order", **order(price="2995.0", quantity="0.01"))
    await own.until(lambda: len(own.of(trades)) > 1)
    (news,) = own.of(trades)[1]["trades"]
    assert (news["trade_id"], news["side"], news["price"]) == (ids[-1] + 1, "buy", 2995.0)
    await own.until(lambda: any(c["close"] == 2995.0 for each in own.of(candles) for c in each["candles"]))
    await own.until(lambda: len(own.of("heartbeat")) >= 2)
    async with line(gateway) as late:
        await late.result("public/subscribe", channels=[trades], resume={trades: ids[-1]})
        assert [each["trade_id"] for each in late.of(trades)[0]["trades"]] == [news["trade_id"]]


async def test_private_channels_tell_and_resume(ann: Person, own: Line) -> None:
    await own.result("private/subscribe", channels=["orders", "fills", "balances"])
    first = own.of("orders")[0]
    assert (first["snapshot"], first["orders"]) == (True, [])
    placed = await own.result("private/place_order", **order(price="2850.0"))
    await own.until(lambda: any(o["id"] == placed["order_id"] for n in own.of("orders")[1:] for o in n["orders"]))
    await own.until(lambda: any(Decimal(b["locked"]) == 285 for n in own.of("balances")[1:] for b in n["balances"]))
    async with line_of(ann) as late:
        await late.result("private/subscribe", channels=["orders"], resume={"orders": first["account_sequence"]})
        missed = late.of("orders")[0]
        assert "snapshot" not in missed
        assert [each["id"] for each in missed["orders"]] == [placed["order_id"]]
        await late.result("private/unsubscribe", channels=["orders"])
    far = first["account_sequence"] + 10_000
    async with line_of(ann) as confused:
        await confused.result("private/subscribe", channels=["orders"], resume={"orders": far})
        assert confused.of("orders")[0]["gap"] is True


async def test_a_bot_hears_commands_of_its_owner_alone(stack: Stack, gateway: GatewayProcess, ann: Person) -> None:
    bob = await sign_up(stack, gateway)
    async with line_of(ann) as bot:
        assert await bot.result("private/register_bot") == "ok"
        row = {"strategy": "market-maker", "running": True, "uptime_secs": 5}
        assert await bot.result("private/bot_status", strategies=[row]) == "ok"
        theirs = await bob.call("POST", "/api/bot/start", {"strategy": "market-maker"})
        assert theirs.json() == {"connected": False, "strategies": []}
        mine = await ann.call("POST", "/api/bot/stop", {"strategy": "market-maker"})
        assert mine.json() == {"connected": True, "strategies": [row]}
        (heard,) = await bot.until(lambda: [each for each in bot.heard if "command" in each])
        assert heard == {"command": {"action": "stop", "strategy": "market-maker"}}
        assert (await ann.call("GET", "/api/bot/status")).json()["connected"] is True
