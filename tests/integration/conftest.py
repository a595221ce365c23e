"""A market per test, killed at its end whatever happened."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.daemon.market import Market


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    """Not started yet."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    # Small segments: zero-writing 128 MiB for each test would measure the disk.
    # No history, whose tests have a market of their own: a second process for each daemon would measure the machine.
    one = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1", MX_DAEMON_HISTORY="false")
    yield one
    one.end()
