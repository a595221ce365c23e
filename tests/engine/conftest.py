"""Every test of an engine runs on each of them: ask for `engine`, `engine_kind` or `table`."""

import pytest

from mexchange.daemon.engine_choice import Engine
from tests.engine.engines import ENGINES
from tests.engine.table import Table


@pytest.fixture(params=ENGINES)
def engine_kind(request: pytest.FixtureRequest) -> type[Engine]:
    """The class."""
    return ENGINES[request.param]


@pytest.fixture
def engine(engine_kind: type[Engine]) -> Engine:
    """Before its first command."""
    return engine_kind()


@pytest.fixture
def table(engine: Engine) -> Table:
    """One market without fees on it."""
    return Table(engine)
