"""Starting, stopping, and what an operator meets in between."""

import os
import subprocess
import sys
import time
from pathlib import Path

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import pack
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    Balance,
    StatusAnswer,
    StatusQuery,
    Ticker,
    TickerQuery,
    Trades,
    TradesQuery,
)
from mexchange.config import daemon_run, keys, paths
from mexchange.daemon import data_folder, offline
from mexchange.daemon.engine_choice import choose
from mexchange.daemon.errors import EXIT_DEFECT, EXIT_USAGE
from mexchange.domain.client_id import parse
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.events import Accepted, Done
from mexchange.domain.order import DoneReason, Side, TimeInForce
from mexchange.domain.units import AccountId, Lots, MarketId, Ticks, TimeNs
from mexchange.store.disk import RealDisk
from mexchange.store.journal import Journal
from tests.integration.daemon.market import Market, Visitor, key_login


def test_a_demo_is_full_of_life_before_anybody_came(market: Market) -> None:
    run = market.start()
    demo_seed = keys.read(paths.local_key_file(market.data))
    assert demo_seed is not None
    demo = market.visit(key_login(demo_seed))
    assert demo.account >= 18
    for number in (1, 2, 3):
        (ticker,) = demo.ask(TickerQuery(MarketId(number)))
        assert isinstance(ticker, Ticker)
        assert ticker.last > 0
        assert int(ticker.volume_24h) > 0
        (tape,) = demo.ask(TradesQuery(MarketId(number), 5))
        assert isinstance(tape, Trades)
        assert [trade.flags for trade in tape.trades] == [1] * 5, "all of them synthetic"
        assert max(trade.time_ns for trade in tape.trades) < run.started_ns
    assert [balance.available for balance in _balances(demo)] == [10**12, 10**10, 2 * 10**7, 5 * 10**8]


def _balances(visitor: Visitor) -> list[Balance]:
    (page,) = visitor.ask(AccountQuery())
    assert isinstance(page, AccountPage)
    return page.balances


def test_starting_funds_are_given_once(market: Market) -> None:
    market.start()
    ann = market.visit()
    before = _balances(ann)
    market.kill()
    market.start()
    assert _balances(market.visit(ann.login)) == before


def test_a_clean_stop_leaves_a_snapshot_and_a_closed_journal(market: Market) -> None:
    market.start()
    ann = market.visit()
    ann.tell(encode(PlaceOrder(AccountId(0), parse("x"), MarketId(1), Side.BUY, Lots(10), Ticks(50_000))))
    ann.wait_event(lambda event: isinstance(event, Accepted))
    assert market.stop() == 0
    assert daemon_run.read(market.data) is None
    report = offline.verify(market.data)
    assert (report["ok"], report["closed_cleanly"]) == (True, True)
    assert report["last_sequence"] in report["snapshots"]  # type: ignore[operator]
    replayed = offline.replay(market.data)
    assert (replayed["ok"], replayed["sequence"]) == (True, report["last_sequence"])
    market.start()
    assert "replayed=0" in market.log()


def test_an_order_expires_when_its_time_comes_though_nobody_trades(market: Market) -> None:
    market.start()
    ann = market.visit()
    due = TimeNs(time.time_ns() + 300_000_000)
    ann.tell(
        encode(
            PlaceOrder(
                AccountId(0),
                parse("soon"),
                MarketId(1),
                Side.BUY,
                Lots(10),
                Ticks(50_000),
                time_in_force=TimeInForce.GTD,
                expiry_ns=due,
            )
        )
    )
    done = ann.wait_event(lambda event: isinstance(event, Done))
    assert isinstance(done, Done)
    assert done.reason is DoneReason.EXPIRED
    assert time.time_ns() >= due


def test_a_poison_command_is_named_and_skipped(market: Market) -> None:
    """The journal holds bytes that no ingress lets through: a defect of ours, met again at every replay."""
    market.start()
    ann = market.visit()
    market.kill()
    journal = Journal(RealDisk(market.data))
    sequence = journal.next_sequence
    poison = pack(MessageType.NEW_ORDERS, bytes(16))
    journal.append(poison, count=1, first_sequence=sequence, time_ns=max(time.time_ns(), journal.time_ns + 1))
    journal.sync()
    journal.close()
    ended = run_daemon(market.data)
    assert ended.returncode == EXIT_DEFECT
    assert f"mx daemon skip {sequence}" in ended.stderr
    offline.skip(market.data, sequence)
    market.start()
    again = market.visit(ann.login)
    assert again.account == ann.account
    again.tell(encode(PlaceOrder(AccountId(0), parse("after"), MarketId(1), Side.BUY, Lots(10), Ticks(50_000))))
    accepted = again.wait_event(lambda event: isinstance(event, Accepted))
    assert isinstance(accepted, Accepted)
    assert accepted.sequence > sequence
    assert market.stop() == 0, market.log()
    market.start()
    assert market.visit(ann.login).account == ann.account


def run_daemon(data: Path, *options: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """A daemon that is expected to end by itself."""
    words = [sys.executable, *options, "-m", "mexchange.daemon", "--data-dir", os.fspath(data), "--demo", "--port", "0"]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environ})


def test_a_second_daemon_strange_permissions_and_stripped_assertions_are_refused_by_name(market: Market) -> None:
    market.start()
    second = run_daemon(market.data)
    assert second.returncode == EXIT_USAGE
    assert "another daemon" in second.stderr
    market.stop()
    stripped = run_daemon(market.data, "-O")
    assert stripped.returncode == EXIT_USAGE
    assert "assertions" in stripped.stderr
    market.data.chmod(0o755)
    open_to_all = run_daemon(market.data)
    assert open_to_all.returncode == EXIT_USAGE
    assert "chmod 700" in open_to_all.stderr
    market.data.chmod(0o700)
    taken = run_daemon(market.data, MX_DAEMON_HOST="203.0.113.7")
    assert taken.returncode == EXIT_USAGE
    assert "cannot listen" in taken.stderr


def test_a_daemon_that_listens_everywhere_tells_its_neighbours_a_local_address(market: Market) -> None:
    everywhere = Market(market.data, MX_DAEMON_HOST="0.0.0.0", MX_DAEMON_SEGMENT_BYTES=str(4 << 20))
    try:
        assert everywhere.start().host == "127.0.0.1"
        assert everywhere.visit().account >= 16
    finally:
        everywhere.end()


def test_secrets_are_private(market: Market) -> None:
    market.start()
    for path in (
        market.data / data_folder.SERVER_KEY,
        paths.local_key_file(market.data),
        paths.local_operator_key_file(market.data),
        paths.daemon_run_file(market.data),
        market.data / "identity.db",
        market.data / data_folder.IDENTITY_KEY,
    ):
        assert path.stat().st_mode & 0o077 == 0, path


def test_status_says_what_an_operator_asks_first(market: Market) -> None:
    market.start()
    ann = market.visit()
    counters: dict[str, int] = {}
    texts = ""
    begin = len(ann.inbox)
    ann.ask(StatusQuery())
    ann.wait(lambda: any(b"end" in payload for _, _, payload in ann.inbox[begin:]))
    for message_type, _, payload in ann.inbox[begin:]:
        answer = decode(message_type, payload)
        if isinstance(answer, StatusAnswer):
            texts += answer.text
            counters |= {counter.name: counter.value for counter in answer.counters}
    assert f"engine={choose(os.environ).name}" in texts
    assert "mode=normal" in texts
    for name in ("sequence", "journal_lag", "sync_p99_ns", "sessions", "drop.forged", "journal_bytes", "restart_ns"):
        assert name in counters, name
    assert counters["sync_p50_ns"] > 0
    assert counters["restart_ns"] > 0
