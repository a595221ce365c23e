"""The engines that a test runs on: the one in Python always, the native one where it was built."""

from contextlib import suppress
from typing import Final

from mexchange.config.errors import BadValue
from mexchange.core import snapshot
from mexchange.core.state import State
from mexchange.daemon.engine_choice import NATIVE, PYTHON, VARIABLE, Engine, choose


def _kinds() -> dict[str, type[Engine]]:
    kinds = {PYTHON: choose({VARIABLE: PYTHON}).kind}
    with suppress(BadValue):  # test_native.py tells so, once
        kinds[NATIVE] = choose({VARIABLE: NATIVE}).kind
    return kinds


ENGINES: Final = _kinds()
"""By name."""


def state_of(engine: Engine) -> State:
    """What is in an engine of either kind: a copy, by way of its snapshot."""
    return snapshot.load(engine.snapshot())
