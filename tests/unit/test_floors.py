"""The floors of the house (docs/ARCHITECTURE.md), as import-linter sees them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of pyproject.toml on the package in `tree`, which becomes the working directory."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run([sys.executable, "-c", program], cwd=tree, capture_output=True, text=True, check=False)


def test_imports_only_go_down() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("package", "statement"),
    [
        ("domain", "import mexchange.config"),
        ("domain", "import time"),
        ("world", "import mexchange.domain"),
        ("config", "import mexchange.telemetry"),
        ("config", "import rich"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_found(tmp_path: Path, package: str, statement: str) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "mexchange", tmp_path / "mexchange", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "mexchange" / package / "planted.py").write_text(statement + "\n")
    result = lint_imports(tmp_path)
    assert result.returncode == 1, result.stdout
    assert f"mexchange.{package}.planted" in result.stdout
