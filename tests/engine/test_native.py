"""Of the native engine itself: it is there, and what is wrong in it comes out as an error that says where."""

import pytest

from mexchange.daemon.engine_choice import NATIVE
from tests.engine.engines import ENGINES


def test_the_native_engine_is_here_so_that_every_test_of_an_engine_runs_on_both() -> None:
    if NATIVE not in ENGINES:
        pytest.skip("the native engine is not built: every test of an engine ran on the one in Python alone")
