"""A stage for each file: tests of one file share its daemon and must not mind each other."""

from collections.abc import Iterator

import pytest

from mexchange.codec.messages import MarketInfo
from tests.tui.picture_market import opened_market
from tests.tui.stage import Stage, opened


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A daemon with a scripted market."""
    yield from opened(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def picture_market(stage: Stage) -> MarketInfo:
    """On that daemon, a market that begins with the script."""
    return opened_market(stage)
