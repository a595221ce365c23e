"""A real daemon for all tests of a file, which must not mind each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mexchange.config.daemon_run import DaemonRun
from tests.integration.daemon.market import Market


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonRun]:
    """Where a demo daemon listens."""
    data = Path(tmp_path_factory.mktemp("market")) / "data"
    data.mkdir(mode=0o700)
    shared = Market(data, MX_DAEMON_SEGMENT_BYTES=str(4 << 20), MX_DAEMON_FREE_BYTES_MIN="1")
    try:
        yield shared.start()
    finally:
        shared.end()
