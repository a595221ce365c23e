"""What a browser is protected by: headers, cookies, origins; and what everybody is limited to."""

import asyncio
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.gateway.people import Person, client_of, line, line_of, new_email, sign_up
from tests.gateway.stack import GatewayProcess, Stack

FRIEND = "https://friend.example"
STRANGER = "https://evil.example"
ORDER = {"symbol": "KCN/EUR", "side": "bid", "order_type": "limit", "price": "950", "quantity": "0.1"}


@pytest.fixture(scope="module")
def strict(stack: Stack) -> GatewayProcess:
    """Behind TLS, with one friendly page, and small limits."""
    return stack.gateway(
        MX_GATEWAY_BEHIND_TLS="true",
        MX_GATEWAY_CORS_ORIGINS=FRIEND,
        MX_GATEWAY_ORIGINS="https://trade.example",
        MX_GATEWAY_TRUSTED_PROXIES="127.0.0.1",
        MX_GATEWAY_LIMITS_SIGN_INS_PER_MINUTE_PER_ADDRESS="5",
        MX_GATEWAY_LIMITS_REQUESTS_PER_SECOND_PER_ADDRESS="1",
        MX_GATEWAY_LIMITS_REQUESTS_BURST_PER_ADDRESS="20",
        MX_GATEWAY_LIMITS_SOCKETS_PER_ADDRESS_MAX="2",
        MX_GATEWAY_LIMITS_ORDERS_PER_SECOND_PER_SESSION="1",
        MX_GATEWAY_LIMITS_CHANNELS_PER_SOCKET_MAX="3",
        MX_GATEWAY_LIMITS_FRAMES_BURST="30",
        MX_GATEWAY_LIMITS_FRAMES_PER_SECOND="1",
    )


async def fetch(gateway: GatewayProcess, method: str, path: str, **more: Any) -> httpx.Response:
    async with client_of(gateway) as http:
        return await http.request(method, path, **more)


async def test_every_answer_has_its_headers(gateway: GatewayProcess, strict: GatewayProcess) -> None:
    paths = ("/", "/docs", "/openapi.json", "/health", "/api/markets", "/api/me", "/api/nothing", "/assets/nothing.js")
    for path in paths:
        answer = await fetch(gateway, "GET", path)
        policy = answer.headers["content-security-policy"]
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy, path
        assert "script-src" not in policy, "scripts are ours alone: default-src says so"
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert len(answer.headers["x-request-id"]) == 16
        assert "server" not in answer.headers
        assert "strict-transport-security" not in answer.headers
        assert (answer.headers.get("cache-control") == "no-store") == (path.startswith("/api/") or "nothing" in path)
    secure = await fetch(strict, "GET", "/health", headers={"X-Forwarded-For": "203.0.113.1"})
    assert "max-age=31536000" in secure.headers["strict-transport-security"]


async def test_the_description_asks_nobody_else(gateway: GatewayProcess) -> None:
    page = (await fetch(gateway, "GET", "/docs")).text
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page
    schema = (await fetch(gateway, "GET", "/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if method in ("post", "put") and "requestBody" in operation:
                (media,) = operation["requestBody"]["content"].values()
                name = media["schema"].get("$ref", "").rpartition("/")[2]
                shape = schema["components"]["schemas"].get(name, media["schema"])
                assert shape.get("examples"), f"{method} {path}"


async def test_cookies_are_closed_to_scripts_and_other_pages(stack: Stack, strict: GatewayProcess) -> None:
    host = {"X-Forwarded-For": "203.0.113.2"}
    email = new_email()
    asked = await fetch(strict, "POST", "/auth/request-otp", json={"email": email}, headers=host)
    code = await asyncio.to_thread(stack.mailed_code, email)
    body = {"email": email, "code": code, "request_id": asked.json()["request_id"]}
    entered = await fetch(strict, "POST", "/auth/signup", json=body, headers=host)
    cookies = entered.headers.get_list("set-cookie")
    named = {cookie.partition("=")[0]: cookie for cookie in cookies}
    for name in ("__Host-session", "__Host-refresh_token"):
        for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert word.lower() in named[name].lower()
        assert "domain" not in named[name].lower()
    assert entered.json()["access_token"] not in named["__Host-refresh_token"]


async def test_a_cookie_changes_nothing_from_another_page(stack: Stack, gateway: GatewayProcess) -> None:
    ann = await sign_up(stack, gateway)
    mark = {"X-MX-Request": "1"}
    assert (await ann.browse("GET", "/api/me")).status_code == 200
    assert (await ann.browse("POST", "/api/order", ORDER)).status_code == 403
    assert (await ann.browse("POST", "/api/order", ORDER, Origin=STRANGER, **mark)).status_code == 403
    assert (await ann.browse("POST", "/api/order", ORDER, Origin="null", **mark)).status_code == 403
    crossing = {"Sec-Fetch-Site": "cross-site", **mark}
    assert (await ann.browse("POST", "/api/order", ORDER, **crossing)).status_code == 403
    assert (await ann.browse("POST", "/auth/logout", Origin=STRANGER)).status_code == 403
    assert (await ann.browse("POST", "/auth/refresh", Origin=STRANGER)).status_code == 403
    assert (await ann.browse("POST", "/api/order", ORDER, Origin=gateway.url, **mark)).status_code == 200
    assert (await ann.call("POST", "/api/order", ORDER)).status_code == 200, "a bearer token needs no mark"
    assert (await fetch(gateway, "GET", "/api/me", headers={"X-User-Id": ann.id})).status_code == 401


async def test_only_named_pages_call_across(strict: GatewayProcess) -> None:
    ask = {"Access-Control-Request-Method": "POST"}
    for number, (origin, allowed) in enumerate(((FRIEND, True), (STRANGER, False), ("null", False))):
        host = {"X-Forwarded-For": f"203.0.113.{40 + number}"}
        answer = await fetch(strict, "OPTIONS", "/api/order", headers={"Origin": origin, **ask, **host})
        assert answer.status_code == 204
        assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
        assert answer.headers.get("access-control-allow-origin") != "*"
        plain = await fetch(strict, "GET", "/api/markets", headers={"Origin": origin, **host})
        assert ("access-control-allow-credentials" in plain.headers) is allowed


async def test_sockets_open_from_our_pages_alone(stack: Stack, gateway: GatewayProcess) -> None:
    url = gateway.url.replace("http", "ws", 1) + "/ws"
    for origin in (STRANGER, "null", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, additional_headers={"Origin": origin})
        assert refused.value.response.status_code == 403
    ann = await sign_up(stack, gateway)
    cookie = f"session={ann.cookies['session']}"
    async with line(gateway, additional_headers={"Origin": gateway.url, "Cookie": cookie}) as page:
        result = await page.result("public/auth")
        assert result["user_id"] == ann.id
        assert result["access_token"] is None, "scripts are not told what the cookie holds"


async def test_addresses_sessions_and_sockets_have_limits(stack: Stack, strict: GatewayProcess) -> None:
    flood = {"X-Forwarded-For": "198.51.100.7"}
    async with client_of(strict) as http:
        answers = await asyncio.gather(*(http.get("/health", headers=flood) for _ in range(40)))
    seen = [answer.status_code for answer in answers]
    assert seen.count(200) >= 20
    assert seen.count(429) >= 1
    others = await fetch(strict, "GET", "/health", headers={"X-Forwarded-For": "198.51.100.8"})
    assert others.status_code == 200
    guesser = {"X-Forwarded-For": "198.51.100.9"}
    body = {"email": "ann@example.org", "code": "000000", "request_id": "AAAA"}
    tried = [(await fetch(strict, "POST", "/auth/verify-otp", json=body, headers=guesser)) for _ in range(8)]
    assert [each.status_code for each in tried][5:] == [429] * 3
    assert int(tried[-1].headers["retry-after"]) >= 1
    wanderer = {"X-Forwarded-For": "198.51.100.10", "Authorization": f"Bearer {'A' * 43}"}
    lost = [(await fetch(strict, "GET", "/api/me", headers=wanderer)).status_code for _ in range(8)]
    assert lost[0] == 401
    assert lost[-1] == 429
    url = strict.url.replace("http", "ws", 1) + "/ws"
    host = {"X-Forwarded-For": "198.51.100.11"}
    async with connect(url, additional_headers=host), connect(url, additional_headers=host):
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, additional_headers=host)
        assert refused.value.response.status_code == 429


async def test_a_fast_session_is_slowed_and_others_are_not(
    stack: Stack, gateway: GatewayProcess, strict: GatewayProcess
) -> None:
    ann = await sign_up(stack, gateway)
    fast = Person(strict, ann.email, {"access_token": ann.token, "user": {"id": ann.id}}, ann.cookies)
    async with line_of(fast) as one:
        answers = [await one.ask("private/preview_order", **ORDER) for _ in range(8)]
        assert "result" in answers[0]
        assert any(each.get("error", {}).get("code") == 10429 for each in answers)
        names = [f"ticker.KCN/EUR.{n}000ms" for n in range(1, 5)]
        many = await one.ask("public/subscribe", channels=names)
        assert many["error"]["reason"] == "E_SUBSCRIPTIONS"
        floods = [await one.ask("public/ping") for _ in range(30)]
        assert floods[-1]["error"]["code"] == 10429
    async with line_of(ann) as calm:
        assert (await calm.result("private/preview_order", **ORDER))["accepted"]


async def test_bodies_and_methods_have_bounds(stack: Stack, gateway: GatewayProcess) -> None:
    ann = await sign_up(stack, gateway)
    big = await ann.call("POST", "/api/order", {**ORDER, "note": "x" * 20_000})
    assert big.status_code == 413
    assert big.json()["code"] == "E_BODY"
    broken = await fetch(gateway, "POST", "/api/order", content=b"{", headers={"Authorization": f"Bearer {ann.token}"})
    assert broken.status_code == 400
    assert {"error", "code", "hint"} <= broken.json().keys()
    assert (await fetch(gateway, "TRACE", "/api/markets")).status_code == 405
    assert (await fetch(gateway, "PUT", "/api/order")).status_code == 405
    assert (await fetch(gateway, "POST", "/")).status_code == 404
    for path in ("/internal/mint", "/internal/orders", "/schema", "/schema/swagger"):
        assert (await fetch(gateway, "POST", path)).status_code in (404, 405), path
