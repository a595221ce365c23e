"""Writes the transcript in README.md by typing it: `make readme`.

A demo with its bots runs beside; what a person would see on a terminal is what the page shows, figures of that minute
included. Between two lines the daemon is killed.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from mexchange.config import daemon_run
from mexchange.config.daemon_run import DaemonRun
from tests.e2e.market import KEPT
from tests.e2e.terminal import Terminal

README: Final = Path(__file__).parents[2] / "README.md"
MARK: Final = "<!-- written by make readme -->\n```console\n"
END_MARK: Final = "```\n<!-- end of transcript -->"
SETTLE_S: Final = 20
"""Until the bots have filled the book."""
READY_S: Final = 60

BEFORE: Final = (
    "mx ticker",
    "mx book KCN/EUR -n 3",
    "mx order buy KCN/EUR 1.5 --type market --dry-run",
    "mx order buy KCN/EUR 1.5 --type market --yes",
    "mx order buy KCN/EUR 5 -p 980.555 --yes; echo exit code $?",
    "mx order buy KCN/EUR 5 -p 980.55 --yes",
)
AFTER: Final = (
    "mx order list --open",
    "mx order cancel @last",
    "mx balance",
)


def main() -> None:
    """Type it all, and put it into the page."""
    before, mark, rest = README.read_text().partition(MARK)
    _, end_mark, after = rest.partition(END_MARK)
    assert mark, "README.md has lost its mark"
    assert end_mark, "README.md has lost its end mark"
    README.write_text(before + mark + _transcript() + end_mark + after)


def _transcript() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {variable: os.environ[variable] for variable in KEPT if variable in os.environ}
        environ |= {"MX_DATA_DIR": str(folder / "data"), "MX_CONFIG_DIR": str(folder / "config")}
        terminal = Terminal(folder, environ)
        demo = subprocess.Popen(
            [sys.executable, "-m", "mexchange", "demo", "--port", "0"],
            env={**environ, "PYTHONPATH": str(README.parent)},
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for_another(folder / "data", None)
            time.sleep(SETTLE_S)
            shown = [_typed(terminal, line) for line in BEFORE]
            run = _wait_for_another(folder / "data", None)
            os.kill(run.pid, signal.SIGKILL)
            shown.append(f"$ kill -9 {run.pid}                # the daemon; its supervisor starts it again\n")
            _wait_for_another(folder / "data", run)
            shown += [_typed(terminal, line) for line in AFTER]
        finally:
            demo.terminate()
            demo.wait(60)
    return "".join(shown)


def _typed(terminal: Terminal, line: str) -> str:
    printed = "\n".join(row.rstrip() for row in terminal.run(line).splitlines())
    return f"$ {line}\n{printed}\n"


def _wait_for_another(data: Path, before: DaemonRun | None) -> DaemonRun:
    deadline = time.monotonic() + READY_S
    while (run := daemon_run.read(data)) is None or run == before:
        assert time.monotonic() < deadline, f"no daemon after {READY_S} s"
        time.sleep(0.1)
    return run


if __name__ == "__main__":
    main()
