"""A demo market for a test: a daemon of its own on a free port, without bots, with an environment to reach it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from mexchange.config import daemon_run

READY_S: Final = 60
KEPT: Final = ("PATH", "HOME", "LANG", "PYTHONPATH", "VIRTUAL_ENV")


class Market(msgspec.Struct, frozen=True):
    """Where it lives, and what a program must know to use it."""

    data: Path
    environ: Mapping[str, str]
    process: "subprocess.Popen[bytes]"


@contextmanager
def local_market(folder: Path) -> Iterator[Market]:
    """Runs until the block ends."""
    root = Path(__file__).parents[2]
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    environ |= {"PYTHONPATH": str(root), "MX_DATA_DIR": str(folder / "data"), "MX_CONFIG_DIR": str(folder / "config")}
    words = [sys.executable, "-m", "mexchange", "daemon", "start", "--demo", "--port", "0"]
    process = subprocess.Popen(words, env=environ, cwd=folder)
    try:
        _wait_until_ready(folder / "data", process)
        _wait_until_history_is_kept(environ)
        yield Market(data=folder / "data", environ=environ, process=process)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(data: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        run = daemon_run.read(data)
        if run is not None and run.pid == process.pid:
            return
        assert process.poll() is None, f"the daemon ended with code {process.returncode}"
        time.sleep(0.05)
    raise AssertionError(f"the daemon was not ready after {READY_S} s")


def _wait_until_history_is_kept(environ: Mapping[str, str]) -> None:
    """Its tables are made by another process, which begins when trading goes on already."""
    status = (sys.executable, "-m", "mexchange", "status", "-o", "json")
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        run = subprocess.run(status, env=dict(environ), capture_output=True, text=True, check=True, timeout=READY_S)
        if json.loads(run.stdout)["history_lag_commands"] == 0:
            return
    raise AssertionError(f"history was not kept after {READY_S} s")
