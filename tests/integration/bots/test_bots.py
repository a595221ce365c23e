"""Real bots on a real daemon: the market lives, outlives a kill of the daemon, and a bot that was killed tidies up."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from mexchange.bots.driver import Driver
from mexchange.bots.maker import MakerSettings
from mexchange.bots.market_view import MarketView
from mexchange.client.api import Client
from mexchange.client.connection import Connection, EnrollLogin
from mexchange.codec.messages import BookQuery, BookSnapshot, Ticker, TickerQuery, Trades, TradesQuery
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import Command, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from mexchange.protocol.login import AnonymousLogin
from tests.integration.daemon.market import Market, own_seed

MARKETS = (MarketId(1), MarketId(2), MarketId(3))
PATIENCE_S = 45.0
LEVELS = MakerSettings(level_amount=1).levels

Bot = subprocess.Popen[bytes]


@pytest.fixture
def start_bot(market: Market, tmp_path: Path) -> Iterator[Callable[[str], Bot]]:
    bots: list[Bot] = []
    environ = {**os.environ, "MX_DATA_DIR": os.fspath(market.data), "MX_CONFIG_DIR": os.fspath(tmp_path / "config")}
    environ.pop("MX_SERVER", None)

    def start(kind: str) -> Bot:
        with (tmp_path / f"{kind}.log").open("ab") as log:
            bot = subprocess.Popen([sys.executable, "-m", "mexchange.bots", kind], env=environ, stdout=log, stderr=log)
        bots.append(bot)
        return bot

    yield start
    for bot in bots:
        with suppress(ProcessLookupError):
            bot.kill()
        bot.wait()


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.25)


class Look:
    """An anonymous visitor."""

    def __init__(self, market: Market) -> None:
        self._visitor = market.visit(AnonymousLogin())

    def quoted(self) -> bool:
        """Is every market quoted on both sides."""
        return all(0 < ticker.bid < ticker.ask for ticker in map(self._ticker, MARKETS))

    def traded(self, since: int) -> bool:
        """Was there a trade in each market, by traders, after this sequence."""
        return all(self._last_trade(market) > since for market in MARKETS)

    def sequence(self) -> int:
        """Of the newest thing that a ticker tells."""
        return max(self._ticker(market).sequence for market in MARKETS)

    def orders(self, market: MarketId) -> int:
        """Orders in a book."""
        page, *_ = self._visitor.ask(BookQuery(market, 40))
        assert isinstance(page, BookSnapshot)
        assert page.pages == 1
        return sum(level.orders for level in page.levels)

    def _ticker(self, market: MarketId) -> Ticker:
        ticker, *_ = self._visitor.ask(TickerQuery(market))
        assert isinstance(ticker, Ticker)
        return ticker

    def _last_trade(self, market: MarketId) -> int:
        trades, *_ = self._visitor.ask(TradesQuery(market, 1))
        assert isinstance(trades, Trades)
        return max((trade.sequence for trade in trades.trades if not trade.flags), default=0)


def test_the_market_lives_and_goes_on_living_after_kill_9_of_the_daemon(
    market: Market, start_bot: Callable[[str], Bot], tmp_path: Path
) -> None:
    market.start()
    bots = [start_bot("maker"), start_bot("taker")]
    look = Look(market)
    until(look.quoted)
    until(lambda: look.traded(0))
    killed_at = look.sequence()
    market.kill()
    market.start()  # on another port, too
    look = Look(market)
    until(lambda: look.traded(killed_at))
    until(look.quoted)
    # What was in the book when the daemon died still is: the taker alone can trade on that.
    until(lambda: all((tmp_path / f"{kind}.log").read_text().count("trading") >= 2 for kind in ("maker", "taker")))
    assert [bot.poll() for bot in bots] == [None, None]
    for bot in bots:
        bot.send_signal(signal.SIGTERM)
    assert [bot.wait(PATIENCE_S) for bot in bots] == [0, 0]
    assert not any(map(look.orders, MARKETS)), "quotes of a bot that is gone are nobody's word"


def test_a_maker_that_was_killed_cancels_what_it_left_behind(market: Market, start_bot: Callable[[str], Bot]) -> None:
    market.start()
    look = Look(market)
    bot = start_bot("maker")
    until(lambda: all(look.orders(each) == 2 * LEVELS for each in MARKETS))
    bot.kill()
    bot.wait()
    assert all(look.orders(each) == 2 * LEVELS for each in MARKETS), "nobody was there to cancel them"
    before = look.sequence()
    start_bot("maker")
    until(lambda: look.sequence() > before and all(look.orders(each) == 2 * LEVELS for each in MARKETS))


class Bids:
    """A strategy that always wants one more order."""

    def decide(self, view: MarketView, now_ns: int) -> Sequence[Command]:
        return [PlaceOrder(AccountId(0), NO_ID, view.info.market, Side.BUY, Lots(10_000), Ticks(90_000))]


async def test_a_bot_that_is_stopped_in_the_middle_of_sending_leaves_nothing_behind(market: Market) -> None:
    run = market.start()
    connection = Connection(
        host=run.host,
        port=run.port,
        login=EnrollLogin(own_seed(), "a bot"),
        expected_key=bytes.fromhex(run.server_key),
    )
    async with await Client.connect(connection) as client:
        infos = [(await client.markets()).by_symbol("KCN/EUR")]
        driver = await Driver.open(client, infos, lambda info: Bids(), seed=1)
        running = asyncio.ensure_future(driver.run())
        for _ in range(1_000):  # turns of the loop; it begins to send in one of the first
            if client.exchange.desk:
                break
            await asyncio.sleep(0)
        else:
            pytest.fail("it sent nothing")
        running.cancel()
        await asyncio.wait([running])
        await driver.leave()
        orders = await client.orders(limit=10)
    assert [order.is_open for order in orders] == [False]
