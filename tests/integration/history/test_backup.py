"""A backup is taken while people trade; what is restored is the same exchange, at the sequence that it names."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mexchange.daemon import offline
from tests.history.oracle import check_journal, past_of
from tests.integration.daemon.market import Market
from tests.integration.durability.ledger import Ledger
from tests.integration.durability.test_kill import free_port
from tests.integration.history.market import caught_up
from tests.integration.history.test_history import mx
from tests.postgres import Cluster

SETTINGS = {
    "MX_DAEMON_SEGMENT_BYTES": str(256 << 10),
    "MX_DAEMON_FRAME_BYTES_MAX": str(64 << 10),
    "MX_DAEMON_FREE_BYTES_MIN": "1",
    "MX_DAEMON_HISTORY_FREE_BYTES_MIN": "1",
    "MX_DAEMON_SNAPSHOT_REPLAY_MS": "20",
}


@pytest.fixture
def markets() -> Iterator[list[Market]]:
    """Ended after the test."""
    made: list[Market] = []
    yield made
    for market in made:
        market.end()


def other_kind(database: str, cluster: Cluster) -> str:
    return "" if database else cluster.new_database()


@pytest.mark.parametrize("to_the_same_kind", [True, False])
def test_a_restored_exchange_is_the_one_that_was_backed_up(
    database: str, cluster: Cluster, tmp_path: Path, markets: list[Market], to_the_same_kind: bool
) -> None:
    data, copy, again = tmp_path / "data", tmp_path / "backup", tmp_path / "again"
    data.mkdir(mode=0o700)
    live = Market(data, **SETTINGS, MX_DAEMON_DATABASE=database)
    markets.append(live)
    run = live.start(port=free_port())
    trader = Ledger(run, tmp_path / "trader", 1)
    try:
        live.visit().turn(0.5)
        while not trader.read():
            live.visit().turn(0.1)
        taken = mx("daemon", "backup", os.fspath(copy), data=data, setting=database)
        assert taken.returncode == 0, taken.stderr
        trader.stop()
    finally:
        trader.end()
    note = json.loads(taken.stdout)
    assert live.stop() == 0, live.log()
    assert {path.stat().st_mode & 0o077 for path in copy.rglob("*")} == {0}, "closed to others"

    setting = database if to_the_same_kind and not database else other_kind(database, cluster)
    if to_the_same_kind and database:
        setting = cluster.new_database()
    done = mx("daemon", "restore", os.fspath(copy), "--data", os.fspath(again), data=again, setting=setting)
    assert done.returncode == 0, done.stderr
    replayed = offline.replay(again)
    assert replayed["ok"]
    assert replayed["sequence"] == note["sequence"]
    assert replayed["state_hash"] == past_of(data, note["sequence"]).engine.state_hash().hex()
    assert offline.verify(again)["ok"]

    second = Market(again, **SETTINGS, MX_DAEMON_DATABASE=setting)
    markets.append(second)
    second.start()
    assert second.visit_as_operator().account == live_operator(live)
    caught_up(second)
    assert second.stop() == 0, second.log()
    check_journal(setting, again)


def live_operator(market: Market) -> int:
    market.start()
    account = market.visit_as_operator().account
    assert market.stop() == 0
    return account


def test_a_backup_does_not_overwrite_and_a_broken_one_is_refused(tmp_path: Path, markets: list[Market]) -> None:
    data, copy, again = tmp_path / "data", tmp_path / "backup", tmp_path / "again"
    data.mkdir(mode=0o700)
    live = Market(data, **SETTINGS, MX_DAEMON_HISTORY="false")
    markets.append(live)
    live.start()
    assert live.stop() == 0
    assert mx("daemon", "backup", os.fspath(copy), data=data, setting="").returncode == 0
    twice = mx("daemon", "backup", os.fspath(copy), data=data, setting="")
    assert twice.returncode != 0
    assert "not empty" in twice.stderr
    segment = next((copy / "journal").iterdir())
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    broken = mx("daemon", "restore", os.fspath(copy), "--data", os.fspath(again), data=again, setting="")
    assert broken.returncode != 0
    assert "does not verify" in broken.stderr
    assert not again.exists()
    (copy / "backup.json").unlink()
    cut = mx("daemon", "restore", os.fspath(copy), "--data", os.fspath(again), data=again, setting="")
    assert "no backup" in cut.stderr
