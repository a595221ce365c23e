"""The bench is a program too: its parts exist, and one of them runs from the shell to the file."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mexchange.daemon.facts import file_system_of
from tests.bench.__main__ import BUILD, COLUMNS, PARTS, ROOT


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_measure(part: str) -> None:
    assert callable(importlib.import_module(f"tests.bench.{part}").measure)


def test_every_file_that_can_measure_is_a_part() -> None:
    files = [path for path in Path(ROOT / "tests" / "bench").glob("*.py") if "\ndef measure(" in path.read_text()]
    assert {path.stem for path in files} == set(PARTS)


def test_the_bench_names_the_file_system_and_writes_its_rows() -> None:
    written = BUILD / "bench.json"
    kept = written.read_bytes() if written.exists() else None
    result = subprocess.run(
        [sys.executable, "-m", "tests.bench", "disk"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    kind = file_system_of(BUILD.resolve())
    assert result.stdout.startswith(f"files on {kind};")
    if kind in ("tmpfs", "ramfs"):
        assert (result.returncode, "says nothing" in result.stderr) == (1, True)
        return
    rows = json.loads(written.read_text())
    if kept is not None:
        written.write_bytes(kept)
    assert result.returncode == 0, result.stderr
    assert "fdatasync_4k_p50" in result.stdout
    assert all(set(COLUMNS) <= set(row) and row["file_system"] == kind for row in rows)
