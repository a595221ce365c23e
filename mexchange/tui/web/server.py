"""Serves the terminal client to browsers of this machine: a page, its files, and a WebSocket for each visitor.

    GET /TOKEN/         the page
    GET /TOKEN/ws       a WebSocket to a process of `mx tui`
    GET /static/NAME    script, styles and font of the page
    GET /download/KEY   what a process delivers, under a key that it made up

Any page of any site can reach a port of this machine through the browser of somebody who looks at it, so:

- the address has a random token, which is not told to anybody but the terminal that started this;
- every request must name us as its host, or a site could make a name of its own point here;
- a WebSocket must come from our own page: the browser says so in Origin, and who says nothing is refused;
- the page may load, open and connect to nothing but this server, and no other page may frame it.
"""

import asyncio
import html
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from pathlib import Path
from shlex import join
from string import Template
from typing import Final

import textual_serve
from aiohttp import web
from textual_serve.server import Server, to_int

HOST: Final = "127.0.0.1"
TOKEN_BYTES: Final = 24
VISITORS_MAX: Final = 4
"""Processes at a time; further visitors are asked to come back later."""
FONT_SIZES: Final = range(6, 41)
FONT_SIZE: Final = 15
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebServer(Server):
    """`command` is run for each visitor. `say` is given the address once it can be opened."""

    def __init__(self, command: Sequence[str], *, port: int, say: Callable[[str], None]) -> None:
        """Listens from here on, on loopback; port 0 is any free one. OSError if that cannot be."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((HOST, port))
        number = self._socket.getsockname()[1]
        super().__init__(join(command), host=HOST, port=number, title="mExchange")
        self.token: Final = secrets.token_urlsafe(TOKEN_BYTES)
        self._hosts: Final = frozenset({f"{HOST}:{number}", f"localhost:{number}"})
        self._say = say
        self._visitors: set[asyncio.Task[object]] = set()
        self._files: Final = _static_files()

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self.port}/{self.token}/"

    def run(self) -> None:
        """Until Ctrl-C or SIGTERM, which end every visitor's process too."""
        web.run_app(self._make_app(), sock=self._socket, print=None, access_log=None, shutdown_timeout=5)

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/{token}/", self._page, name="index"),
                web.get("/{token}/ws", self.handle_websocket, name="websocket"),
                web.get("/static/{name}", self._static),
                web.get("/download/{key}", self.handle_download),
            ]
        )
        app.on_startup.append(self.on_startup)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Tell where we are."""
        self._say(self.address)

    async def on_shutdown(self, app: web.Application) -> None:
        """Visitors end with us."""
        for visitor in tuple(self._visitors):
            visitor.cancel()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whoever does not come from our own page, before anything else is looked at."""
        if request.headers.get("Host") not in self._hosts:
            raise web.HTTPMisdirectedRequest(text="this is not the host that you asked for")
        token = request.match_info.get("token")
        if token is not None and not secrets.compare_digest(token.encode(), self.token.encode()):
            raise web.HTTPForbidden(text="the address that mx tui --web printed has a token; this is another one")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def _page(self, request: web.Request) -> web.Response:
        size = to_int(request.query.get("fontsize", ""), FONT_SIZE)
        page = Template(_own("index.html")).substitute(
            title=html.escape(self.title),
            websocket_url=f"ws://{request.headers['Host']}/{self.token}/ws",
            font_size=size if size in FONT_SIZES else FONT_SIZE,
        )
        return web.Response(text=page, content_type="text/html")

    async def _static(self, request: web.Request) -> web.Response:
        found = self._files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        kind, data = found
        return web.Response(body=data, content_type=kind)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A process of its own for each visitor who comes from our page."""
        if request.headers.get("Origin") not in {f"http://{host}" for host in self._hosts}:
            raise web.HTTPForbidden(text="a WebSocket must come from the page of this server")
        if len(self._visitors) >= VISITORS_MAX:
            raise web.HTTPServiceUnavailable(text=f"{VISITORS_MAX} browsers look on already")
        task = asyncio.current_task()
        assert task is not None
        self._visitors.add(task)
        try:
            return await super().handle_websocket(request)
        finally:
            self._visitors.discard(task)


def _static_files() -> dict[str, tuple[str, bytes]]:
    """By name: kind and content. Comments of styles go, some of which name other sites."""
    theirs = Path(textual_serve.__file__).parent / "static"
    styles = _COMMENT.sub("", (theirs / "css" / "xterm.css").read_text())
    return {
        "page.css": ("text/css", _COMMENT.sub("", _own("page.css")).encode()),
        "xterm.css": ("text/css", styles.encode()),
        "textual.js": ("text/javascript", (theirs / "js" / "textual.js").read_bytes()),
        "mono.ttf": ("font/ttf", (theirs / "fonts" / "RobotoMono-VariableFont_wght.ttf").read_bytes()),
    }


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text()
