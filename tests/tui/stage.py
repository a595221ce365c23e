"""The terminal client on a real daemon, whose market is made by the same orders each time.

    async with stage.app(size=(120, 40)) as pilot:
        await wait_for(pilot, lambda: "LIVE" in text(pilot.app))

No bots: nothing moves unless the test moves it, with `stage.maker()` or `stage.operator()`.
"""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from textual.pilot import Pilot

from mexchange.client.api import Client
from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import Connection
from mexchange.config import keys, paths, pins, profiles, settings
from mexchange.config.daemon_run import DaemonRun
from mexchange.config.settings import Settings
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.order import OrderType, Side
from mexchange.domain.units import AccountId, Atoms, Lots, MarketId, Ticks
from mexchange.protocol.login import EnrollLogin, KeyLogin, LoginChoice
from mexchange.tui.app import MxApp
from mexchange.tui.options import TuiOptions
from tests.integration.daemon.market import Market, key_login
from tests.tui.grid import text

DEADLINE_S: Final = 30.0
MAKER_SEED: Final = b"m" * keys.SEED_BYTES
TAKER_SEED: Final = b"t" * keys.SEED_BYTES
PLENTY: Final = Atoms(10**14)
BEST_BID: Final = 99_957
BEST_ASK: Final = 99_980
LEVELS: Final = 30
TAKEN: Final = ((Side.BUY, BEST_ASK, 4_000), (Side.SELL, BEST_BID, 2_500), (Side.BUY, BEST_ASK, 1_250))
"""What is traded before the curtain rises: taker's side, price, quantity."""
KCN_EUR: Final = MarketId(1)


class Stage:
    """One daemon, one scripted market, any number of apps."""

    def __init__(self, market: Market, folder: Path) -> None:
        self.market = market
        self.folder = folder
        self.run: DaemonRun = market.run()

    def settings(self, *, port: int | None = None, **flags: object) -> Settings:
        """As a person of this machine has them. `port`: reach the daemon over that one instead."""
        environ = {"MX_DATA_DIR": os.fspath(self.market.data), "MX_CONFIG_DIR": os.fspath(self.folder / "config")}
        found = settings.load(flags={"market": "KCN/EUR", **flags}, environ=environ, directory=self.folder)
        return found if port is None else msgspec.structs.replace(found, server=f"udp://127.0.0.1:{port}")

    def known(self, port: int) -> Settings:
        """The daemon behind another port, whose key was seen there before; signed in with the key of this machine."""
        found = self.settings(port=port)
        pins.add(paths.known_servers_file(found.config_dir), "127.0.0.1", port, bytes.fromhex(self.run.server_key))
        seed = keys.read(paths.local_key_file(self.market.data))
        profile = profiles.read_local(paths.local_profile_file(self.market.data))
        assert seed is not None
        assert profile is not None
        return msgspec.structs.replace(found, api_key=profile.key_id, api_secret=seed.hex())

    def options(self, **changes: Any) -> TuiOptions:
        """Of `mx tui KCN/EUR --no-wizard`."""
        found = TuiOptions(settings=self.settings(), market="KCN/EUR", wizard=False)
        return msgspec.structs.replace(found, **changes)

    @asynccontextmanager
    async def app(
        self, *, size: tuple[int, int] = (120, 40), options: TuiOptions | None = None
    ) -> AsyncIterator[Pilot[int]]:
        """The app, connected and live."""
        if options is None:
            shutil.rmtree(self.folder / "config", ignore_errors=True)
        app = MxApp(options or self.options())
        async with app.run_test(size=size) as pilot:
            await wait_for(pilot, lambda: app.shell.is_settled)
            yield pilot

    def connection(self, login: LoginChoice) -> Connection:
        """For another client of the same daemon."""
        return Connection(
            host=self.run.host, port=self.run.port, login=login, expected_key=bytes.fromhex(self.run.server_key)
        )

    @asynccontextmanager
    async def maker(self) -> AsyncIterator[Client]:
        """Whose orders are the book."""
        async with await Client.connect(self.connection(self.maker_login())) as client:
            yield client

    @asynccontextmanager
    async def operator(self) -> AsyncIterator[Client]:
        """Who may do everything."""
        async with await Client.connect(self.connection(self.operator_login())) as client:
            yield client

    def script(self) -> None:
        """Make the market."""
        with BlockingClient.connect(self.connection(self.maker_login())) as maker:
            account = maker.session.account
            with BlockingClient.connect(self.connection(self.operator_login())) as operator:
                for asset in operator.assets():
                    operator.deposit(account, asset.asset, PLENTY)
            outcomes = maker.place_many(book())
            assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
            with BlockingClient.connect(self.connection(self.taker_login())) as taker:
                for side, price, quantity in TAKEN:
                    taker.place(KCN_EUR, side, Lots(quantity), Ticks(price))

    def restart(self, *, port: int) -> None:
        """After a kill: recovered from its journal."""
        self.run = self.market.start(port=port)

    def pause(self) -> None:
        """SIGSTOP: the daemon says nothing any more."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.market.process is not None
        self.market.process.send_signal(number)

    def taker_login(self) -> LoginChoice:
        """Who took what was traded first."""
        return EnrollLogin(TAKER_SEED, "the script's taker")

    def maker_login(self) -> LoginChoice:
        """Whose orders are the book."""
        return EnrollLogin(MAKER_SEED, "the script's maker")

    def operator_login(self) -> KeyLogin:
        """By the key that the daemon made for its operator."""
        seed = keys.read(paths.local_operator_key_file(self.market.data))
        assert seed is not None
        return key_login(seed)


def book() -> list[PlaceOrder]:
    """Thirty levels on either side, with gaps and sizes that a small generator gives."""
    orders, state = [], 7
    for side, best, step in ((Side.SELL, BEST_ASK, 1), (Side.BUY, BEST_BID, -1)):
        price = best
        for _ in range(LEVELS):
            state = (state * 1_103_515_245 + 12_345) % 2**31
            orders.append(order(side, price, 10_000 + state // 65_536 % 80_000))
            price += step * (1 + state // 4_096 % 3)
    return orders


def order(side: Side, price: int, quantity: int, market: int = KCN_EUR) -> PlaceOrder:
    """A limit order of whoever sends it."""
    return PlaceOrder(AccountId(0), NO_ID, MarketId(market), side, Lots(quantity), Ticks(price), OrderType.LIMIT)


def app_of(pilot: Pilot[Any]) -> MxApp:
    """The app that is driven."""
    assert isinstance(pilot.app, MxApp)
    return pilot.app


async def wait_for(pilot: Pilot[int], condition: Callable[[], object]) -> None:
    """Live until it is true. AssertionError, with the screen, after the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited {DEADLINE_S} s in vain; the screen:\n{text(pilot.app)}"
        await asyncio.sleep(0.02)
        await pilot.pause()


def opened(folder: Path) -> Iterator[Stage]:
    """A stage that ends with the generator."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    market = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
    try:
        market.start()
        stage = Stage(market, folder)
        stage.script()
        yield stage
    finally:
        market.end()
