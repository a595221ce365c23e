"""The way to the source: connects, tries again, follows a local market to another port.

    no source ── connected ──> source ── refused for good, or the market listens elsewhere ──> next source
        ^  └─ 0.25 to 8 s ─┘       └─ short losses are the client's own business

The screens keep what they show until the next source is there.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final

from mexchange.client.api import Client
from mexchange.client.connection import Connection
from mexchange.client.errors import ClientError
from mexchange.client.liveness import LivenessState
from mexchange.config.errors import ConfigError

RETRY_FIRST_S: Final = 0.25
RETRY_LAST_S: Final = 8.0
LOOK_S: Final = 0.5
"""Between two looks whether the source is still the right one."""


class Link:
    """One source at a time. `run` it as a task."""

    def __init__(
        self,
        where: Callable[[], Connection],
        *,
        connected: Callable[[Client], Awaitable[None]],
        failed: Callable[[Exception], None],
    ) -> None:
        """`where` raises ConfigError if no server is known; `failed` hears why an attempt came to nothing."""
        self.client: Client | None = None
        self.attempt = 0
        """Since the last connection."""
        self._where = where
        self._connected = connected
        self._failed = failed
        self._hurry = asyncio.Event()
        self._place = ("", 0)
        self._is_outdated = False

    def now(self) -> None:
        """Do not wait for the next attempt: something has changed."""
        self._hurry.set()

    def again(self) -> None:
        """Connect anew, as whoever we are now."""
        self._is_outdated = True
        self.now()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                client = await self._connect()
                before, self.client = self.client, client
                self._is_outdated = False
                try:
                    await self._connected(client)
                except ClientError as error:  # lost again before there was anything to show
                    self._failed(error)
                if before is not None:
                    await before.close()
                await self._until_outdated(client)
        finally:
            if self.client is not None:
                await self.client.close()

    async def _connect(self) -> Client:
        wait_s = RETRY_FIRST_S
        while True:
            self.attempt += 1
            self._hurry.clear()
            try:
                where = self._where()
                client = await Client.connect(where)
            except (ClientError, ConfigError, OSError) as error:
                self._failed(error)
            else:
                self.attempt, self._place = 0, (where.host, where.port)
                return client
            await self._rest(wait_s * random.uniform(0.75, 1.25))
            wait_s = min(wait_s * 2, RETRY_LAST_S)

    async def _until_outdated(self, client: Client) -> None:
        while not self._is_outdated and client.exchange.closed is None and not self._has_moved(client):
            await self._rest(LOOK_S)

    def _has_moved(self, client: Client) -> bool:
        """Is the server gone, and does another address stand where we found it."""
        if client.liveness().state < LivenessState.STALE:
            return False
        try:
            where = self._where()
        except (ConfigError, OSError):
            return False
        return (where.host, where.port) != self._place

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return
        self._hurry.clear()
