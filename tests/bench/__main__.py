"""Measure everything, print a table, write build/bench.json.

    python -m tests.bench [NAME ...]        NAME: a file of tests/bench that has `measure`; all of PARTS without

Each part runs in a process of its own, one after another. A row is {name, value, unit, baseline, ratio, …}: `ratio` is
value / baseline, null where nothing is compared. The files that parts write go to a folder under build/, never tmpfs.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from mexchange.daemon.facts import file_system_of

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build"
PARTS: Final = (
    "disk",
    "codec",
    "book",
    "engine",
    "memory",
    "recovery",
    "start_up",
    "end_to_end",
    "gateway",
    "page",
    "projection",
    "growth",
    "drawing",
    "screen",
)
COLUMNS: Final = ("name", "value", "unit", "baseline", "ratio")


def main() -> int:
    """Run the parts; the exit code is that of the first one that failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(PARTS))
    names = parser.parse_args().names or PARTS
    BUILD.mkdir(exist_ok=True)
    kind = file_system_of(BUILD.resolve())
    print(f"files on {kind}; {platform.python_implementation()} {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if kind in ("tmpfs", "ramfs"):
        print(f"error: {BUILD} is on {kind}: a sync there says nothing", file=sys.stderr)
        return 1
    rows: list[dict[str, Any]] = []
    failed = 0
    for name in names:
        print(f"… {name}", file=sys.stderr)
        part = _run(name)
        failed = failed or int(part is None)
        rows += part or []
    rows = [{**row, "file_system": kind} for row in rows]
    (BUILD / "bench.json").write_text(json.dumps(rows, indent=1) + "\n")
    _print_table(rows)
    return failed


def _run(name: str) -> list[dict[str, Any]] | None:
    """The rows of one part, None if it failed."""
    program = (
        "import importlib, json, sys; "
        f"rows = importlib.import_module('tests.bench.{name}').measure(); "
        "json.dump(rows, open(sys.argv[1], 'w'))"
    )
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=f"bench-{name}-") as folder:
        result = Path(folder) / "rows.json"
        command = [sys.executable, "-c", program, str(result)]
        process = subprocess.run(command, cwd=ROOT, env={**os.environ, "TMPDIR": folder}, check=False)
        if process.returncode != 0:
            return None
        rows: list[dict[str, Any]] = json.loads(result.read_text())
        return rows


def _print_table(rows: list[dict[str, Any]]) -> None:
    cells = [list(COLUMNS), *([_cell(row.get(column)) for column in COLUMNS] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(COLUMNS))]
    for row in cells:
        shown = [
            cell.ljust(width) if column in (0, 2) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(shown).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    sys.exit(main())
