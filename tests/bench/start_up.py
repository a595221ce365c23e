"""How long `mx ticker` takes from the shell, against a bare Typer program that prints one word: the floor for any CLI.

A daemon of a fresh market answers; the two programs take turns, and the ratio is that of the medians.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from tests.bench.running_daemon import running_daemon

ROUNDS: Final = 15
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
    """Wall time of one `mx ticker KCN/EUR`, in ms, and the bare program's."""
    with tempfile.TemporaryDirectory() as folder, running_daemon({}) as (_, environ):
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        ticker = [sys.executable, "-m", "mexchange", "ticker", "KCN/EUR"]
        program = [sys.executable, str(bare), "ticker", "KCN/EUR"]
        mx_ms, bare_ms = [], []
        for _ in range(ROUNDS):
            mx_ms.append(_run_ms(ticker, environ))
            bare_ms.append(_run_ms(program, environ))
    value, baseline = statistics.median(mx_ms), statistics.median(bare_ms)
    return [
        {"name": "mx_ticker_start_up", "value": value, "unit": "ms", "baseline": baseline, "ratio": value / baseline}
    ]


def _run_ms(command: list[str], environ: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1_000
