"""A demo that goes on without its terminal: started, found again, ended.

`run/demo.json` in its data directory names the process that looks after it, `run/demo.log` is what all of it writes.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from mexchange.cli.errors import UNREACHABLE, USAGE, CliError
from mexchange.config import demo_run, paths
from mexchange.config.demo_run import DemoRun

READY_S: Final = 120
STOP_S: Final = 60
POLL_S: Final = 0.05
LAST_WORDS: Final = 3
"""Lines of the log that are shown when there is no reason in it."""
_REASON: Final = "mexchange daemon: "
"""Before the sentence by which a daemon refuses to start."""


def start(data: Path, words: Sequence[str]) -> DemoRun:
    """`mx demo` with these words, in a session of its own; returns when everything runs. Raises CliError, OSError."""
    log = paths.demo_log_file(data)
    for folder in (data, log.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with log.open("ab") as out:
        begin = out.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "mexchange", "demo", "--data", os.fspath(data), *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        with _raised((signal.SIGTERM, signal.SIGHUP)):
            run = _wait_until_ready(data, process, log, begin)
    except BaseException:
        process.terminate()  # it ends what it has started so far
        process.wait(STOP_S)
        raise
    process.returncode = 0  # it goes on without us
    return run


def stop(data: Path) -> int:
    """End the demo of `data`, until nothing of it runs; which process looked after it. Raises CliError."""
    run = running(data)
    if run is None:
        raise CliError(
            "E_SERVER", f"no demo runs in {data}", hint="mx daemon stop ends a daemon", exit_code=UNREACHABLE
        )
    os.kill(run.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    while demo_run.read(data) == run and demo_run.is_alive(run):
        if time.monotonic() > deadline:
            hint = f"its log is {paths.demo_log_file(data)}"
            raise CliError("E_TIMEOUT", f"demo {run.pid} did not stop within {STOP_S} s", hint=hint, exit_code=7)
        time.sleep(POLL_S)
    return run.pid


def running(data: Path) -> DemoRun | None:
    """The one that looks after the market of `data`, if it lives."""
    run = demo_run.read(data)
    return run if run is not None and demo_run.is_alive(run) else None


def _wait_until_ready(data: Path, process: "subprocess.Popen[bytes]", log: Path, begin: int) -> DemoRun:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        run = demo_run.read(data)
        if run is not None and run.pid == process.pid and run.is_ready:
            return run
        if process.poll() is not None:
            why = _why(log, begin)
            port = "--port, MX_DAEMON_PORT or daemon.toml give it another port; " if "cannot listen" in why else ""
            raise CliError("E_CHILD", why, hint=f"{port}all of it is in {log}", exit_code=USAGE)
        time.sleep(POLL_S)
    raise CliError("E_TIMEOUT", f"the demo was not ready after {READY_S} s", hint=f"its log is {log}", exit_code=7)


@contextmanager
def _raised(numbers: Sequence[signal.Signals]) -> Iterator[None]:
    """These signals end the program by an exception: what it has begun is taken back."""

    def end(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _why(log: Path, begin: int) -> str:
    """The sentence of whoever would not start, else the last lines since then."""
    lines = log.read_bytes()[begin:].decode(errors="replace").split("\n")
    said = [line.removeprefix(_REASON) for line in lines if line.startswith(_REASON)]
    return said[-1] if said else " · ".join([line.strip() for line in lines if line.strip()][-LAST_WORDS:])
