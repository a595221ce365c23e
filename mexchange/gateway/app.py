"""The gateway put together: link, people, channels, routes, sockets, listeners; torn down in reverse.

Exit codes: 0 stopped as asked, 2 could not start.
"""

import asyncio
import contextlib
import os
import signal
import socket as sockets_of_system
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import uvicorn

from mexchange import __version__
from mexchange.config import gateway_run
from mexchange.config.errors import ConfigError
from mexchange.config.gateway import PORT_DEFAULT, GatewaySettings
from mexchange.config.gateway_run import GatewayRun
from mexchange.config.settings import Settings
from mexchange.gateway.bots import Bots
from mexchange.gateway.code_requests import CodeRequests
from mexchange.gateway.cookies import Cookies
from mexchange.gateway.figures import Figures
from mexchange.gateway.front import Front
from mexchange.gateway.http_protocol import hurried
from mexchange.gateway.hub import Hub
from mexchange.gateway.link import Link, Place
from mexchange.gateway.methods import Methods
from mexchange.gateway.origins import Origins
from mexchange.gateway.page import Page
from mexchange.gateway.people import People
from mexchange.gateway.place import find_place
from mexchange.gateway.services import Services
from mexchange.gateway.sign_in_limits import SignInLimits
from mexchange.gateway.sockets import Sockets
from mexchange.gateway.trading import Trading
from mexchange.gateway.web_app import web_app
from mexchange.telemetry import logs

EXIT_OK: Final = 0
EXIT_USAGE: Final = 2
BACKLOG: Final = 1_024
PING_S: Final = 20.0
KEEP_ALIVE_S: Final = 30
STOP_S: Final = 5
_LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_log: Final = logs.get("gateway")


class Gateway:
    """Everything but the listeners."""

    def __init__(self, settings: GatewaySettings, find: Callable[[], Place], *, port: int) -> None:
        """`port`: where our own page is reached."""
        limits = settings.limits
        self.link = Link(find)
        people = People(self.link, limits)
        hub = Hub(self.link, limits.channels_max)
        self.figures = Figures()
        self.services = Services(
            settings=settings,
            link=self.link,
            people=people,
            hub=hub,
            trading=Trading(self.link),
            bots=Bots(),
            sign_ins=SignInLimits(limits.sign_ins_per_minute_per_address, loopback_factor=limits.loopback_factor),
            cookies=Cookies(is_secure=settings.is_tls),
            origins=Origins(_own_origins(settings, port), settings.cors_origins),
            code_requests=CodeRequests(),
        )
        methods = Methods(
            link=self.link,
            people=people,
            hub=hub,
            trading=self.services.trading,
            bots=self.services.bots,
            sign_ins=self.services.sign_ins,
        )
        self.sockets = Sockets(self.services, methods, self.figures)
        page = Page(Path(settings.page) if settings.page else None)
        self.web_app = web_app(self.services)
        self.front = Front(self.services, self.web_app, self.sockets, page, self.figures)
        self.link.on_reopened(hub.reopen)
        self.link.on_reopened(people.exchange_moved)
        self._measure(hub, people)

    async def start(self) -> None:
        """Begin to reach the exchange."""
        await self.link.start()
        self.services.people.start()

    async def stop(self) -> None:
        """Let go of everything."""
        self.sockets.close_all()
        await asyncio.sleep(0.05)
        await self.services.people.stop()
        await self.link.stop()

    def _measure(self, hub: Hub, people: People) -> None:
        gauge = self.figures.gauge
        gauge("sockets", "Open ones", lambda: len(self.sockets))
        gauge("people", "Sessions of people that are open here", lambda: len(people))
        gauge("channels", "Different ones that are listened to", lambda: hub.channels)
        gauge("lines", "Sessions for public data", lambda: self.link.lines)
        gauge("link_state", "1 live, 2 slow, 3 stale, 4 reconnecting, 5 offline", lambda: int(self.link.state))
        gauge("link_round_trip_seconds", "To the exchange", lambda: self.link.round_trip_ns / 1e9)
        gauge("sequence", "The exchange's head", lambda: self.link.sequence)


def run(settings: GatewaySettings, client: Settings) -> int:
    """Serve until SIGINT or SIGTERM; the exit code."""
    logs.configure(form=settings.log, level=settings.log_level)
    try:
        find_place(client)
        listener = _listen(settings)
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"mexchange gateway: {error}\n")
        return EXIT_USAGE
    _raise_file_limit()
    runner = asyncio.Runner(loop_factory=_loop_factory())
    with runner:
        runner.run(_serve(settings, client, listener))
    return EXIT_OK


async def _serve(settings: GatewaySettings, client: Settings, listener: sockets_of_system.socket) -> None:
    port = int(listener.getsockname()[1])
    gateway = Gateway(settings, lambda: find_place(client), port=port)
    await gateway.start()
    servers = [(Server(_config(settings, gateway.front)), listener)]
    metrics_url = ""
    if settings.metrics_port is not None:
        metrics = _bind("127.0.0.1", settings.metrics_port)
        metrics_url = f"http://127.0.0.1:{metrics.getsockname()[1]}/metrics"
        servers.append((Server(_plain_config(gateway.figures.serve)), metrics))
    url = _url(settings, port)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _ask_to_stop, [server for server, _ in servers])
    serving = [asyncio.ensure_future(server.serve(sockets=[bound])) for server, bound in servers]
    run = _description(url, metrics_url)
    gateway_run.write(client.data_dir, run)
    _log.info("listening", url=url, metrics=metrics_url or None)
    try:
        await asyncio.wait(serving, return_when=asyncio.FIRST_COMPLETED)
    finally:
        _ask_to_stop([server for server, _ in servers])
        await gateway.stop()
        await asyncio.gather(*serving, return_exceptions=True)
        gateway_run.remove(client.data_dir, run)
    _log.info("stopped")


def _ask_to_stop(servers: "list[Server]") -> None:
    for server in servers:
        server.should_exit = True


class Server(uvicorn.Server):
    """Leaves signals to us: there may be two of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing."""
        yield


def _config(settings: GatewaySettings, app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        loop="none",
        http=hurried(settings.limits.head_seconds),
        ws="websockets-sansio",
        ws_max_size=settings.limits.frame_bytes_max,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        ws_per_message_deflate=False,
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_S,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
        limit_concurrency=None,
    )


def _plain_config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        loop="none",
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
    )


def _listen(settings: GatewaySettings) -> sockets_of_system.socket:
    """On the port that was asked for; without one, on 3000 or whatever is free."""
    if settings.port is not None:
        return _bind(settings.host, settings.port)
    try:
        return _bind(settings.host, PORT_DEFAULT)
    except OSError:
        return _bind(settings.host, 0)


def _bind(host: str, port: int) -> sockets_of_system.socket:
    family = sockets_of_system.AF_INET6 if ":" in host else sockets_of_system.AF_INET
    bound = sockets_of_system.create_server((host, port), family=family, backlog=BACKLOG)
    bound.setsockopt(sockets_of_system.IPPROTO_TCP, sockets_of_system.TCP_NODELAY, 1)
    bound.setblocking(False)
    return bound


def _own_origins(settings: GatewaySettings, port: int) -> list[str]:
    scheme = "https" if settings.tls_certificate else "http"
    return [*settings.origins, *(f"{scheme}://{name}:{port}" for name in _LOOPBACK_NAMES)]


def _url(settings: GatewaySettings, port: int) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _description(url: str, metrics_url: str) -> GatewayRun:
    return GatewayRun(pid=os.getpid(), url=url, metrics_url=metrics_url, started_ns=time.time_ns(), version=__version__)


def _raise_file_limit() -> None:
    """A socket is a file, and shells allow 1,024 of them unless asked for more."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
