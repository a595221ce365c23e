"""The documentation says what the code says, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from mexchange.domain.rejects import RejectReason
from tools.generate_docs import documents, errors_page

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_generated_parts_are_up_to_date() -> None:
    stale = [path.name for path, text in documents() if path.read_text() != text]
    assert not stale, f"run: make generate ({', '.join(stale)})"


def test_every_reject_has_its_row() -> None:
    rows = re.findall(r"^\| (\d+) \| `(E_\w+)`", errors_page(), re.MULTILINE)
    assert [int(number) for number, _ in rows] == [reason.value for reason in RejectReason]
    assert len({name for _, name in rows}) == len(rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_in_a_page_exist(page: Path) -> None:
    named = re.findall(r"`((?:mexchange|schemas|tests|tools)/[\w./-]+\.\w+)`", page.read_text())
    missing = [name for name in named if not (ROOT / name).exists()]
    assert page.name == "STYLE.md" or not missing
