"""People at the shell: in by a mailed code, keys for programs, a second factor, another address; operators beside."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyotp
import pytest

from tests.integration.daemon.market import Market
from tests.integration.daemon.people import codes_of, new_code

MX: Final = (sys.executable, "-m", "mexchange")
ROOT: Final = Path(__file__).parents[2]
ANN: Final = "ann@example.org"


class Shell:
    """Somebody elsewhere, with a configuration of their own."""

    def __init__(self, market: Market, home: Path) -> None:
        self._market = market
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._environ = kept | {
            "PYTHONPATH": str(ROOT),
            "MX_DATA_DIR": str(home / "none"),
            "MX_CONFIG_DIR": str(home / "config"),
        }
        run = market.run()
        self.run("profile", "new", "away", f"udp://{run.host}:{run.port}")
        self.run("-P", "away", "auth", "trust", "--yes")

    def run(self, *words: str, typed: str = "", code: int = 0, **environ: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [*MX, *words],
            input=typed,
            capture_output=True,
            text=True,
            env=self._environ | environ,
            check=False,
            timeout=60,
        )
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def away(self, *words: str, typed: str = "", code: int = 0, **environ: str) -> Any:
        """The last line of JSON of a command at that market."""
        done = self.run("-P", "away", *words, typed=typed, code=code, **environ)
        return json.loads((done.stdout if code == 0 else done.stderr).strip().splitlines()[-1] or "null")

    def verify(self, before: int, email: str = ANN, *words: str) -> "subprocess.CompletedProcess[str]":
        """Enter the code that came after so many."""
        return self.run("-P", "away", "auth", "verify", new_code(self._market, email, before), *words)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    one = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
    one.start()
    yield one
    one.end()


def test_a_person_comes_in_by_mail_and_looks_after_keys_and_sessions(market: Market, tmp_path: Path) -> None:
    shell = Shell(market, tmp_path)
    assert shell.away("auth", "login", "not an address", code=2)["code"] == "E_EMAIL"
    assert shell.away("auth", "verify", "123456", code=3)["code"] == "E_NOT_FOUND"
    shell.run("-P", "away", "auth", "login", ANN)
    assert shell.away("auth", "verify", "000 000", code=4)["code"] == "E_CODE"
    entered = json.loads(shell.verify(0).stdout.splitlines()[-1])
    assert entered["new"] is True
    status = shell.away("auth", "status")
    assert (status["account"], status["email"], status["second_factor"]) == (entered["account"], ANN, "off")
    assert (tmp_path / "config" / "keys" / "away.key").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "config" / "keys" / "away.key.waiting").exists()

    words = ("--scope", "read,trade", "--label", "bot", "-m", "KCN/EUR", "--hourly", "50EUR", "--expires", "2d")
    asked = shell.run("-P", "away", "auth", "keys", "create", *words)
    assert "in KCN/EUR, at most 50 EUR an hour" in asked.stderr
    made = json.loads(shell.verify(1).stdout.splitlines()[-1])
    assert "in KCN/EUR, at most 50 EUR an hour" in market.log(), "the mail says the same"
    bot = {"MX_API_KEY": made["key_id"], "MX_API_SECRET": made["secret"]}
    assert shell.away("auth", "status", **bot)["scopes"] == "public,read,trade"
    order = ("order", "buy", "KCN/EUR", "0.1", "-p", "900", "--yes")
    assert shell.away(*order, code=9, **bot)["code"] == "E_KEY_NOTIONAL"
    shell.run("-P", "away", "order", "buy", "KCN/EUR", "0.01", "-p", "900", "--yes", **bot)
    assert shell.away("auth", "keys", "create", code=4, **bot)["code"] == "E_SCOPE"
    listed = shell.run("-P", "away", "auth", "keys", "list").stdout
    assert "50 EUR an hour" in listed
    shell.run("-P", "away", "auth", "keys", "revoke", made["key_id"], "--yes")
    assert shell.away("auth", "status", code=4, **bot)["code"] == "E_AUTH"
    assert [json.loads(line)["this"] for line in shell.run("-P", "away", "auth", "sessions").stdout.splitlines()] == [
        True
    ]

    shell.run("-P", "away", "auth", "logout", "--yes")
    shell.run("-P", "away", "auth", "signup", ANN)
    assert "E_CODE" in shell.run("-P", "away", "auth", "verify", new_code(market, ANN, 2), code=4).stderr
    done = shell.run("-P", "away", "auth", "login", ANN)
    assert "Code sent" in done.stderr


def test_a_second_factor_and_another_address(market: Market, tmp_path: Path) -> None:
    shell = Shell(market, tmp_path)
    shell.run("-P", "away", "auth", "login", ANN, "--label", "laptop")
    shell.verify(0)
    totp = pyotp.TOTP(shell.away("auth", "totp", "on")["secret"])
    import time

    backup = shell.away("auth", "totp", "on", "--code", totp.at(time.time()))["backup_codes"]
    assert "10 backup codes" in shell.away("auth", "status")["second_factor"]
    shell.run("-P", "away", "auth", "email", "change", "ann@new.example")
    assert "E_TOTP" in shell.run("-P", "away", "auth", "verify", new_code(market, ANN, 1), code=4).stderr
    shell.verify(1, ANN, "--totp", backup[0])
    shell.verify(0, "ann@new.example", "--totp", backup[1])
    assert shell.away("auth", "status")["email"] == "ann@new.example"
    shell.run("-P", "away", "auth", "totp", "off", "--totp", backup[2])
    assert shell.away("auth", "status")["second_factor"] == "off"


def test_an_operator_looks_after_people_beside_the_daemon(market: Market, tmp_path: Path) -> None:
    shell = Shell(market, tmp_path)
    shell.run("-P", "away", "auth", "login", ANN)
    shell.verify(0)
    data = ("--data", str(market.data))
    listed = [json.loads(line) for line in shell.run("admin", "user", "list", *data).stdout.splitlines()]
    ann = next(row for row in listed if row["email"] == ANN)
    assert (ann["role"], ann["state"], ann["keys"]) == ("trader", "active", 1)
    shell.run("admin", "user", "role", ANN, "emperor", "--yes", *data, code=2)
    shell.run("admin", "user", "role", ANN, "read-only", "--yes", *data)
    assert shell.away("auth", "status")["scopes"] == "public,read"
    shell.run("admin", "user", "disable", str(ann["owner"]), "--yes", *data)
    assert shell.away("auth", "status", code=4)["code"] == "E_AUTH"
    shell.run("admin", "user", "enable", ANN, *data)
    service = json.loads(shell.run("admin", "key", "service", "web", *data).stdout)
    assert service["scopes"] == "public delegate"
    shell.run("admin", "user", "erase", ANN, "--yes", *data)
    shell.run("admin", "user", "disable", ANN, "--yes", *data, code=1)
    audit = shell.run("admin", "audit", "list", *data).stdout
    for kind in ("user erased", "user disabled", "role set", "key made", "signed up"):
        assert kind in audit
    assert ANN not in audit
    head = json.loads(shell.run("admin", "audit", "verify", *data).stdout)
    assert head["ok"]
    shell.run("admin", "audit", "verify", "--head", head["head"], *data)
    shell.run("admin", "audit", "verify", "--head", "ab" * 32, *data, code=1)
    assert len(codes_of(market, ANN)) == 1
