"""How long `mx ticker` takes from the shell, against a bare Typer program that prints one word: the floor for any CLI.

Beside it, what of that is the handshake with its login, against the 5 ms that are promised for loopback.

A daemon of a fresh market answers; the two programs take turns, and the ratio is that of the medians.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from mexchange.client.blocking import BlockingClient
from mexchange.client.connection import Connection
from mexchange.config.daemon_run import DaemonRun
from tests.bench.running_daemon import running_daemon

ROUNDS: Final = 15
CONNECT_MS: Final = 5
BARE: Final = """
import typer
app = typer.Typer()
@app.command()
def ticker(market: str) -> None:
    print(market)
@app.command()
def book(market: str) -> None:
    print(market)
app()
"""


def measure() -> list[dict[str, Any]]:
    """Wall time of one `mx ticker KCN/EUR`, in ms, and the bare program's; of a connection over loopback."""
    with tempfile.TemporaryDirectory() as folder, running_daemon({}) as (run, environ):
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
        environ["PYTHONPYCACHEPREFIX"] = folder
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        ticker = [sys.executable, "-m", "mexchange", "ticker", "KCN/EUR"]
        program = [sys.executable, str(bare), "ticker", "KCN/EUR"]
        _run_ms(ticker, environ), _run_ms(program, environ)
        mx_ms, bare_ms = [], []
        for _ in range(ROUNDS):
            mx_ms.append(_run_ms(ticker, environ))
            bare_ms.append(_run_ms(program, environ))
        connect_ms = statistics.median(_connect_ms(run) for _ in range(ROUNDS))
    value, baseline = statistics.median(mx_ms), statistics.median(bare_ms)
    return [
        {"name": "mx_ticker_start_up", "value": value, "unit": "ms", "baseline": baseline, "ratio": value / baseline},
        {
            "name": "connect_and_log_in",
            "value": connect_ms,
            "unit": "ms",
            "baseline": CONNECT_MS,
            "ratio": connect_ms / CONNECT_MS,
        },
    ]


def _connect_ms(run: DaemonRun) -> float:
    connection = Connection(host=run.host, port=run.port, expected_key=bytes.fromhex(run.server_key))
    start = time.perf_counter()
    with BlockingClient.connect(connection):
        return (time.perf_counter() - start) * 1_000


def _run_ms(command: list[str], environ: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1_000
