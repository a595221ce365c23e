"""A daemon in a thread of the test, on a disk that the test can break; visitors reach it over real UDP."""

import asyncio
import os
import threading
from pathlib import Path

from mexchange.config.daemon import DaemonSettings
from mexchange.config.daemon_run import DaemonRun
from mexchange.daemon.daemon import Daemon
from mexchange.daemon.engine_choice import choose
from mexchange.protocol.login import EnrollLogin
from mexchange.transport.clock import SystemClock
from mexchange.transport.udp_server import UdpServer
from tests.fakes.disk import SimulatedDisk
from tests.integration.daemon.market import Visitor, own_seed


class HousedDaemon:
    """Runs from construction on. What is in memory of it dies with `end`; the disk is the test's."""

    def __init__(self, data: Path, disk: SimulatedDisk, settings: DaemonSettings) -> None:
        self.udp = UdpServer(host="127.0.0.1", port=0)
        self._loop = asyncio.new_event_loop()
        self._visitors: list[Visitor] = []
        self._built = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(data, disk, settings))
        self._thread.start()
        assert self._built.wait(10)
        host, port = self.udp.address
        key = self.daemon.server_key.hex()
        self.run = DaemonRun(pid=0, host=host, port=port, server_key=key, started_ns=0, version="")

    def visit(self) -> Visitor:
        """A new device."""
        visitor = Visitor(self.run, EnrollLogin(own_seed(), "a test's device"))
        self._visitors.append(visitor)
        return visitor

    def wait_for_failure(self, timeout_s: float = 10) -> BaseException:
        """Why it stopped by itself."""
        self._thread.join(timeout_s)
        assert not self._thread.is_alive(), "it runs on"
        assert self.daemon.failure is not None
        return self.daemon.failure

    def end(self) -> None:
        """A clean stop, if it still runs."""
        for visitor in self._visitors:
            visitor.close()
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self.daemon.ask_to_stop)
            self._thread.join(10)
        self.udp.close()
        self._loop.close()

    def _run(self, data: Path, disk: SimulatedDisk, settings: DaemonSettings) -> None:
        engine = choose(os.environ)
        self.daemon = Daemon(
            settings, data=data, disk=disk, clock=SystemClock(), udp=self.udp, engine=engine, demo=True
        )
        self._built.set()
        try:
            self._loop.run_until_complete(self.daemon.serve())
        finally:
            self.daemon.release()
