"""`python -m mexchange.daemon.projection --data-dir DIR --durable SEQ`: the projector, started by its daemon.

Reads the settings that the daemon reads. Reports are lines of JSON on standard output; the end of standard input, or
SIGTERM, asks it to stop. It never outlives the daemon: the next one starts its own.
"""

import argparse
import asyncio
import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from mexchange.config import daemon as daemon_settings
from mexchange.config.daemon import DaemonSettings
from mexchange.daemon.projection.projector import Projector
from mexchange.daemon.projection.report import Report
from mexchange.daemon.projection.retention import days_of
from mexchange.store.database import DatabaseName, place_of
from mexchange.store.disk import RealDisk
from mexchange.store.errors import StoreError
from mexchange.telemetry import logs

if TYPE_CHECKING:
    from mexchange.daemon.engine_choice import Engine

REPORT_S: Final = 0.1
"""Reports of the same state are so far apart."""
NICENESS: Final = 10
"""Trading goes first; while it leaves little of the processors, rows lag behind."""
EXIT_OK, EXIT_STORE = 0, 74
_PR_SET_PDEATHSIG: Final = 1


class Reporter:
    """Writes reports, not too many. One that nobody reads is dropped: the projector waits for nobody either."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._last: Report | None = None
        self._last_s = 0.0

    def tell(self, report: Report) -> None:
        """One line, if it says something new."""
        now_s = time.monotonic()
        if report == self._last:
            return
        if self._last is not None and report.state == self._last.state and now_s - self._last_s < REPORT_S:
            if report.sequence != self._last.sequence:
                self._last = None  # whatever comes next is news
            return
        self._last, self._last_s = report, now_s
        try:
            os.write(self._descriptor, msgspec.json.encode(report) + b"\n")
        except BlockingIOError:
            self._last = None
        except BrokenPipeError:
            os._exit(EXIT_OK)  # the daemon is gone


def main() -> int:
    """Run until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="mexchange.daemon.projection")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--durable", type=int, required=True)
    words = parser.parse_args()
    _die_with_the_daemon()
    settings = daemon_settings.load(data=words.data_dir, environ=os.environ)
    logs.configure(form=settings.log, level=settings.log_level)
    try:
        asyncio.run(_run(settings, words.data_dir, words.durable))
    except StoreError as error:
        logs.get("projector").error("stopped", reason=str(error))
        return EXIT_STORE
    return EXIT_OK


async def _run(settings: DaemonSettings, data: Path, durable_sequence: int) -> None:
    projector = Projector(
        place_of(DatabaseName.HISTORY, settings.database, data),
        RealDisk(data),
        _engine_kind,
        durable_sequence=durable_sequence,
        free_bytes_min=settings.history_free_bytes_min,
        candle_days=days_of(settings.candles),
        tell=Reporter(sys.stdout.fileno()).tell,
    )
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, projector.ask_to_stop)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl-C is for the daemon, which then tells us
    loop.add_reader(sys.stdin.fileno(), _on_stdin, loop, projector)
    await projector.run()


def _engine_kind() -> "type[Engine]":
    """That which the daemon runs too. Most projectors never need one."""
    from mexchange.daemon.engine_choice import choose

    return choose(os.environ).kind


def _on_stdin(loop: asyncio.AbstractEventLoop, projector: Projector) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        loop.remove_reader(sys.stdin.fileno())
        projector.ask_to_stop()


def _die_with_the_daemon() -> None:
    os.nice(NICENESS)
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if parent == 1 or os.getppid() != parent:
            os._exit(EXIT_OK)


if __name__ == "__main__":
    sys.exit(main())
