"""`mx` as a program among programs: pipes, signals, exit codes, unreadable files, servers that are not there."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.market import Market, local_market
from tests.integration.daemon.market import Market as Daemon

MX = (sys.executable, "-m", "mexchange")
WAIT_S = 60


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with local_market(tmp_path_factory.mktemp("shell")) as market:
        yield market


def mx(
    market: Market, *words: str, typed: str = "", environ: Mapping[str, str] | None = None, folder: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run `mx` to its end, without a terminal."""
    return subprocess.run(
        [*MX, *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
        cwd=folder or market.data,
        env={**market.environ, **(environ or {})},
    )


def started(market: Market, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*MX, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(market.environ)
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (["ticker", "NO/SUCH"], 3, "E_MARKET_NOT_FOUND"),
        (["order", "buy", "KCN/EUR", "1", "-p", "900"], 2, "E_CONFIRM"),
        (["order", "buy", "KCN/EUR", "1", "-p", "900.001", "--yes"], 5, "E_TICK"),
        (["order", "buy", "KCN/EUR", "1", "-p", "", "--yes"], 5, "E_PRICE"),
        (["order", "buy", "KCN/EUR", "500", "-p", "999.55", "--yes"], 5, "E_FUNDS"),
        (["order", "cancel", "ffffff"], 3, "E_NOT_FOUND"),
        (["order", "get", "c:nobody-used-it"], 3, "E_NOT_FOUND"),
        (["--account", "3", "balance"], 4, "E_ACCOUNT"),
        (["wallet", "transfer", "EUR", "1", "3", "--yes"], 4, "E_ACCOUNT"),
        (["wallet", "transfer", "EUR", "1", "3"], 2, "E_CONFIRM"),
        (["account", "open", "256"], 2, "E_OWNER"),
        (["--server", "udp://127.0.0.1:1", "ticker"], 8, "E_UNREACHABLE"),
        (["--timeout", "soon", "ticker"], 2, "E_CONFIG_VALUE"),
        (["--profile", "none-such", "ticker"], 2, "E_PROFILE"),
        (["stream", "gossip"], 2, "E_USAGE"),
        (["stream", "trades", "--from-seq", "1"], 2, "E_USAGE"),
        (["tickr"], 2, "E_USAGE"),
        (["help", "errors", "E_NO_SUCH"], 3, "E_NOT_FOUND"),
        (["daemon", "start"], 2, None),
        (["demo", "--seconds", "1"], 2, "E_RUNNING"),
    ],
)
def test_each_way_to_fail_has_its_exit_code_and_one_line_of_json(
    market: Market, words: list[str], code: int, name: str | None
) -> None:
    run = mx(market, *words)
    assert (run.returncode, run.stdout) == (code, ""), run.stderr
    if name is not None:
        (envelope,) = lines(run.stderr)
        assert envelope["code"] == name


@pytest.mark.parametrize(
    "secrets",
    [
        {"MX_API_KEY": "mk_aaaaaaaaaaaaaaaa"},
        {"MX_API_KEY": "mk_aaaaaaaaaaaaaaaa", "MX_API_SECRET": "00"},
        {"MX_API_KEY": "mk_aaaaaaaaaaaaaaaa", "MX_API_SECRET": "0" * 63 + "1"},
    ],
)
def test_a_wrong_key_is_refused_by_name(market: Market, secrets: dict[str, str]) -> None:
    run = mx(market, "balance", environ=secrets)
    assert run.returncode in (2, 4)
    assert lines(run.stderr)[0]["code"] in ("E_CONFIG_VALUE", "E_AUTH")
    assert secrets.get("MX_API_SECRET", "-") not in run.stderr


@pytest.mark.parametrize("content", ['server = "udp://elsewhere:1"', "x = [", "[alias]\nticker = 5"])
def test_a_project_file_that_is_wrong_is_named(market: Market, tmp_path: Path, content: str) -> None:
    (tmp_path / ".mx.toml").write_text(content)
    run = mx(market, "ticker", folder=tmp_path)
    assert run.returncode == 2
    assert ".mx.toml" in lines(run.stderr)[0]["message"]


def test_a_project_file_gives_aliases_that_hide_no_command(market: Market, tmp_path: Path) -> None:
    (tmp_path / ".mx.toml").write_text('market = "KCN/EUR"\n[alias]\nmine = "order list --open"\nversion = "ticker"\n')
    assert mx(market, "mine", folder=tmp_path).returncode == 0
    assert "python" in json.loads(mx(market, "version", folder=tmp_path).stdout)


def test_bare_mx_and_its_groups_show_their_help(market: Market) -> None:
    for words in ((), ("order",), ("help", "order", "buy"), ("admin", "market")):
        run = mx(market, *words)
        assert "Usage: mx" in run.stdout, words
        assert run.stderr == ""
        assert run.returncode == (0 if words[:1] == ("help",) else 2)


def test_a_reader_that_leaves_ends_it_quietly(market: Market) -> None:
    for words in (("trades", "KCN/EUR", "-n", "1000"), ("ticker", "--watch=100ms")):
        with started(market, *words) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait(WAIT_S) == 141, words


def test_ctrl_c_ends_what_waits(market: Market) -> None:
    with started(market, "ticker", "--watch") as watching, started(market, "order", "batch", "-") as batch:
        assert watching.stdout is not None
        watching.stdout.readline()
        assert batch.stdin is not None
        assert batch.stdout is not None
        batch.stdin.write(b'{"op":"sleep","seconds":"1ms"}\n')
        batch.stdin.flush()
        batch.stdout.readline()
        for process in (watching, batch):
            process.send_signal(signal.SIGINT)
            assert process.wait(WAIT_S) == 130
            assert process.stderr is not None
            assert process.stderr.read() == b""


def test_a_full_disk_behind_stdout_is_told(market: Market) -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [*MX, "version"], stdout=full, stderr=subprocess.PIPE, env=dict(market.environ), check=False, timeout=WAIT_S
        )
    assert run.returncode == 1
    assert json.loads(run.stderr)["code"] == "E_SYSTEM"


def test_watch_on_a_terminal_ends_with_q(market: Market) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*MX, "balance", "--watch"], stdin=slave, stdout=slave, stderr=slave, env={**market.environ, "TERM": "xterm"}
    )
    os.close(slave)
    try:
        seen = b""
        while b"AVAILABLE" not in seen:
            assert select.select([master], [], [], WAIT_S)[0], "nothing is shown"
            seen += os.read(master, 65_536)
        os.write(master, b"q")
        assert process.wait(WAIT_S) == 0
    finally:
        process.kill()
        os.close(master)


def test_no_color_means_none(market: Market) -> None:
    for environ in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        run = mx(market, "-o", "table", "order", "--help", environ=environ)
        assert "\x1b" not in run.stdout
    assert "\x1b" not in mx(market, "ticker", "-o", "table", environ={"NO_COLOR": "1", "FORCE_COLOR": "1"}).stdout


def test_every_line_of_a_batch_is_answered_in_order(market: Market) -> None:
    typed = "\n".join(
        [
            '{"op":"buy","market":"KCN/EUR","qty":"1","price":"901"}',
            "garbage",
            '{"op":"fly"}',
            '{"op":"buy","market":"KCN/EUR","qty":1,"price":"900"}',
            '{"op":"cancel","id":"@last"}',
            '{"op":"sleep","seconds":"soon"}',
            '{"op":"sleep","seconds":"10ms"}',
            '{"op":"buy","market":"KCN/EUR","qty":"1","price":"902","client_order_id":"mine"}',
            '{"op":"amend","id":"c:mine","qty":"0.5"}',
            '{"op":"cancel_all","side":"up"}',
            '{"op":"cancel_all","market":"KCN/EUR"}',
            "null",
        ]
    )
    run = mx(market, "order", "batch", "-", typed=typed)
    assert (run.returncode, run.stderr) == (11, "")
    results = lines(run.stdout)
    assert [result["line"] for result in results] == list(range(1, 13))
    assert [result["ok"] for result in results] == [
        True, False, False, False, True, False, True, True, True, False, True, False,
    ]  # fmt: skip
    assert results[4]["id"] == results[0]["id"]
    assert results[10]["cancelled"] == 1


def test_a_batch_told_to_stop_sends_nothing_behind_the_failed_line(market: Market) -> None:
    good = '{"op":"buy","market":"KCN/EUR","qty":"1","price":"900"}'
    bad = good.replace("900", "900.001")
    run = mx(market, "order", "batch", "-", "--stop-on-error", typed="\n".join([good, bad, good]))
    assert run.returncode == 11
    assert [result["ok"] for result in lines(run.stdout)] == [True, False]
    assert json.loads(mx(market, "order", "cancel-all", "--yes").stdout)["cancelled"] == 1


def test_own_events_are_told_again_from_a_sequence(market: Market) -> None:
    placed = json.loads(mx(market, "order", "buy", "KCN/EUR", "1", "-p", "900", "--yes").stdout)
    mx(market, "order", "cancel", "@last")
    told = lines(mx(market, "stream", "orders", "--from-seq", str(placed["seq"]), "--count", "2").stdout)
    assert [(line["id"], line["status"]) for line in told] == [(placed["id"], "open"), (placed["id"], "cancelled")]
    assert told[0]["seq"] == placed["seq"]
    assert mx(market, "stream", "all", "--for", "200ms").returncode == 0


def test_a_server_met_for_the_first_time_is_trusted_by_its_fingerprint(market: Market, tmp_path: Path) -> None:
    """Another user of the same server: no data directory, a configuration of their own."""
    address = json.loads(mx(market, "status").stdout)["server"]
    other = {"MX_DATA_DIR": str(tmp_path / "none"), "MX_CONFIG_DIR": str(tmp_path / "config"), "MX_SERVER": address}
    met = mx(market, "ticker", environ=other)
    assert (met.returncode, lines(met.stderr)[0]["code"]) == (4, "E_SERVER_UNKNOWN")
    found = re.search(r"SHA256:\S+", met.stderr)
    assert found is not None
    assert mx(market, "auth", "trust", environ=other).returncode == 2
    assert mx(market, "auth", "trust", "SHA256:another", environ=other).returncode == 4
    assert mx(market, "ticker", environ=other).returncode == 4
    assert mx(market, "auth", "trust", found.group(), environ=other).returncode == 0
    assert mx(market, "ticker", environ=other).returncode == 0
    assert lines(mx(market, "balance", environ=other).stderr)[0]["code"] == "E_AUTH"

    del other["MX_SERVER"]
    assert mx(market, "profile", "new", "away", address, environ=other).returncode == 0
    enrolled = mx(market, "-P", "away", "auth", "login", environ=other)
    assert enrolled.returncode == 0, enrolled.stderr
    account = json.loads(enrolled.stdout)["account"]
    assert json.loads(mx(market, "-P", "away", "auth", "status", environ=other).stdout)["account"] == account
    assert len(lines(mx(market, "-P", "away", "balance", environ=other).stdout)) == 4
    key = tmp_path / "config" / "keys" / "away.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert mx(market, "-P", "away", "auth", "logout", "--yes", environ=other).returncode == 0
    assert not key.exists()


def test_limits_of_ones_own_hold_for_amends_too(market: Market) -> None:
    capped = {"MX_MAX_NOTIONAL": "1000"}
    assert mx(market, "order", "buy", "KCN/EUR", "1", "-p", "950", "--yes", environ=capped).returncode == 0
    refused = mx(market, "order", "amend", "@last", "-q", "2", "--yes", environ=capped)
    assert (refused.returncode, lines(refused.stderr)[0]["code"]) == (5, "E_MAX_NOTIONAL")
    assert mx(market, "order", "cancel", "@last").returncode == 0


def test_help_says_what_a_group_offers(market: Market) -> None:
    for words, offered in ((("order",), "cancel-all"), (("auth",), "trust"), (("stream",), "--from-seq")):
        run = mx(market, *words, "--help", environ={"COLUMNS": "120"})
        assert run.returncode == 0
        assert f"Usage: mx {words[0]}" in run.stdout
        assert offered in run.stdout
        assert "completion" not in run.stdout


def test_a_data_directory_that_is_a_file_is_named(market: Market, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for words in (("ticker",), ("daemon", "start"), ("demo", "--seconds", "1")):
        run = mx(market, *words, environ={"MX_DATA_DIR": str(file)})
        assert run.returncode == 2, words
        assert str(file) in run.stderr
    assert file.stat().st_size == 0


def test_a_market_that_would_not_be_exact_is_refused_with_the_lot_that_works(market: Market) -> None:
    everybody = lines(mx(market, "admin", "account", "list").stdout)
    (own,) = lines(mx(market, "admin", "account", "list", "demo@local").stdout)
    assert own in everybody
    assert (own["email"], own["role"], own["state"]) == ("demo@local", "trader", "active")
    first = mx(market, "admin", "account", "list", "-n", "1")
    assert lines(first.stdout) == everybody[:1]
    assert f"--after {everybody[0]['owner']}" in first.stderr
    refused = mx(market, "admin", "market", "create", "FIN/EUR", "--tick", "0.000001", "--lot", "0.00001", "--yes")
    assert refused.returncode == 2
    assert mx(market, "balance", "FIN").returncode == 3, "no asset is left behind"
    lot = re.search(r"the nearest lot that works is ([0-9.]+)", lines(refused.stderr)[0]["message"])
    assert lot is not None
    made = mx(market, "admin", "market", "create", "FIN/EUR", "--tick", "0.000001", "--lot", lot.group(1), "--yes")
    assert made.returncode == 0, made.stderr


def test_a_key_that_may_only_look_cannot_trade_and_can_be_revoked(market: Market) -> None:
    own = json.loads(mx(market, "auth", "status").stdout)
    made = json.loads(mx(market, "admin", "key", "new", own["key_id"], "--label", "look").stdout)
    looking = {"MX_API_KEY": made["key_id"], "MX_API_SECRET": made["secret"]}
    assert json.loads(mx(market, "auth", "status", environ=looking).stdout)["account"] == own["account"]
    assert mx(market, "balance", environ=looking).returncode == 0
    refused = mx(market, "order", "buy", "KCN/EUR", "1", "-p", "900", "--yes", environ=looking)
    assert (refused.returncode, lines(refused.stderr)[0]["code"]) == (4, "E_SCOPE")
    assert mx(market, "admin", "key", "new", own["key_id"], "--scopes", "admin").returncode == 2
    assert mx(market, "admin", "key", "revoke", made["key_id"], "--yes").returncode == 0
    tries = (mx(market, "balance", environ=looking).returncode for _ in range(10))
    assert 4 in tries, "the daemon notices soon"
    listed = lines(mx(market, "admin", "key", "list", own["key_id"]).stdout)
    assert [(key["label"], bool(key["revoked"])) for key in listed][-1] == ("look", True)


def test_an_operator_acts_for_the_account_that_is_named(market: Market) -> None:
    own = json.loads(mx(market, "auth", "status").stdout)
    placed = json.loads(mx(market, "order", "buy", "KCN/EUR", "1", "-p", "900", "--yes").stdout)
    profile = tomllib.loads((market.data / "client" / "operator.toml").read_text())
    secret = (market.data / "client" / "operator.key").read_text().strip()
    operator = {"MX_API_KEY": profile["key_id"], "MX_API_SECRET": secret}
    named = ("--account", str(own["account"]))
    listed = lines(mx(market, *named, "order", "list", environ=operator).stdout)
    assert placed["id"] in {order["id"] for order in listed}
    assert mx(market, *named, "order", "amend", placed["id"], "-q", "0.5", "--yes", environ=operator).returncode == 0
    cancelled = mx(market, *named, "order", "cancel", placed["id"], environ=operator)
    assert json.loads(cancelled.stdout)["status"] == "cancelled", cancelled.stderr
    assert mx(market, *named, "order", "cancel-all", "--yes", environ=operator).returncode == 0
    assert lines(mx(market, "order", "list").stdout) == []


def test_a_stream_is_of_the_account_that_was_named(market: Market) -> None:
    opened = lines(mx(market, "account", "open", "-o", "json").stdout)[0]
    number = str(opened["account"])
    with started(market, "--account", number, "stream", "orders", "--count", "1", "--for", "30s") as process:
        for _ in range(20):  # until the stream has begun, and one line is enough
            mx(market, "order", "buy", "KCN/EUR", "1", "-p", "900", "--yes")
            refused = mx(market, "--account", number, "order", "buy", "KCN/EUR", "1", "-p", "900", "--yes")
            assert lines(refused.stderr)[0]["code"] == "E_FUNDS"
            if process.poll() is not None:
                break
        assert process.wait(WAIT_S) == 0
        assert process.stdout is not None
        (line,) = lines(process.stdout.read().decode())
    assert (line["status"], line["code"]) == ("rejected", "E_FUNDS"), "not the order of the other account"
    mx(market, "order", "cancel-all", "--yes")


def test_the_past_is_printed_and_exported(market: Market, tmp_path: Path) -> None:
    for side in ("buy", "sell"):
        price = "901" if side == "buy" else "1100"
        mx(market, "order", side, "KCN/EUR", "0.5", "-p", price, "--yes")
    mx(market, "order", "cancel-all", "--yes")
    found = lines(mx(market, "order", "list", "--all", "-n", "2").stdout)
    assert [(row["side"], row["status"]) for row in found] == [("sell", "cancelled"), ("buy", "cancelled")]
    run = mx(market, "trades", "KCN/EUR", "--csv", "trades.csv", folder=tmp_path)
    assert run.returncode == 0, run.stderr
    written = (tmp_path / "trades.csv").read_text().splitlines()
    assert written[0] == "ts,side,price,size,trade,synthetic"
    assert f"{len(written) - 1} rows" in run.stderr.replace(",", "")
    hours = lines(mx(market, "candles", "KCN/EUR", "-i", "1h", "--since", "12h").stdout)
    assert sum(row["trades"] for row in hours) == len(written) - 1
    deposits = lines(mx(market, "ledger", "--kind", "deposit", "--oldest-first").stdout)
    assert [row["asset"] for row in deposits[:4]] == ["EUR", "KCN", "BTC", "ETH"]
    funded = lines(mx(market, "wallet", "history", "--asset", "BTC").stdout)
    assert [(row["kind"], row["amount"], row["status"]) for row in funded] == [("deposit", "0.20000000", "confirmed")]
    worth = lines(mx(market, "portfolio").stdout)[0]
    assert (worth["in"], worth["partial"]) == ("EUR", False)
    assert mx(market, "fills", "--since", "soon").returncode == 2


def test_without_a_history_the_recent_orders_are_listed_and_the_rest_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    daemon = Daemon(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1", MX_DAEMON_HISTORY="false")
    try:
        daemon.start()
        assert daemon.process is not None
        root = str(Path(__file__).parents[2])
        folders = {"MX_DATA_DIR": str(data), "MX_CONFIG_DIR": str(tmp_path / "config"), "PYTHONPATH": root}
        market = Market(data=data, environ={**os.environ, **folders}, process=daemon.process)
        mx(market, "order", "buy", "KCN/EUR", "1", "-p", "900", "--yes")
        mx(market, "order", "cancel", "@last")
        run = mx(market, "order", "list", "--all")
        assert [row["status"] for row in lines(run.stdout)] == ["cancelled"]
        assert "recent" in run.stderr
        assert mx(market, "order", "get", "c:nobody").returncode == 3
        refused = mx(market, "fills")
        assert (refused.returncode, lines(refused.stderr)[0]["code"]) == (8, "E_HISTORY")
        assert lines(refused.stderr)[0]["retryable"] is True
    finally:
        daemon.end()
