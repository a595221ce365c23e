"""One exchange and one gateway for all tests of a worker; each test has people of its own."""

from collections.abc import Iterator

import pytest

from tests.gateway.stack import GatewayProcess, Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Running."""
    one = Stack(tmp_path_factory.mktemp("stack"))
    try:
        one.gateway()
        yield one
    finally:
        one.end()


@pytest.fixture
def gateway(stack: Stack) -> GatewayProcess:
    """The first one."""
    return stack.gateways[0]
