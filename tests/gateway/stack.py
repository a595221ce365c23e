"""A real exchange and real gateways in processes of their own, with the letter box of whoever signs in."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from mexchange.config import gateway_run
from mexchange.config.gateway_run import GatewayRun
from tests.integration.daemon.market import Market
from tests.integration.daemon.people import codes_of, new_code

READY_S: Final = 30
SYMBOL: Final = "KCN/EUR"


class GatewayProcess:
    """One gateway on a free port."""

    def __init__(self, data: Path, name: str, port: int = 0, **environ: str) -> None:
        self._log = data.parent / f"{name}.log"
        words = [sys.executable, "-m", "mexchange.gateway", "--port", str(port), "--metrics-port", "0"]
        self._environ = {
            **os.environ,
            "MX_DATA_DIR": os.fspath(data),
            "MX_CONFIG_DIR": os.fspath(data.parent / "config"),
            **environ,
        }
        self._data = data
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, env=self._environ)
        self.run = self._wait()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self.run.url

    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(READY_S)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(READY_S)

    def _wait(self) -> GatewayRun:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            run = gateway_run.read(self._data)
            if run is not None and run.pid == self.process.pid:
                return run
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.log()}"
            time.sleep(0.02)
        raise AssertionError(f"not ready: {self.log()}")


class Stack:
    """An exchange with gateways. `end` it."""

    def __init__(self, folder: Path, **environ: str) -> None:
        data = folder / "data"
        data.mkdir(mode=0o700)
        self.market = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
        self.market.start()
        self.market.wait_for_history()
        self.gateways: list[GatewayProcess] = []
        self.environ = {"MX_GATEWAY_TRUSTED_PROXIES": "127.0.0.1", **environ}
        """Everybody comes from an address of their own: an address may ask for twenty codes an hour."""
        self._seen: dict[str, int] = {}
        """Codes that were given out, by e-mail."""

    def gateway(self, **environ: str) -> GatewayProcess:
        """One more."""
        name = f"gateway-{len(self.gateways)}"
        one = GatewayProcess(self.market.data, name, 0, **{**self.environ, **environ})
        self.gateways.append(one)
        return one

    def revive(self, gateway: GatewayProcess) -> GatewayProcess:
        """Another one in its place, at the same address."""
        at = self.gateways.index(gateway)
        port = int(gateway.url.rpartition(":")[2])
        self.gateways[at] = GatewayProcess(self.market.data, f"gateway-{at}", port, **self.environ)
        return self.gateways[at]

    def mailed_code(self, email: str) -> str:
        """The newest code that was mailed to somebody and was not given out here before."""
        key = email.lower()
        seen = self._seen.get(key, 0)
        code = new_code(self.market, key, seen)
        self._seen[key] = len(codes_of(self.market, key))
        return code

    def end(self) -> None:
        """Whatever is left of it."""
        for one in self.gateways:
            if one.process.poll() is None:
                one.stop()
        self.market.end()
