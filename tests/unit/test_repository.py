"""What must be true of the files in the repository themselves."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ADDRESS_OF_AN_INDEX = re.compile(r"--(extra-)?index-url|--find-links|https?://[^\s\"']*/simple\b|\"resolved\": *\"http")


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_lock_names_the_index_it_came_from() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        found = ADDRESS_OF_AN_INDEX.search(lock.read_text()) or re.search(r"https?://", lock.read_text())
        assert not found, f"{lock.name}: {found and found.group()}"


def test_the_lock_of_the_page_names_no_registry_and_hashes_every_package() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 10
    assert [name for name, package in packages.items() if "resolved" in package] == []
    # What is bundled comes inside a package that has a hash.
    own = {name: package for name, package in packages.items() if not package.get("inBundle")}
    assert [name for name, package in own.items() if not package.get("integrity", "").startswith("sha")] == []


def test_every_locked_package_has_a_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        blocks = re.split(r"\n(?=[a-z0-9])", lock.read_text(), flags=re.IGNORECASE)
        pinned = [block for block in blocks if re.match(r"[\w.-]+==", block)]
        assert len(pinned) > 10
        assert all("--hash=sha256:" in block for block in pinned)


@pytest.mark.parametrize("folder", ["mexchange"])
def test_every_package_says_in_one_line_what_it_is(folder: str) -> None:
    packages = {path.parent for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts}
    for package in packages:
        opening = package / "__init__.py"
        assert opening.is_file(), f"{package.relative_to(ROOT)} has no __init__.py"
        docstring = ast.get_docstring(ast.parse(opening.read_text()))
        assert docstring, f"{opening.relative_to(ROOT)} has no docstring"


def test_no_file_holds_a_conflict_marker() -> None:
    for path in tracked_files():
        assert b"\n<<<<<<< " not in path.read_bytes(), path
