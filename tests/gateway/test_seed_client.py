"""The specification: a program of the older protocol signs up, trades, and follows book, ticker and its own orders."""

import asyncio
import uuid
from decimal import Decimal
from typing import Any

import pytest

from tests.gateway.people import new_address, new_email
from tests.gateway.seed_client import RpcError, SeedClient
from tests.gateway.stack import SYMBOL, GatewayProcess, Stack

BOOK = f"book.{SYMBOL}.none.10.100ms"
TICKER = f"ticker.{SYMBOL}.1000ms"
SHORT = f"lwt.{SYMBOL}.1000ms"


def client_of(gateway: GatewayProcess) -> SeedClient:
    return SeedClient(gateway.url, address=new_address())


async def somebody(stack: Stack, client: SeedClient) -> None:
    await client.sign_up(new_email(), stack.mailed_code)
    await client.connect()


def limit(side: str, price: str, quantity: str) -> dict[str, Any]:
    return {"symbol": SYMBOL, "side": side, "order_type": "limit", "price": price, "quantity": quantity}


async def test_it_signs_up_trades_and_follows_book_ticker_and_orders(stack: Stack, gateway: GatewayProcess) -> None:
    async with client_of(gateway) as ann, client_of(gateway) as bob:
        await somebody(stack, ann)
        await somebody(stack, bob)
        channels = [BOOK, TICKER, SHORT]
        assert await ann.rpc("public/subscribe", channels=channels) == channels
        assert ann.book.snapshots == 1, "the snapshot comes before the result"

        asked = (await ann.rpc("private/place_order", **limit("ask", "1003.10", "2")))["order_id"]
        assert str(uuid.UUID(asked)) == asked
        await ann.until(lambda: ann.book.asks.get(1003.10) == 2)
        taken = await bob.rpc("private/place_order", symbol=SYMBOL, side="bid", order_type="market", quantity=0.5)
        await bob.until(lambda: bob.push("order_filled", taken["order_id"]))
        part = await ann.until(lambda: ann.push("order_partially_filled", asked))
        assert part["filled_quantity"] == "0.500"
        await ann.until(lambda: ann.book.asks.get(1003.10) == 1.5)
        last = ann.book.trades[-1]
        assert last[:3] == [1003.10, 0.5, "buy"]
        assert last[4] is False
        assert ann.book.stats["last_price"] == 1003.10
        await ann.until(lambda: ann.ticker.get("last_price") == 1003.10 and ann.ticker["best_ask_price"] == 1003.10)
        assert {"mark_price", "funding_rate", "collar_low", "open_interest", "change_24h"} <= ann.ticker.keys()

        cancelled = await ann.rpc("private/cancel_order", order_id=asked)
        assert cancelled["order_id"] == asked
        gone = await ann.until(lambda: ann.push("order_cancelled", asked))
        assert gone["filled_quantity"] == "0.500"
        await ann.until(lambda: 1003.10 not in ann.book.asks)
        assert await ann.rpc("unsubscribe", channels=channels) == channels


async def test_rest_tells_the_same_story(stack: Stack, gateway: GatewayProcess) -> None:
    async with client_of(gateway) as ann, client_of(gateway) as bob:
        await somebody(stack, ann)
        await somebody(stack, bob)
        assert (await ann.http.get("/health")).text == "ok"
        assert (await ann.get("/api/me"))["id"] == ann.user["id"]
        before = {row["asset"]: row for row in (await ann.get("/api/balances"))["balances"]}
        assert Decimal(before["EUR"]["available"]) == 10_000

        placed = await ann.call("POST", "/api/orders", limit("bid", "990.00", "1"))
        assert placed.status_code == 202
        assert placed.json()["locked_asset"] == "EUR"
        assert Decimal(placed.json()["locked_amount"]) == 990
        order = placed.json()["order"]
        assert (order["status"], order["price"], order["side"]) == ("open", "990.00", "bid")
        held = {row["asset"]: row for row in (await ann.get("/api/balances"))["balances"]}
        assert Decimal(held["EUR"]["locked"]) == 990
        listed = await ann.get("/api/orders", limit=20, offset=0)
        assert [each["id"] for each in listed["orders"]] == [order["id"]]
        assert listed["total"] == 1

        sold = await bob.call("POST", "/api/order", limit("ask", "990.00", "0.4"))
        assert sold.status_code == 200
        assert sold.json()["order"]["status"] == "filled"
        fills = (await ann.get(f"/api/orders/{order['id']}/fills"))["fills"]
        assert [(each["price"], each["quantity"], each["side"], each["role"]) for each in fills] == [
            ("990.00", "0.400", "buy", "maker")
        ]
        trades = await ann.get("/api/orders/trades")
        assert trades["trades"][0]["id"] == fills[0]["id"]

        deleted = await ann.call("DELETE", f"/api/orders/{order['id']}")
        assert deleted.status_code == 200
        assert deleted.json()["order"]["status"] == "cancelled"
        assert deleted.json()["unlocked_asset"] == "EUR"
        assert Decimal(deleted.json()["unlocked_amount"]) == 594
        again = await ann.call("DELETE", f"/api/orders/{order['id']}")
        assert again.status_code == 400
        assert again.json()["error"] == "Cannot cancel order with status: cancelled"
        unknown = await ann.call("GET", f"/api/orders/{uuid.uuid4()}")
        assert unknown.status_code == 404

        candles = (await ann.get("/api/ohlcv", symbol=SYMBOL, interval="1h", limit=3))["data"]
        assert len(candles) == 3
        assert {"open_time", "open", "high", "low", "close", "volume", "trade_count"} <= candles[0].keys()
        claimed = await ann.call("POST", "/api/faucet/claim", {"asset": "KCN"})
        assert claimed.json()["amount"] == "100.000"
        assert (await ann.call("POST", "/api/faucet/claim", {})).status_code == 429
        assert (await ann.get("/api/faucet/status"))["available"] is False


async def test_refusals_have_the_codes_of_old(stack: Stack, gateway: GatewayProcess) -> None:
    async with client_of(gateway) as ann:
        await ann.sign_up(new_email(), stack.mailed_code)
        nobody = client_of(gateway)
        async with nobody:
            with pytest.raises(RpcError) as refused:
                await nobody.connect()
            assert refused.value.code == 10000
            with pytest.raises(RpcError) as refused:
                await nobody.rpc("private/place_order", **limit("bid", "1", "1"))
            assert refused.value.code == 10000
            with pytest.raises(RpcError, match="Method not found: public/nothing") as refused:
                await nobody.rpc("public/nothing")
            assert refused.value.code == -32601
        await ann.connect()
        for wrong in (
            limit("bid", "990.00", "-1"),
            limit("bid", "0", "1"),
            limit("bid", "990.001", "1"),
            limit("bid", "990", "0.00001"),
            {**limit("bid", "990", "1"), "symbol": "EUR/KCN"},
            {**limit("bid", "990", "1"), "side": "up"},
        ):
            with pytest.raises(RpcError) as refused:
                await ann.rpc("private/place_order", **wrong)
            assert refused.value.code == -32602, wrong
            assert (await ann.call("POST", "/api/order", wrong)).status_code in (400, 404), wrong
        with pytest.raises(RpcError) as refused:
            await ann.rpc("private/place_order", **limit("bid", "990", "1000000"))
        assert refused.value.code == 10001
        with pytest.raises(RpcError) as refused:
            await ann.rpc("private/cancel_order", order_id=str(uuid.uuid4()))
        assert refused.value.code == -32602
        assert (await ann.call("GET", "/internal/orders")).status_code == 404
        assert (await nobody_call(gateway, "/api/bot/status")) == 401


async def nobody_call(gateway: GatewayProcess, path: str) -> int:
    async with client_of(gateway) as nobody:
        return (await nobody.http.get(path)).status_code


async def test_signing_in_again_refreshing_and_signing_out(stack: Stack, gateway: GatewayProcess) -> None:
    async with client_of(gateway) as ann:
        email = new_email()
        await ann.sign_up(email, stack.mailed_code)
        await ann.sign_in(email, stack.mailed_code)
        first = ann.token
        await ann.refresh()
        assert ann.token != first
        assert (await ann.get("/api/me"))["email"] == email
        await ann.connect()
        done = await ann.call("POST", "/auth/logout")
        assert (done.status_code, done.text) == (200, "")
        await ann.until(lambda: any(push["type"] == "session_ended" for push in ann.pushes))
        assert (await ann.call("GET", "/api/me")).status_code == 401


async def test_two_sockets_of_one_person_both_hear(stack: Stack, gateway: GatewayProcess) -> None:
    async with client_of(gateway) as ann, client_of(gateway) as other:
        await somebody(stack, ann)
        other.token, other.user = ann.token, ann.user
        await other.connect()
        orders = await asyncio.gather(
            *(ann.rpc("private/place_order", **limit("bid", f"98{n}.00", "0.1")) for n in range(5)),
        )
        names = {placed["order_id"] for placed in orders}
        assert len(names) == 5
        await ann.until(lambda: all(ann.push("order_accepted", name) for name in names))
        await other.until(lambda: all(other.push("order_accepted", name) for name in names))


async def test_bots_of_a_demo_come_in_without_a_code_and_nobody_else(gateway: GatewayProcess) -> None:
    async with client_of(gateway) as bot:
        address = f"bot-{uuid.uuid4().hex[:8]}@mexchange.local"
        first = await bot.http.post("/auth/dev-login", json={"email": address})
        again = await bot.http.post("/auth/dev-login", json={"email": address})
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json()["user"] == again.json()["user"] != {}
        bot.token = again.json()["access_token"]
        assert (await bot.get("/api/me"))["email"] == address
        for stranger in ("ann@example.org", "ann@mexchange.local.example.org", "nonsense"):
            assert (await bot.call("POST", "/auth/dev-login", {"email": stranger})).status_code == 401
