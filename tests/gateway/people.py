"""Somebody with a browser or a program: httpx for REST, a socket that remembers everything it heard."""

import asyncio
import itertools
import json
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.gateway.stack import GatewayProcess, Stack

TIMEOUT_S = 30


def new_email() -> str:
    """Of somebody whom nobody has met."""
    return f"{uuid.uuid4().hex[:12]}@example.org"


def new_address() -> str:
    """Where somebody is whom nobody has met."""
    return f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"


class Line:
    """A WebSocket. `heard` keeps what was no answer."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []
        self._answers: dict[Any, dict[str, Any]] = {}
        self._ids = itertools.count(1)
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The whole answer, result or error."""
        return await self.ask_as(next(self._ids), method, params)

    async def ask_as(self, name: Any, method: str, params: Any) -> dict[str, Any]:
        """The same under an id of the test's choice."""
        await self.socket.send(json.dumps({"id": name, "method": method, "params": params}))
        await self.until(lambda: name in self._answers)
        return self._answers.pop(name)

    async def result(self, method: str, **params: Any) -> Any:
        """The result; fails on an error."""
        answer = await self.ask(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    async def code(self, method: str, **params: Any) -> int:
        """The code of the error; fails on a result."""
        answer = await self.ask(method, **params)
        assert "error" in answer, answer
        return int(answer["error"]["code"])

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait for news until something is true."""
        async with asyncio.timeout(TIMEOUT_S):
            while not (found := condition()):
                self._news.clear()
                await self._news.wait()
        return found

    def of(self, channel: str) -> list[dict[str, Any]]:
        """Notifications of a channel."""
        return [each["notification"] for each in self.heard if each.get("channel_name") == channel]

    def pushes(self, kind: str) -> list[dict[str, Any]]:
        """Pushes of a type."""
        return [each for each in self.heard if each.get("type") == kind]

    async def closed(self) -> int:
        """The code with which the other side closed."""
        async with asyncio.timeout(TIMEOUT_S):
            await self.socket.wait_closed()
        return self.socket.close_code or 0

    async def close(self) -> None:
        """Leave."""
        await self.socket.close()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                message = json.loads(text)
                if "id" in message and message["id"] is not None:
                    self._answers[message["id"]] = message
                else:
                    self.heard.append(message)
                self._news.set()
        finally:
            self._news.set()


class Person:
    """Signed up, with a bearer token."""

    def __init__(self, gateway: GatewayProcess, email: str, answer: dict[str, Any], cookies: httpx.Cookies) -> None:
        self.gateway = gateway
        self.email = email
        self.token: str = answer["access_token"]
        self.id: str = answer["user"]["id"]
        self.cookies = cookies

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """By bearer token."""
        async with client_of(self.gateway) as http:
            headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
            return await http.request(method, path, json=body, headers=headers, **more)

    async def browse(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """By cookie, as a page does."""
        async with client_of(self.gateway, cookies=self.cookies) as http:
            return await http.request(method, path, json=body, headers=headers)


def client_of(gateway: GatewayProcess, **more: Any) -> httpx.AsyncClient:
    """For plain HTTP: without reading every certificate of the machine each time, which `verify` would."""
    return httpx.AsyncClient(base_url=gateway.url, timeout=TIMEOUT_S, verify=False, **more)


async def sign_up(stack: Stack, gateway: GatewayProcess, email: str | None = None) -> Person:
    """Somebody new."""
    email = email or new_email()
    headers = {"X-Forwarded-For": new_address()}
    async with client_of(gateway, headers=headers) as http:
        asked = await http.post("/auth/request-otp", json={"email": email})
        assert asked.status_code == 200, asked.text
        code = await asyncio.to_thread(stack.mailed_code, email)
        body = {"email": email, "code": code, "request_id": asked.json()["request_id"]}
        entered = await http.post("/auth/signup", json=body)
        assert entered.status_code == 200, entered.text
        return Person(gateway, email, entered.json(), http.cookies)


@asynccontextmanager
async def line(gateway: GatewayProcess, path: str = "/ws", **options: Any) -> AsyncIterator[Line]:
    """A socket of nobody."""
    async with connect(gateway.url.replace("http", "ws", 1) + path, max_size=None, **options) as socket:
        one = Line(socket)
        try:
            yield one
        finally:
            await one.close()


@asynccontextmanager
async def line_of(person: Person, path: str = "/ws") -> AsyncIterator[Line]:
    """A socket of somebody."""
    async with line(person.gateway, path) as one:
        await one.result("public/auth", token=person.token)
        yield one
