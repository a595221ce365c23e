"""Several gateways side by side: what one of them knows all do, and when one dies nothing is lost."""

import asyncio
import base64
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.gateway.people import Person, line_of, sign_up
from tests.gateway.stack import GatewayProcess, Stack

ORDER = {"symbol": "BTC/EUR", "side": "bid", "order_type": "limit", "price": "55000", "quantity": "0.001"}


def elsewhere(person: Person, gateway: GatewayProcess) -> Person:
    """The same session at another gateway."""
    user = {"access_token": person.token, "user": {"id": person.id}}
    return Person(gateway, person.email, user, person.cookies)


async def test_a_gateway_that_dies_loses_no_order_and_no_session(stack: Stack, gateway: GatewayProcess) -> None:
    doomed = await asyncio.to_thread(stack.gateway)
    ann = await sign_up(stack, doomed)
    here = elsewhere(ann, gateway)
    async with line_of(ann) as dying, line_of(here) as living:
        placed = await dying.result("private/place_order", **ORDER, client_order_id="mine")
        await living.until(lambda: any(p["order_id"] == placed["order_id"] for p in living.pushes("order_accepted")))
        await asyncio.to_thread(doomed.kill)
        assert await dying.closed() == 1006
        found = await living.result("private/get_order", client_order_id="mine")
        assert (found["id"], found["status"]) == (placed["order_id"], "open")
        again = await living.result("private/place_order", **ORDER, client_order_id="mine")
        assert (again["order_id"], again["duplicate"]) == (placed["order_id"], True)
        assert (await living.result("private/cancel_order", order_id=placed["order_id"]))["status"] == "cancelled"
    assert (await here.call("GET", "/api/me")).json()["id"] == ann.id


async def test_what_ended_before_a_gateway_met_the_account_is_told_by_a_snapshot(
    stack: Stack, gateway: GatewayProcess
) -> None:
    ann = await sign_up(stack, gateway)
    async with line_of(ann) as here:
        await here.result("private/subscribe", channels=["orders"])
        head = here.of("orders")[0]["account_sequence"]
        placed = await here.result("private/place_order", **ORDER)
        await here.result("private/cancel_order", order_id=placed["order_id"])
    fresh = elsewhere(ann, await asyncio.to_thread(stack.gateway))
    async with line_of(fresh) as there:
        await there.result("private/subscribe", channels=["orders"], resume={"orders": head})
        told = there.of("orders")[0]
        assert (told["snapshot"], told["gap"], told["orders"]) == (True, True, [])


async def test_signing_out_anywhere_ends_it_everywhere(stack: Stack, gateway: GatewayProcess) -> None:
    second = await asyncio.to_thread(stack.gateway)
    ann = await sign_up(stack, gateway)
    there = elsewhere(ann, second)
    async with line_of(there) as socket:
        sessions = (await ann.call("GET", "/api/sessions")).json()["sessions"]
        web = [each for each in sessions if each["kind"] == "web"]
        assert len(web) == 1
        assert web[0]["is_this"] is True
        assert (await ann.call("POST", "/auth/logout")).status_code == 200
        await socket.until(lambda: socket.pushes("session_ended"))
        assert await socket.closed() == 4401
    assert (await there.call("GET", "/api/me")).status_code == 401
    assert (await ann.call("POST", "/api/order", ORDER)).status_code == 401


async def test_money_leaves_and_keys_are_made_by_the_mailed_code_alone(stack: Stack, gateway: GatewayProcess) -> None:
    ann = await sign_up(stack, gateway)
    wanted = {"asset": "EUR", "amount": "50", "address": "NL91ABNA0417164300"}
    asked = (await ann.call("POST", "/api/balances/withdraw", wanted)).json()
    assert "50" in asked["confirmation"]["text"]
    held = {row["asset"]: row for row in (await ann.call("GET", "/api/balances")).json()["balances"]}
    assert Decimal(held["EUR"]["locked"]) == 50
    name = asked["confirmation"]["request_id"]
    guess = await ann.call("POST", "/api/confirm", {"request_id": name, "code": "000000"})
    assert guess.status_code in (400, 403)
    code = await asyncio.to_thread(stack.mailed_code, ann.email)
    done = await ann.call("POST", "/api/confirm", {"request_id": name, "code": code})
    assert done.status_code == 200, done.text
    assert done.json()["withdrawal"]["request_id"] == asked["request_id"]

    me = (await ann.call("GET", "/api/me")).json()
    key = Ed25519PrivateKey.generate()
    text = b"mx-api-key-1" + _bytes(me["server_key"]) + int(me["owner"]).to_bytes(8, "little")
    body = {
        "public_key": _text(key.public_key().public_bytes_raw()),
        "signature": _text(key.sign(text)),
        "label": "bot",
        "scopes": ["read", "trade"],
        "markets": ["KCN/EUR"],
        "notional_asset": "EUR",
        "notional_per_hour": "1000",
    }
    forged = await ann.call("POST", "/api/keys", {**body, "signature": _text(bytes(64))})
    assert forged.status_code in (400, 403)
    requested = await ann.call("POST", "/api/keys", body)
    assert requested.status_code == 202, requested.text
    code = await asyncio.to_thread(stack.mailed_code, ann.email)
    confirmation = requested.json()["confirmation"]["request_id"]
    made = await ann.call("POST", "/api/confirm", {"request_id": confirmation, "code": code})
    key_id = made.json()["key_id"]
    (listed,) = [each for each in (await ann.call("GET", "/api/keys")).json()["keys"] if each["key_id"] == key_id]
    assert (listed["scopes"], listed["markets"], listed["notional_per_hour"]) == (
        ["public", "read", "trade"],
        ["KCN/EUR"],
        "1000.00",
    )
    assert (await ann.call("DELETE", f"/api/keys/{key_id}")).status_code == 204


async def test_the_exchange_comes_back_and_sockets_go_on(stack: Stack, gateway: GatewayProcess) -> None:
    ann = await sign_up(stack, gateway)
    name = "book.BTC/EUR.none.10.100ms"
    async with line_of(ann) as socket:
        await socket.result("public/subscribe", channels=[name])
        placed = await socket.result("private/place_order", **ORDER, client_order_id="before")
        port = stack.market.run().port
        await asyncio.to_thread(stack.market.kill)
        await asyncio.to_thread(lambda: stack.market.start(port=port))
        seen = len(socket.of(name))
        await socket.until(lambda: any(each.get("snapshot") for each in socket.of(name)[max(seen, 1) :]))
        found = await socket.result("private/get_order", client_order_id="before")
        assert found["id"] == placed["order_id"]
        await socket.result("private/cancel_order", order_id=placed["order_id"])


@pytest.mark.soak
async def test_an_exchange_that_moves_is_found_again(tmp_path: Path) -> None:
    own = await asyncio.to_thread(Stack, tmp_path)
    try:
        gateway = await asyncio.to_thread(own.gateway)
        ann = await sign_up(own, gateway)
        async with line_of(ann) as socket:
            await asyncio.to_thread(own.market.kill)
            await asyncio.to_thread(own.market.start)
            assert await socket.closed() == 1012
        async with line_of(ann) as socket:
            assert (await socket.result("private/open_orders"))["orders"] == []
    finally:
        await asyncio.to_thread(own.end)


async def rows_of(person: Person, path: str, name: str) -> list[dict[str, Any]]:
    """Once there are any: rows are written a moment after what they tell of."""
    async with asyncio.timeout(60):
        while not (found := (await person.call("GET", path)).json()[name]):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    return list(found)


async def test_portfolio_ledger_wallet_and_candles_answer(stack: Stack, gateway: GatewayProcess) -> None:
    ann = await sign_up(stack, gateway)
    portfolio = (await ann.call("GET", "/api/portfolio?asset=EUR&days=2")).json()
    assert Decimal(portfolio["value"]) > 10_000
    assert {each["asset"] for each in portfolio["positions"]} == {"EUR", "KCN", "BTC", "ETH"}
    ledger = await rows_of(ann, "/api/ledger?asset=EUR", "entries")
    assert [(each["kind"], Decimal(each["amount"])) for each in ledger] == [("deposit", Decimal(10_000))]
    address = (await ann.call("GET", "/api/wallet/address?asset=EUR")).json()
    sent = (await ann.call("POST", "/api/balances/deposit", {"asset": "EUR", "amount": 12.5})).json()
    assert (sent["success"], sent["address"]) == (True, address["address"])
    found = await rows_of(ann, "/api/wallet/deposits", "deposits")
    assert Decimal(found[0]["amount"]) == Decimal("12.5")
    whole = (await ann.call("GET", "/api/ohlcv?symbol=BTC/EUR&interval=1h&limit=4")).json()["data"]
    since, until = whole[1]["open_time"], whole[3]["open_time"]
    part = await ann.call(
        "GET", "/api/ohlcv", params={"symbol": "BTC/EUR", "interval": "1h", "from": since, "to": until}
    )
    assert part.json()["data"] == whole[1:3]


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
