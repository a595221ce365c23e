"""What the built page weighs, compressed as it goes over the line: the budget of a first visit."""

import gzip
import re
from collections.abc import Iterator

import pytest

from mexchange.gateway.page import BUILT

ENTRY_MAX = 150_000
CHART_MAX = 60_000
CHUNK_MAX = 25_000
STYLE_MAX = 15_000
"""Bytes."""


@pytest.fixture(scope="module")
def index() -> str:
    if not (BUILT / "index.html").is_file():
        pytest.skip("the page is not built: sh tools/web.sh build")
    return (BUILT / "index.html").read_text()


def weight(name: str) -> int:
    return len(gzip.compress((BUILT / "assets" / name).read_bytes(), 9))


def of_entry(index: str) -> set[str]:
    return set(re.findall(r"/assets/([\w.-]+\.js)", index))


def lazy(index: str) -> Iterator[str]:
    return (path.name for path in sorted((BUILT / "assets").glob("*.js")) if path.name not in of_entry(index))


def test_the_entry_weighs_at_most_150_kb(index: str) -> None:
    names = of_entry(index)
    assert len(names) > 1
    assert sum(map(weight, names)) <= ENTRY_MAX, {name: weight(name) for name in names}


def test_the_chart_comes_late_and_weighs_at_most_60_kb(index: str) -> None:
    charts = [name for name in lazy(index) if name.startswith(("chart-library-", "price-chart-"))]
    assert len(charts) == 2
    assert sum(map(weight, charts)) <= CHART_MAX, {name: weight(name) for name in charts}


def test_no_other_piece_weighs_more_than_25_kb(index: str) -> None:
    heavy = {name: weight(name) for name in lazy(index) if not name.startswith("chart-library-")}
    assert len(heavy) > 5
    assert max(heavy.values()) <= CHUNK_MAX, heavy
    assert sum(weight(path.name) for path in (BUILT / "assets").glob("*.css")) <= STYLE_MAX


def test_the_page_names_no_other_host(index: str) -> None:
    assert re.findall(r"(?:src|href)=\"(?!/)[^\"]*", index) == []
