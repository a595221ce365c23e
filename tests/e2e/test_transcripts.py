"""The examples of the manual, typed into a real shell on a real terminal against a real daemon."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import transcript
from tests.e2e.market import Market, local_market
from tests.e2e.terminal import Terminal

FILE = Path(__file__).parent / "transcripts" / "first_hour.txt"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A quiet demo market: nobody trades in it but the transcript."""
    with local_market(tmp_path_factory.mktemp("market")) as market:
        yield market


def test_the_first_hour_of_a_trader_reads_as_written(market: Market, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, market.environ)
    steps = transcript.read(FILE)
    assert len(steps) > 20
    for step in steps:
        printed = transcript.named(terminal.run(step.line, step.typed))
        if os.environ.get("WRITE_TRANSCRIPTS"):
            step.expected = printed
        else:
            assert printed == step.expected, f"$ {step.line}"
    if os.environ.get("WRITE_TRANSCRIPTS"):
        transcript.write(FILE, steps)
