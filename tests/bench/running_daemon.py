"""A daemon of a fresh demo market for a bench, as a process of its own."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mexchange.config import daemon_run
from mexchange.config.daemon_run import DaemonRun

START_S: Final = 120
STOP_S: Final = 60


@contextmanager
def running_daemon(settings: Mapping[str, str]) -> Iterator[tuple[DaemonRun, dict[str, str]]]:
    """Yields where it listens, and the environment in which programs find it. `settings`: further `MX_…` variables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir(mode=0o700)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("MX_")}
        environ |= {"MX_DATA_DIR": str(folder / "data"), "MX_CONFIG_DIR": str(folder / "config"), **settings}
        command = [
            sys.executable,
            "-m",
            "mexchange.daemon",
            "--data-dir",
            environ["MX_DATA_DIR"],
            "--demo",
            "--port",
            "0",
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            yield _wait(folder, process), environ
        finally:
            process.terminate()
            process.wait(STOP_S)


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> DaemonRun:
    deadline = time.monotonic() + START_S
    while (run := daemon_run.read(folder / "data")) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the daemon did not come up:\n" + (folder / "log").read_text())
        time.sleep(0.05)
    return run


def cpu_seconds(pid: int) -> float:
    """User and system time of a process: on a busy machine the wall clock says more about the others."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
