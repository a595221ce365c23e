"""Which engine runs: `MX_ENGINE=auto|python|native`, read here and nowhere else.

Both give the same answers, bytes and hashes, and go on with each other's journals and snapshots. `auto` takes the
native one where it was built.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol, Self

from mexchange.config.errors import BadValue
from mexchange.core import engine as python_engine
from mexchange.domain.commands import Command
from mexchange.domain.events import Event

VARIABLE: Final = "MX_ENGINE"
AUTO, PYTHON, NATIVE = "auto", "python", "native"


class Engine(Protocol):
    """What both engines are. The contracts are those of `core.engine`."""

    @property
    def sequence(self) -> int:
        """Of the last command applied."""
        ...

    @property
    def time_ns(self) -> int:
        """Of the last frame applied."""
        ...

    @property
    def next_expiry_ns(self) -> int | None:
        """When the first of the open orders that expire does; None if there is none."""
        ...

    @property
    def features(self) -> dict[int, int]:
        """Changes of behaviour in force: number → the first sequence that they are in force for."""
        ...

    def enable(self, feature: int, sequence: int) -> bool:
        """From `sequence` on, behind the last command, it is in force. False: this version does not know it."""
        ...

    def apply(self, command: Command, sequence: int, time_ns: int) -> list[Event]:
        """One command, for people and tests."""
        ...

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        """Command blocks in, records of 80 bytes out. CodecError; AssertionError where something is wrong with us."""
        ...

    def preview(self, blocks: bytes, time_ns: int) -> bytes:
        """The records that would come out now."""
        ...

    def query(self, block: bytes) -> list[bytes]:
        """Reply blocks to a question."""
        ...

    def snapshot(self) -> bytes:
        """The whole state."""
        ...

    @classmethod
    def restore(cls, data: bytes) -> Self:
        """The engine that `snapshot` was taken of. BadSnapshot."""
        ...

    def state_hash(self) -> bytes:
        """32 bytes that stand for the whole state."""
        ...


class EngineChoice(NamedTuple):
    """The engine that runs."""

    name: str
    kind: type[Engine]
    why: str
    """What was asked for, or what is missing, for people."""


def choose(environ: Mapping[str, str]) -> EngineChoice:
    """The engine that MX_ENGINE names. BadValue if it names none, or the native one where it was not built."""
    wish = environ.get(VARIABLE) or AUTO
    if wish not in (AUTO, PYTHON, NATIVE):
        raise BadValue(f"{VARIABLE}={wish}: must be {AUTO}, {PYTHON} or {NATIVE}")
    if wish == PYTHON:
        return EngineChoice(PYTHON, python_engine.Engine, f"{VARIABLE}={wish}")
    try:
        from mexchange.daemon.native_engine import NativeEngine
    except ImportError as error:
        missing = _why_not(error)
        if wish == NATIVE:
            raise BadValue(f"{VARIABLE}={wish}: {missing}; `make native` builds it or says why not") from None
        return EngineChoice(PYTHON, python_engine.Engine, missing)
    return EngineChoice(NATIVE, NativeEngine, f"{VARIABLE}={wish}")


def _why_not(error: ImportError) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name == "mexchange.native._native":
        return "the native engine is not built here"
    return f"the native engine cannot be loaded: {error}"
