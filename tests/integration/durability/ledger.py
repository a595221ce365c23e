"""What the clients of a run were told, as they wrote it down themselves (trader.py)."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from mexchange.config.daemon_run import DaemonRun
from tests.integration.durability.replica import Effect, Promise

END_S: Final = 90


class Ledger:
    """One trader's process and its list."""

    def __init__(self, run: DaemonRun, path: Path, number: int) -> None:
        self._path = path
        self._read_to = 0
        self.account = 0
        self.sent: set[bytes] = set()
        self.promises: list[Promise] = []
        self.is_complete = False
        seed = os.urandom(32).hex()
        words = [run.host, str(run.port), run.server_key, seed, os.fspath(path), str(number)]
        self._process = subprocess.Popen([sys.executable, "-m", "tests.integration.durability.trader", *words])

    def read(self) -> list[Promise]:
        """What was promised since the last call."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._read_to)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._read_to += len(whole)
        fresh = [promise for line in whole.decode().splitlines() if (promise := self._take(line.split()))]
        self.promises += fresh
        return fresh

    def _take(self, words: list[str]) -> Promise | None:
        match words:
            case ["account", number]:
                self.account = int(number)
            case ["sent", *ids]:
                self.sent.update(map(bytes.fromhex, ids))
            case ["told", client_order_id, kind, sequence, order_id]:
                return Promise(self.account, bytes.fromhex(client_order_id), Effect(kind, int(sequence), int(order_id)))
            case ["end"]:
                self.is_complete = True
        return None

    @property
    def is_alive(self) -> bool:
        """The trader still trades."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Let the trader find out what is open; it has ended when this returns."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(END_S) == 0
        self.read()

    def end(self) -> None:
        """Whatever is left of it."""
        if self.is_alive:
            self._process.kill()
        self._process.wait()
