"""The way to the exchange: public data by the gateway's own key, over as many sessions as the channels need.

A session of the exchange listens to 64 channels, so further ones are opened as they are wanted. Each heals itself; when
the exchange comes back at another address, all are opened anew, and whoever listens is told to listen again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import msgspec

from mexchange.client.api import Client
from mexchange.client.connection import Connection, KeyLogin
from mexchange.client.errors import ClientError
from mexchange.client.liveness import LivenessState
from mexchange.client.markets import Markets
from mexchange.config.errors import ConfigError
from mexchange.gateway.errors import Unavailable
from mexchange.protocol.login import LoginChoice
from mexchange.telemetry import logs

PROGRAM: Final = "mx gateway"
CHANNELS_PER_LINE: Final = 60
LINES_MAX: Final = 32
AGAIN_S: Final = 0.5
"""Between two attempts to reach the exchange."""
LOOK_S: Final = 1.0
MARKETS_S: Final = 5.0
"""How old the rules of the markets may be."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the exchange is, and the gateway's key there. Its text form shows no secret."""

    host: str
    port: int
    server_key: bytes
    key_id: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Place({self.host}:{self.port}, {self.key_id})"

    def connection(self, login: LoginChoice | None = None) -> Connection:
        """As the gateway itself, unless another login is given."""
        return Connection(
            host=self.host,
            port=self.port,
            login=login or KeyLogin(self.key_id, self.seed, PROGRAM),
            expected_key=self.server_key,
            timeout_s=5.0,
            request_timeout_s=5.0,
        )


class Link:
    """Keeps sessions for public data open. `find` says where the exchange is now; it may raise ConfigError."""

    def __init__(self, find: Callable[[], Place]) -> None:
        self._find = find
        self._lines: list[Client] = []
        self._place: Place | None = None
        self._markets: Markets | None = None
        self._texts: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._log = logs.get("gateway.link")
        self._on_reopened: list[Callable[[], Awaitable[None]]] = []

    @property
    def place(self) -> Place:
        """Where the exchange is. Raises Unavailable."""
        if self._place is None:
            raise Unavailable("the exchange cannot be reached", hint="ask again shortly")
        return self._place

    @property
    def client(self) -> Client:
        """For questions. Raises Unavailable."""
        if not self._lines:
            raise Unavailable("the exchange cannot be reached", hint="ask again shortly")
        return self._lines[0]

    @property
    def markets(self) -> Markets:
        """All markets, at most some seconds old. Raises Unavailable."""
        if self._markets is None:
            raise Unavailable("the exchange cannot be reached", hint="ask again shortly")
        return self._markets

    @property
    def is_demo(self) -> bool:
        """Is it a market for trying out."""
        return self._texts.get("market") == "demo"

    @property
    def version(self) -> str:
        """Of the exchange."""
        return self._texts.get("version", "")

    @property
    def state(self) -> LivenessState:
        """How far what we tell may be trusted."""
        return self._lines[0].liveness().state if self._lines else LivenessState.OFFLINE

    @property
    def sequence(self) -> int:
        """The exchange's head, as far as we have heard."""
        return max((line.exchange.sequence for line in self._lines), default=0)

    @property
    def round_trip_ns(self) -> int:
        """To the exchange; 0: not measured yet."""
        return (self._lines[0].exchange.session.srtt_ns or 0) if self._lines else 0

    @property
    def lines(self) -> int:
        """Open sessions for public data."""
        return len(self._lines)

    def now_ns(self) -> int:
        """The exchange's wall clock. Raises Unavailable."""
        return self.client.server_time_ns()

    def on_reopened(self, listener: Callable[[], Awaitable[None]]) -> None:
        """Hear when all sessions are new: nothing is listened to any more."""
        self._on_reopened.append(listener)

    async def line_for_channel(self) -> Client:
        """A session with room for one more channel. Raises Unavailable, ClientError."""
        async with self._opening:
            for line in self._lines:
                if len(line.exchange.subscriptions) < CHANNELS_PER_LINE:
                    return line
            if len(self._lines) >= LINES_MAX:
                raise Unavailable("as many channels are open as this gateway can hold", hint="ask again later")
            line = await Client.connect(self.place.connection())
            self._lines.append(line)
            return line

    async def start(self) -> None:
        """Begin to reach the exchange; returns at once if it is not there."""
        with suppress(ClientError, ConfigError, Unavailable):
            await self._open()
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Leave."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._close()

    async def _open(self) -> None:
        place = self._find()
        client = await Client.connect(place.connection())
        try:
            markets = await client.markets()
            texts = (await client.status()).text
        except BaseException:
            await client.close()
            raise
        self._place, self._markets, self._texts = place, markets, texts
        self._lines = [client]
        self._log.info("reached the exchange", at=f"{place.host}:{place.port}", markets=len(markets))
        for listener in self._on_reopened:
            await listener()

    async def _close(self) -> None:
        lines, self._lines = self._lines, []
        for line in lines:
            await line.close()

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        looked = loop.time()
        while True:
            await asyncio.sleep(LOOK_S if self._lines else AGAIN_S)
            try:
                if not self._lines or self._has_moved() or self._is_over():
                    await self._close()
                    await self._open()
                elif loop.time() - looked > MARKETS_S:
                    looked = loop.time()
                    self._markets = await self.client.markets(refresh=True, timeout_s=2.0)
            except (ClientError, ConfigError, Unavailable) as error:
                self._log.debug("waiting for the exchange", error=str(error))

    def _has_moved(self) -> bool:
        """Is the exchange silent, and said to be elsewhere."""
        if self._lines[0].exchange.is_logged_in:
            return False
        with suppress(ConfigError):
            place = self._find()
            return self._place is not None and (place.host, place.port) != (self._place.host, self._place.port)
        return False

    def _is_over(self) -> bool:
        """Did a session end for good."""
        return any(line.exchange.closed is not None for line in self._lines)
