"""What holds for every test: long ones apart, skips that count, randomness that can be repeated.

- Tests marked `soak` run only when asked for: `-m soak` or `--soak`.
- Under `REQUIRE_ALL=1` (.ci/run) a skip is a failure: a check that did not run has not passed.
- The fixture `database` runs a test on SQLite and on a real PostgreSQL, which is skipped where none is installed.
- `MX_TEST_SEED` repeats the random choices of a run; a failing run prints it.
"""

import os
import random
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tests import postgres

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

settings.register_profile("here", deadline=None, print_blob=True)
# A verdict about a landing must not depend on luck; the search for new failures is what `make soak` is for.
settings.register_profile("landing", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("landing" if REQUIRE_ALL else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long forms of the tests too")


def pytest_configure(config: pytest.Config) -> None:
    # Set before the workers of xdist start, which inherit it.
    os.environ.setdefault("MX_TEST_SEED", "1" if REQUIRE_ALL else str(random.SystemRandom().getrandbits(32)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--soak") or "soak" in config.getoption("markexpr"):
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in set(long)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, but skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRE_ALL and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, but skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if terminalreporter.stats.get("failed") or terminalreporter.stats.get("error"):
        terminalreporter.write_line(f"repeat the random choices of this run with MX_TEST_SEED={run_seed()}")


def run_seed() -> int:
    """The seed of this run, the same in all its worker processes."""
    return int(os.environ["MX_TEST_SEED"])


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A number of its own for each test, derived from the run's; printed with a failure."""
    value = random.Random(f"{run_seed()} {request.node.nodeid}").getrandbits(63)
    print(f"seed {value} of MX_TEST_SEED={run_seed()}")
    return value


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of this run's own, started when the first test wants it."""
    folder = postgres.programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    running = postgres.Cluster(folder)
    yield running
    running.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """A value of the setting `database`, the test's own and empty: one run per kind of database."""
    if request.param == "sqlite":
        return ""
    own: postgres.Cluster = request.getfixturevalue("cluster")
    return own.new_database()
