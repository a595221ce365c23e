"""A house for each test, once on SQLite and once on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.fakes.people import House, open_house


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    """Nobody lives here yet."""
    async with open_house(database, tmp_path) as one:
        yield one
