"""A program of the older protocol, written from its description alone. It imports nothing of this repository.

It knows: REST paths with e-mail and code, a bearer token; the WebSocket's `{"id", "method", "params"}` with ids that
are strings; book messages as changes `[price, old, new]`; pushes about its own orders without a subscription.
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

TIMEOUT_S = 30


class RpcError(Exception):
    """`{"error": {"code", "message"}}`."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Book:
    """What a page kept of `book.{SYM}.none.10.100ms`."""

    def __init__(self) -> None:
        self.bids: dict[float, float] = {}
        self.asks: dict[float, float] = {}
        self.trades: list[list[Any]] = []
        self.stats: dict[str, float] = {}
        self.snapshots = 0

    def apply(self, message: dict[str, Any]) -> None:
        """A snapshot clears; `new` 0 removes."""
        if message.get("snapshot"):
            self.bids.clear()
            self.asks.clear()
            self.snapshots += 1
        for side, changes in ((self.bids, message["bid_changes"]), (self.asks, message["ask_changes"])):
            for price, _, new in changes:
                if new == 0:
                    side.pop(price, None)
                else:
                    side[price] = new
        self.trades = [*self.trades, *message["trades"]][-100:]
        self.stats = message.get("stats_24h") or self.stats


class SeedClient:
    """One person with one socket. `async with SeedClient(url) as client`."""

    def __init__(self, url: str, *, address: str) -> None:
        """`address`: where it is, as a proxy in front of the server would say."""
        self.url = url
        self.http = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, headers={"X-Forwarded-For": address})
        self.token = ""
        self.user: dict[str, Any] = {}
        self.book = Book()
        self.ticker: dict[str, Any] = {}
        self.pushes: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._ids = itertools.count(1)
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.disconnect()
        await self.http.aclose()

    # REST

    async def sign_up(self, email: str, mailed_code: Callable[[str], str]) -> None:
        """request-otp, then signup with the code from the mail."""
        await self._enter("/auth/signup", email, mailed_code)

    async def sign_in(self, email: str, mailed_code: Callable[[str], str]) -> None:
        """request-otp, then verify-otp."""
        await self._enter("/auth/verify-otp", email, mailed_code)

    async def _enter(self, path: str, email: str, mailed_code: Callable[[str], str]) -> None:
        asked = await self.http.post("/auth/request-otp", json={"email": email})
        assert asked.status_code == 200, asked.text
        assert "message" in asked.json()
        code = await asyncio.to_thread(mailed_code, email)
        entered = await self.http.post(path, json={"email": email, "code": code})
        assert entered.status_code == 200, entered.text
        self.token, self.user = entered.json()["access_token"], entered.json()["user"]
        assert self.user["email"] == email
        assert "refresh_token" in entered.headers["set-cookie"]

    async def refresh(self) -> None:
        """By the cookie."""
        answer = await self.http.post("/auth/refresh")
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]

    async def get(self, path: str, **params: Any) -> Any:
        """With the bearer token."""
        answer = await self.http.get(path, params=params, headers=self._headers())
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Whatever comes."""
        return await self.http.request(method, path, json=body, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    # WebSocket

    async def connect(self) -> None:
        """Open the socket and show the token."""
        self._socket = await connect(self.url.replace("http", "ws", 1) + "/ws", max_size=None)
        self._reader = asyncio.create_task(self._read(self._socket))
        result = await self.rpc("public/auth", token=self.token)
        assert result["token_type"] == "bearer"
        assert result["access_token"] == self.token
        assert result["user_id"] == self.user["id"]

    async def disconnect(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)
        self._socket = self._reader = None

    async def rpc(self, method: str, **params: Any) -> Any:
        """The result; raises RpcError."""
        assert self._socket is not None
        name = str(next(self._ids))
        answer = self._waiting[name] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": name, "method": method, "params": params}))
        return await asyncio.wait_for(answer, TIMEOUT_S)

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait for news until something is true."""
        async with asyncio.timeout(TIMEOUT_S):
            while not (found := condition()):
                self._news.clear()
                await self._news.wait()
        return found

    def push(self, kind: str, order_id: str) -> dict[str, Any] | None:
        """The push of that type about an order, if it came."""
        return next((p for p in self.pushes if p["type"] == kind and p["order_id"] == order_id), None)

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            self._hear(json.loads(text))
            self._news.set()

    def _hear(self, message: dict[str, Any]) -> None:
        if "channel_name" in message:
            self._notified(message["channel_name"], message["notification"])
        elif "type" in message:
            self.pushes.append(message)
        elif "result" in message:
            self._waiting.pop(message["id"]).set_result(message["result"])
        else:
            self._waiting.pop(message["id"]).set_exception(RpcError(message["error"]))

    def _notified(self, name: str, notification: dict[str, Any]) -> None:
        self.notifications.append({"channel_name": name, **notification})
        if name.startswith("book."):
            self.book.apply(notification)
        elif name.startswith("ticker."):
            self.ticker = notification
