"""How fast the native order book is on one core, beside a frozen plain one, on every flow of native/bench.

    PYTHONPATH=. python tests/bench/book.py [--messages N] [--rounds N] [FLOW ...]

Thread CPU time in ns per message: `value` and `baseline` are the best of interleaved rounds, with medians beside.
Needs cargo and the crates of native/Cargo.lock; without them there are no rows, and one line that says what is missing.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

NATIVE: Final = Path(__file__).parents[2] / "native"
PROGRAM: Final = ("--quiet", "--release", "--locked", "-p", "mexchange-bench")


def measure(options: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Rows for the bench table, one a flow."""
    missing = _build()
    if missing is not None:
        print(f"book: not measured, {missing}", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "book.json"
        command = ["cargo", "run", *PROGRAM, "--", *options, "--json", str(result)]
        subprocess.run(command, cwd=NATIVE, check=True, stdout=sys.stderr)
        rows: list[dict[str, Any]] = json.loads(result.read_text())
        return rows


def _build() -> str | None:
    """What is missing for it."""
    if shutil.which("cargo") is None:
        return "cargo is not installed"
    build = subprocess.run(["cargo", "build", *PROGRAM], cwd=NATIVE, check=False, stderr=subprocess.PIPE, text=True)
    if build.returncode == 0:
        return None
    return "cargo: " + (build.stderr.strip().splitlines() or ["failed"])[0]


if __name__ == "__main__":
    for row in measure(sys.argv[1:]):
        print(json.dumps(row))
