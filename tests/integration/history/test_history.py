"""Rows of a real exchange, on both databases: nobody waits for them, no crash falsifies them, they come again."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from mexchange.codec import encode
from mexchange.domain.client_id import parse
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Accepted
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks
from tests import postgres
from tests.history.oracle import check_journal
from tests.integration.daemon.market import Market, Visitor
from tests.integration.durability.ledger import Ledger
from tests.integration.durability.test_kill import TRADE_AGAIN_S, free_port
from tests.integration.history.market import caught_up, facts, projector_pid, send, wait_for

QUIET_S: Final = 2
STOPPED_S: Final = 10
WORST_S: Final = STOPPED_S / 2
"""An order that waited for the projector would wait until that goes on. How long others take, `make bench` measures."""
ROUNDS: Final = 6
ROUNDS_SOAK: Final = 60


class Server:
    """The database of a test: a file that can be locked, or a server that can be killed."""

    def __init__(self, kind: str, data: Path) -> None:
        self._data = data
        self._lock: sqlite3.Connection | None = None
        self._cluster: postgres.Cluster | None = None
        self.setting = ""
        if kind == "postgresql":
            folder = postgres.programs()
            if folder is None:
                pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
            self._cluster = postgres.Cluster(folder)
            self.setting = self._cluster.new_database()

    def kill(self) -> None:
        """It answers nobody. A SQLite file has no server: somebody else holds it for ever."""
        if self._cluster is not None:
            self._cluster.kill()
            return
        self._lock = sqlite3.connect(self._data / "history.db", isolation_level=None, timeout=30)
        self._lock.execute("BEGIN IMMEDIATE")

    def start(self) -> None:
        """It answers again."""
        if self._cluster is not None:
            self._cluster.start()
        elif self._lock is not None:
            self._lock.close()
            self._lock = None

    def end(self) -> None:
        """Whatever is left of it."""
        if self._lock is not None:
            self._lock.close()
        if self._cluster is not None:
            self._cluster.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """One run per kind of database."""
    one = Server(request.param, tmp_path / "data")
    yield one
    one.end()


@pytest.fixture
def exchange(server: Server, tmp_path: Path) -> Iterator[Market]:
    """Not started yet."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    one = Market(
        data,
        MX_DAEMON_SEGMENT_BYTES=str(1 << 20),
        MX_DAEMON_FRAME_BYTES_MAX=str(1 << 17),
        MX_DAEMON_FREE_BYTES_MIN="1",
        MX_DAEMON_HISTORY_FREE_BYTES_MIN="1",
        MX_DAEMON_DATABASE=server.setting,
    )
    yield one
    one.end()


class Customers:
    """Two, who trade with each other: one order after the other, of which each one's wait is measured."""

    def __init__(self, market: Market) -> None:
        self._visitors = (market.visit(), market.visit())
        self._number = 0

    def trade(self, until: Callable[[], bool]) -> list[float]:
        """Seconds from asking to the answer, of each order."""
        waits: list[float] = []
        while not until():
            begin = time.monotonic()
            self._place(self._visitors[self._number % 2], self._number)
            waits.append(time.monotonic() - begin)
            self._number += 1
        return waits

    def _place(self, visitor: Visitor, number: int) -> None:
        """The first one rests, the second one takes it; who buys and who sells changes."""
        name, seen = parse(f"o{number}"), len(visitor.events)
        side = Side.BUY if number % 4 in (0, 3) else Side.SELL
        visitor.tell(encode(PlaceOrder(AccountId(0), name, MarketId(1), side, Lots(2), Ticks(100_000))))

        def is_answered() -> bool:
            fresh = visitor.events[seen:]
            return any(isinstance(event, Accepted) and event.client_order_id == name for event in fresh)

        visitor.wait(is_answered)


def after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def test_no_order_waits_for_the_projector_or_the_database(server: Server, exchange: Market) -> None:
    exchange.start()
    pid = projector_pid(exchange)
    customers = Customers(exchange)
    quiet = customers.trade(after(QUIET_S))
    send(pid, signal.SIGSTOP)
    stopped = customers.trade(after(STOPPED_S))
    behind = facts(exchange)
    assert int(behind["history_lag_commands"]) >= len(stopped)
    assert int(behind["history_lag_events"]) >= len(stopped)
    send(pid, signal.SIGCONT)
    server.kill()
    killed = customers.trade(after(QUIET_S))
    wait_for(exchange, lambda now: str(now["history"]).startswith("waiting"))
    killed += customers.trade(after(QUIET_S))
    assert int(facts(exchange)["history_lag_ns"]) > 0
    server.start()
    caught_up(exchange)
    for name, waits in (("stopped", stopped), ("killed", killed)):
        assert max(waits) < WORST_S, (name, max(waits))
        assert len(waits) > 50, "it did trade"
    assert exchange.stop() == 0, exchange.log()
    tables = check_journal(server.setting, exchange.data)
    assert len(tables["orders"]) > len(quiet) + len(stopped) + len(killed)


class Disturber:
    """Does one bad thing after the other to an exchange that trades."""

    def __init__(self, market: Market, server: Server, rng: random.Random, port: int) -> None:
        self._market, self._server, self._rng, self._port = market, server, rng, port

    def disturb(self) -> str:
        """Its name."""
        time.sleep(self._rng.uniform(0.05, 0.5))
        deed = self._rng.choice(
            (self.kill_the_projector, self.kill_the_daemon, self.kill_both, self.take_the_database, self.lose_the_spool)
        )
        deed()
        return deed.__name__

    def kill_the_projector(self) -> None:
        send(projector_pid(self._market), signal.SIGKILL)

    def kill_the_daemon(self) -> None:
        self._market.kill()
        self._market.start(port=self._port)

    def kill_both(self) -> None:
        """In the middle of what it writes, and again while it catches up."""
        pid = projector_pid(self._market)
        send(pid, signal.SIGKILL)
        self.kill_the_daemon()

    def take_the_database(self) -> None:
        projector_pid(self._market)
        self._server.kill()
        time.sleep(self._rng.uniform(0.05, 1))
        self._server.start()

    def lose_the_spool(self) -> None:
        self._market.kill()
        shutil.rmtree(self._market.data / "events")
        self._market.start(port=self._port)


def wait_for_trade(traders: list[Ledger]) -> None:
    """Each one was told something since the last look."""
    deadline = time.monotonic() + TRADE_AGAIN_S
    for trader in traders:
        while not trader.read():
            assert trader.is_alive
            assert time.monotonic() < deadline, "nobody trades any more"
            time.sleep(0.02)


def disturbed(exchange: Market, server: Server, seed: int, rounds: int) -> None:
    rng, port = random.Random(seed), free_port()
    with ExitStack() as stack:
        run = exchange.start(port=port)
        traders = [Ledger(run, exchange.data.parent / f"trader-{number}", number) for number in range(2)]
        for trader in traders:
            stack.callback(trader.end)
        disturber = Disturber(exchange, server, rng, port)
        for _ in range(rounds):
            wait_for_trade(traders)
            print(disturber.disturb())
        wait_for_trade(traders)
        for trader in traders:
            trader.stop()
        caught_up(exchange)
        assert exchange.stop() == 0, exchange.log()
    tables = check_journal(server.setting, exchange.data)
    assert tables["fills"]


def test_rows_equal_a_replay_after_crashes(server: Server, exchange: Market, seed: int) -> None:
    disturbed(exchange, server, seed, ROUNDS)


@pytest.mark.soak
def test_rows_equal_a_replay_after_many_crashes(server: Server, exchange: Market, seed: int) -> None:
    disturbed(exchange, server, seed, ROUNDS_SOAK)


def test_lost_rows_come_back_from_the_journal(server: Server, exchange: Market) -> None:
    exchange.start()
    Customers(exchange).trade(after(1))
    caught_up(exchange)
    assert exchange.stop() == 0
    before = check_journal(server.setting, exchange.data)
    for file in exchange.data.glob("history.db*"):
        file.unlink()
    shutil.rmtree(exchange.data / "events")
    exchange.start()
    caught_up(exchange)
    assert exchange.stop() == 0
    after_all = check_journal(server.setting, exchange.data)
    assert after_all["orders"][: len(before["orders"])] == before["orders"]


def mx(*words: str, data: Path, setting: str) -> subprocess.CompletedProcess[str]:
    """A command of an operator."""
    environ = {**os.environ, "MX_DATA_DIR": os.fspath(data), "MX_DAEMON_DATABASE": setting}
    environ["MX_DAEMON_HISTORY_FREE_BYTES_MIN"] = "1"
    command = [sys.executable, "-m", "mexchange", "-o", "json", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)


def test_rebuild_makes_the_rows_again(server: Server, exchange: Market) -> None:
    exchange.start()
    customers = Customers(exchange)
    customers.trade(after(1))
    caught_up(exchange)
    running = mx("daemon", "rebuild", "--yes", data=exchange.data, setting=server.setting)
    assert running.returncode == 0, running.stderr
    assert "running daemon" in running.stdout
    customers.trade(after(0.5))
    caught_up(exchange)
    assert exchange.stop() == 0, exchange.log()
    first = check_journal(server.setting, exchange.data)
    stopped = mx("daemon", "rebuild", "--yes", data=exchange.data, setting=server.setting)
    assert stopped.returncode == 0, stopped.stderr
    assert "this command" in stopped.stdout
    assert check_journal(server.setting, exchange.data) == first


def test_a_rebuild_that_was_killed_goes_on(server: Server, exchange: Market) -> None:
    exchange.start()
    Customers(exchange).trade(after(1))
    caught_up(exchange)
    assert exchange.stop() == 0
    first = check_journal(server.setting, exchange.data)
    environ = {**os.environ, "MX_DAEMON_DATABASE": server.setting, "MX_DAEMON_HISTORY_FREE_BYTES_MIN": "1"}
    words = ["-m", "mexchange", "daemon", "rebuild", "--yes", "--data", os.fspath(exchange.data)]
    process = subprocess.Popen([sys.executable, *words], env=environ, stdout=subprocess.DEVNULL)
    time.sleep(1.2)
    process.kill()
    process.wait()
    done = mx("daemon", "rebuild", "--continue", data=exchange.data, setting=server.setting)
    assert done.returncode == 0, done.stderr
    assert check_journal(server.setting, exchange.data) == first


def test_migrate_upgrades_both_databases(server: Server, exchange: Market) -> None:
    exchange.start()
    caught_up(exchange)
    assert exchange.stop() == 0
    done = mx("daemon", "migrate", data=exchange.data, setting=server.setting)
    assert done.returncode == 0, done.stderr
    assert '"history_revision"' in done.stdout
    exchange.start()
    assert exchange.stop() == 0
