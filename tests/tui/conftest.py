"""A stage for each file: tests of one file share its daemon and must not mind each other."""

from collections.abc import Iterator

import pytest

from tests.tui.stage import Stage, opened


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A daemon with a scripted market."""
    yield from opened(tmp_path_factory.mktemp("stage"))
