"""Where every request comes in: limits of addresses, headers of every answer, and which part it is for.

/ws, /ws/binary ─► sockets        /api /auth /health /ready /docs /openapi.json /internal ─► routes        else ─► page
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from mexchange.gateway import docs_page
from mexchange.gateway.errors import Forbidden, GatewayError, TooMany, Unavailable
from mexchange.gateway.figures import Figures
from mexchange.gateway.origins import SAFE
from mexchange.gateway.page import Page
from mexchange.gateway.services import Services
from mexchange.gateway.sign_in_limits import AddressLimits
from mexchange.gateway.sockets import Sockets

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

DEADLINE_S: Final = 10.0
PRIVATE: Final = ("/api/", "/auth/")
ROUTED: Final = ("/api/", "/auth/", "/internal/", "/health", "/ready", "/docs", "/openapi.json", "/schema", "/ws")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECURITY: Final = [
    (
        b"content-security-policy",
        (
            b"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; "
            b"img-src 'self' data:; connect-src 'self' ws: wss:; "
            b"worker-src 'self' blob:"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_CORS_METHODS: Final = b"GET, POST, PUT, DELETE, OPTIONS"
_CORS_HEADERS: Final = b"Authorization, Content-Type, Accept, X-MX-Request"


class Front:
    """The ASGI application."""

    def __init__(self, services: Services, app: App, sockets: Sockets, page: Page, figures: Figures) -> None:
        limits = services.settings.limits
        self._services = services
        self._app = app
        self._sockets = sockets
        self._page = page
        self._figures = figures
        self._security = [*_SECURITY, _HSTS] if services.settings.is_tls else _SECURITY
        self._addresses = AddressLimits(
            rate_per_s=limits.requests_per_second_per_address,
            burst=limits.requests_burst_per_address,
            loopback_factor=limits.loopback_factor,
        )
        self._proxies = frozenset(services.settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one socket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope["client"] = (self._host(scope), 0)
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    def _host(self, scope: Scope) -> str:
        """Who asks: the peer, or whom a trusted proxy names last."""
        client = scope.get("client")
        host = str(client[0]) if client else "unknown"
        if host in self._proxies:
            for name, value in scope["headers"]:
                if name == b"x-forwarded-for":
                    return str(value.decode("latin-1").rpartition(",")[2].strip()[:64]) or host
        return host

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        try:
            self._take(scope["client"][0])
            origin = headers.get(b"origin")
            host = headers.get(b"host", b"").decode("latin-1")
            if origin is not None and not self._services.origins.allows(origin.decode("latin-1"), host):
                raise Forbidden("that page may not open a socket here")
            await self._sockets.take(scope, receive, send)
        except GatewayError as error:
            await receive()
            await _deny(send, error)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = name
        begun = time.perf_counter()
        status = 500

        async def answer(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._headers(scope, list(message.get("headers", ())), name)
            await send(message)

        try:
            self._take(scope["client"][0])
            await self._dispatch(scope, receive, answer)
        except GatewayError as error:
            await _respond(
                answer, error.status, msgspec.json.encode(error.as_json()), retry_after_s=error.retry_after_s
            )
        except TimeoutError:
            late = Unavailable("no answer in time", hint="ask how it stands", status=504, code="E_TIMEOUT")
            await _respond(answer, late.status, msgspec.json.encode(late.as_json()))
        finally:
            self._figures.request(_route(scope), scope["method"], status, time.perf_counter() - begun)

    async def _dispatch(self, scope: Scope, receive: Receive, answer: Send) -> None:
        path, method = scope["path"], scope["method"]
        if method not in _METHODS:
            raise GatewayError("no such method", code="E_METHOD", status=405)
        if method == "OPTIONS" and any(key == b"access-control-request-method" for key, _ in scope["headers"]):
            await _respond(answer, 204, b"")
        elif path == "/docs/style.css":
            await _respond(answer, 200, docs_page.STYLE.encode(), media_type="text/css")
        elif path.startswith(ROUTED):
            async with asyncio.timeout(DEADLINE_S):
                await self._app(scope, receive, answer)
        elif method in SAFE:
            file = self._page.get(path)
            extra = [(b"cache-control", file.cache.encode())]
            body = b"" if method == "HEAD" else file.body
            await _respond(answer, file.status, body, media_type=file.media_type, extra=extra)
        else:
            raise GatewayError("Not found", code="E_NOT_FOUND", status=404)

    def _take(self, host: str) -> None:
        wait_ns = self._addresses.take(host)
        if wait_ns:
            raise TooMany(wait_ns)

    def _headers(self, scope: Scope, headers: list[tuple[bytes, bytes]], name: str) -> list[tuple[bytes, bytes]]:
        headers += self._security
        headers.append((b"x-request-id", name.encode()))
        if scope["path"].startswith(PRIVATE):
            headers.append((b"cache-control", b"no-store"))
        origin = dict(scope["headers"]).get(b"origin")
        if origin is not None and origin.decode("latin-1") in self._services.origins.cross:
            headers += [
                (b"access-control-allow-origin", origin),
                (b"access-control-allow-credentials", b"true"),
                (b"access-control-allow-methods", _CORS_METHODS),
                (b"access-control-allow-headers", _CORS_HEADERS),
                (b"access-control-max-age", b"600"),
            ]
        if self._services.origins.cross:
            headers.append((b"vary", b"Origin"))
        return headers


async def _respond(
    send: Send,
    status: int,
    body: bytes,
    *,
    media_type: str = "application/json",
    retry_after_s: int = 0,
    extra: list[tuple[bytes, bytes]] | None = None,
) -> None:
    headers = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode()), *(extra or ())]
    if retry_after_s:
        headers.append((b"retry-after", str(retry_after_s).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _deny(send: Send, error: GatewayError) -> None:
    body = msgspec.json.encode(error.as_json())
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "websocket.http.response.start", "status": error.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})


def _route(scope: Scope) -> str:
    """The pattern that fits, so that figures are few: the routes' own, or what kind of thing it is."""
    template = scope.get("path_template")
    if isinstance(template, str) and template:
        return template
    return "page" if not scope["path"].startswith(ROUTED) else "other"
