"""A bot as a program: finds the market, logs in with a key of its own, trades until it is stopped.

Exit codes: 0 stopped, 1 something that should not happen, else those of the client's errors (4 login, 8 unreachable).
A market that goes away is waited for; it comes back with everything that was acknowledged.
"""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from mexchange.bots.driver import Driver, Strategy
from mexchange.bots.maker import Maker
from mexchange.bots.shapes import maker_settings, taker_settings
from mexchange.bots.taker import Taker
from mexchange.client.api import Client
from mexchange.client.connection import Connection, EnrollLogin, KeyLogin
from mexchange.client.errors import ClientError, LoginRefused, ServerKeyError, Unsupported
from mexchange.codec.messages import MarketInfo
from mexchange.config import keys, paths
from mexchange.config.errors import ServerNotFound
from mexchange.config.server import Server, find_server
from mexchange.config.settings import Settings
from mexchange.protocol.login import LoginChoice
from mexchange.telemetry import logs

KINDS: Final = ("maker", "taker")
PROGRAM: Final = "mx bot"
AGAIN_S: Final = 1.0
"""Between two attempts to reach the market."""

_log = logs.get("bots")


class BotSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which bot, on which markets. `settings` says which server."""

    kind: str
    markets: tuple[str, ...] = ()
    """By symbol; none: all that there are."""
    seed: int = 1
    """Same seed, same fair price and same dice; makers and takers of one market should share it."""
    settings: Settings


def run_bot(bot: BotSettings) -> int:
    """Trade until SIGINT or SIGTERM. Returns the exit code; raises ConfigError if no server is found."""
    assert bot.kind in KINDS
    logs.configure(level="info")
    return asyncio.run(_until_stopped(bot))


async def _until_stopped(bot: BotSettings) -> int:
    loop, trading = asyncio.get_running_loop(), asyncio.ensure_future(_trade(bot))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, trading.cancel)
    try:
        await trading
    except asyncio.CancelledError:
        return 0
    except ClientError as error:
        _log.error("ended", error=str(error), hint=error.hint)
        return error.exit_code
    raise AssertionError("a bot trades until it is stopped")


async def _trade(bot: BotSettings) -> None:
    where = connection(bot)
    while True:
        try:
            async with await Client.connect(where) as client:
                await _trade_with(bot, client)
        except (LoginRefused, ServerKeyError, Unsupported):
            raise
        except ClientError as error:
            _log.warning("waiting for the market", error=str(error))
        await asyncio.sleep(AGAIN_S)
        with suppress(ServerNotFound):  # it may come back elsewhere
            where = connection(bot)


async def _trade_with(bot: BotSettings, client: Client) -> None:
    registry = await client.markets()
    infos = [registry.by_symbol(symbol) for symbol in bot.markets] or list(registry)
    scales = {info.market: registry.asset(info.quote).scale for info in infos}

    def strategy(info: MarketInfo) -> Strategy:
        return make_strategy(bot.kind, seed=bot.seed, market=info.market, quote_scale=scales[info.market])

    driver = await Driver.open(client, infos, strategy, seed=bot.seed)
    _log.info("trading", kind=bot.kind, account=client.session.account, markets=[info.symbol for info in infos])
    try:
        await driver.run()
    finally:
        await driver.leave()


def make_strategy(kind: str, *, seed: int, market: int, quote_scale: int) -> Strategy:
    """The strategy of one market; each market has dice of its own."""
    dice = seed << 32 | market
    if kind == "maker":
        return Maker(maker_settings(quote_scale), dice)
    return Taker(taker_settings(quote_scale), dice)


def connection(bot: BotSettings) -> Connection:
    """Where to, and as whom: each kind of bot has a key of its own, made at its first start.

    A server that was never met is refused: nobody watches a bot that could compare fingerprints.
    """
    where = find_server(bot.settings)
    return Connection(
        host=where.host,
        port=where.port,
        login=_login(bot, where),
        expected_key=where.key,
    )


def _login(bot: BotSettings, where: Server) -> LoginChoice:
    """An API key of the environment comes first: on a server that is no demo nobody opens an account by himself."""
    credentials = keys.find_credentials(bot.settings, where) if bot.settings.api_key is not None else None
    if credentials is not None and credentials.key_id is not None:
        return KeyLogin(credentials.key_id, credentials.seed, PROGRAM)
    return EnrollLogin(_seed_of_key(bot, where), f"{bot.kind} bot", PROGRAM)


def _seed_of_key(bot: BotSettings, where: Server) -> bytes:
    path = _key_file(bot, where)
    seed = keys.read(path)
    if seed is None:
        seed = os.urandom(keys.SEED_BYTES)
        keys.write(path, seed)
    return seed


def _key_file(bot: BotSettings, where: Server) -> Path:
    """A local market keeps the keys of its bots; for any other they are kept with the configuration."""
    if where.local is not None:
        return paths.local_bot_key_file(where.local, bot.kind)
    return paths.key_file(bot.settings.config_dir, f"bot-{bot.kind}")
