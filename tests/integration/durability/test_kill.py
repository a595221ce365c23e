"""`kill -9` at any moment, under load: nothing acknowledged is lost, nothing is done twice, and it is back soon.

Traders are processes of their own that live through all kills. After each kill a replica, fed from the files alone, is
compared with what they were told before it, with the chain that was read before it, and with the state hash that the
daemon showed before it.
"""

import random
import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import pytest

from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import Connection, EnrollLogin
from mexchange.config.daemon_run import DaemonRun
from mexchange.core.engine import Engine
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import CancelOrder
from mexchange.domain.units import AccountId, OrderId
from mexchange.store.disk import RealDisk
from mexchange.store.snapshots import Snapshots
from tests.integration.daemon.market import Market
from tests.integration.durability.ledger import Ledger
from tests.integration.durability.replica import Replica

TRADERS: Final = 3
MOMENTS: Final = ("any", "snapshot", "segment", "recovery")
GRANT: Final = "Deposited"
"""The demo's own gift to each new account."""
PATIENCE_S: Final = 3
TRADE_AGAIN_S: Final = 90
"""A client that met two dead daemons in a row waits some seconds before it tries a third time."""
RESTART_S: Final = 2
KIB: Final = 1 << 10
QUIET_PORTS: Final = (10_000, 32_000)


class Killer:
    """Kills and restarts one market, and keeps count of what was going on at those moments."""

    def __init__(self, market: Market, rng: random.Random, stack: ExitStack) -> None:
        self._market = market
        self._rng = rng
        self._port = free_port()
        run = self.start()
        self.ledgers = [Ledger(run, market.data.parent / f"trader-{n}", n) for n in range(TRADERS)]
        for ledger in self.ledgers:
            stack.callback(ledger.end)
        self.replica = Replica(market.data)
        self.shown: dict[int, bytes] = {}
        """Sequence → state hash, as the daemon told them."""
        self.restarts_s: list[float] = []
        self.hits: Counter[str] = Counter()
        self._left_unfinished: set[Path] = set()

    def start(self) -> DaemonRun:
        """On the same port each time, so that the traders find it."""
        return self._market.start(port=self._port)

    def kill_once(self, moment: str, *, witness: bool) -> None:
        """Wait for such a moment, kill, compare, restart, compare."""
        self._wait_for_trade()
        if witness:
            self._show_state()
        self.replica.catch_up(watch=frozenset(self.shown))
        if witness:
            self.replica.check_state(self.shown)
        chain_sequence, chain_digest = self.replica.sequence, self.replica.digest()
        self._wait_for(moment)
        promises = [promise for ledger in self.ledgers for promise in ledger.read()]
        self._market.kill()
        self.hits[self._interrupted()] += 1
        self._left_unfinished |= self._unfinished_snapshots()
        if moment == "recovery":
            self._kill_in_recovery()
        self.replica.catch_up()
        assert self.replica.digest_at(chain_sequence) == chain_digest
        self.replica.check(promises)
        begin = time.monotonic()
        self.start()
        self.restarts_s.append(time.monotonic() - begin)
        assert self.replica.catch_up() == 0 or self.replica.sequence > chain_sequence

    def finish(self) -> None:
        """Let the traders settle, stop, and compare everything once more, from the first byte and from the snapshot."""
        for ledger in self.ledgers:
            ledger.stop()
            assert ledger.is_complete
        assert self._market.stop() == 0, self._market.log()
        replica = Replica(self._market.data)
        replica.catch_up(watch=frozenset(self.shown))
        for ledger in self.ledgers:
            replica.check(ledger.promises)
            done = {
                key[1]
                for key, (first, *_) in replica.effects.items()
                if key[0] == ledger.account and first.kind != GRANT
            }
            assert done <= ledger.sent, "nobody asked for that"
        replica.check_twice()
        replica.check_state(self.shown)
        self.replica.catch_up()
        assert self.replica.digest() == replica.digest()
        assert self.replica.engine.state_hash() == replica.engine.state_hash() == newest_snapshot(self._market.data)

    def _wait_for_trade(self) -> None:
        """All traders have been told something since the last kill."""
        waiting = set(range(TRADERS))
        deadline = time.monotonic() + TRADE_AGAIN_S
        while waiting:
            assert time.monotonic() < deadline, self._market.log()[-2000:]
            for number in list(waiting):
                ledger = self.ledgers[number]
                assert ledger.is_alive
                before = len(ledger.promises)
                ledger.read()
                if len(ledger.promises) > before:
                    waiting.discard(number)
            time.sleep(0.005)

    def _show_state(self) -> None:
        """Ask the daemon for its state hash, as `--dry-run` does."""
        run = self._market.run()
        connection = Connection(
            host=run.host,
            port=run.port,
            login=EnrollLogin(self._rng.randbytes(32), "witness"),
            expected_key=bytes.fromhex(run.server_key),
        )
        with BlockingClient.connect(connection) as client:
            preview = client.preview(CancelOrder(AccountId(0), NO_ID, OrderId(1)))
            if preview.state_hash:  # a busy server makes few of them
                self.shown[int(preview.sequence)] = preview.state_hash

    def _wait_for(self, moment: str) -> None:
        data = self._market.data
        match moment:
            case "snapshot":
                self._until(lambda: bool(self._unfinished_snapshots()))
                time.sleep(self._rng.random() * 0.02)
            case "segment":
                self._until(lambda: not (data / "journal" / "next.spare").exists())
            case _:
                time.sleep(self._rng.random() * 0.4)

    def _until(self, is_now: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_now() and time.monotonic() < deadline:
            pass

    def _interrupted(self) -> str:
        """What the kill left half done."""
        data = self._market.data
        if self._unfinished_snapshots():
            return "snapshot"
        if not (data / "journal" / "next.spare").exists():
            return "segment"
        return "trade"

    def _unfinished_snapshots(self) -> set[Path]:
        """Begun since the last start."""
        return set((self._market.data / "snapshots").glob("*.tmp")) - self._left_unfinished

    def _kill_in_recovery(self) -> None:
        begun_ns = time.time_ns()
        self._market.launch(port=self._port)
        time.sleep(0.2 + self._rng.random() * 0.4)
        self._market.kill()
        self.hits["recovery" if self._market.run().started_ns < begun_ns else "start"] += 1


def newest_snapshot(data: Path) -> bytes:
    """The state hash that the clean stop left behind."""
    snapshot, _ = Snapshots(RealDisk(data)).newest_valid()
    assert snapshot is not None
    return Engine.restore(snapshot.engine).state_hash()


def free_port() -> int:
    """A UDP port that nobody uses now, below those that systems give out: while the daemon is dead nobody takes it."""
    while True:
        port = random.SystemRandom().randrange(*QUIET_PORTS)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port


def kill_often(data: Path, seed: int, times: int) -> Killer:
    """Kill so often, at moments of all kinds."""
    market = Market(
        data,
        MX_DAEMON_SEGMENT_BYTES=str(256 * KIB),
        MX_DAEMON_FRAME_BYTES_MAX=str(64 * KIB),
        MX_DAEMON_FREE_BYTES_MIN="1",
        MX_DAEMON_SNAPSHOT_REPLAY_MS="100",
        MX_DAEMON_LIMITS_ORDERS_PER_SECOND="100000",
    )
    rng = random.Random(seed)
    with ExitStack() as stack:
        stack.callback(market.end)
        killer = Killer(market, rng, stack)
        for number in range(times):
            killer.kill_once(MOMENTS[number % len(MOMENTS)], witness=number % 4 == 0)
        killer.finish()
    promises = sum(len(ledger.promises) for ledger in killer.ledgers)
    restarts = sorted(killer.restarts_s)
    print(
        f"{times} kills, interrupted {dict(killer.hits)}; {promises} acknowledgements,",
        f"{len(killer.shown)} state hashes, {killer.replica.sequence} commands;",
        f"restart median {statistics.median(restarts):.2f} s, max {restarts[-1]:.2f} s",
    )
    assert killer.shown, "not one state was compared"
    return killer


def test_nothing_acknowledged_is_lost_or_done_twice(tmp_path: Path, seed: int) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    killer = kill_often(data, seed, 8)
    assert sum(len(ledger.promises) for ledger in killer.ledgers) > 500


@pytest.mark.soak
def test_two_hundred_kills(tmp_path: Path, seed: int) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    killer = kill_often(data, seed, 200)
    for moment in ("snapshot", "segment", "recovery", "trade"):
        assert killer.hits[moment] >= 5, killer.hits
    assert statistics.median(killer.restarts_s) < RESTART_S
