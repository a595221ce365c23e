"""Two engines as one: whatever is asked is asked of both, and any difference that can be seen is a failure."""

import traceback
from collections.abc import Callable
from dataclasses import fields
from difflib import unified_diff
from typing import ClassVar, Final, Self, TypeVar

from mexchange.codec import CodecError, decode, encode
from mexchange.codec.blocks import split, split_blocks
from mexchange.codec.events import decode_records
from mexchange.core import engine as python_engine
from mexchange.core import snapshot
from mexchange.core.state import Account, Order, orders_of
from mexchange.daemon.engine_choice import NATIVE, PYTHON, Engine
from mexchange.domain.commands import Command
from mexchange.domain.events import Event
from tests.engine.engines import ENGINES

T = TypeVar("T")
DIFFERENCE_LINES_MAX: Final = 40


class Different(AssertionError):
    """The engines do not say the same."""


class InPieces(python_engine.Engine):
    """The engine in Python, given every batch block by block: what the rule book is compared with where it is alone."""

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        """The same records."""
        records, sequence = [], first_sequence
        for _, _, block in split_blocks(blocks):
            records.append(super().apply_batch(block, sequence, time_ns))
            sequence = self.sequence + 1
        return b"".join(records)


class SideBySide:
    """Implements engine_choice.Engine by asking both. Raises Different."""

    kinds: ClassVar[tuple[type[Engine], type[Engine]]] = (ENGINES[PYTHON], ENGINES.get(NATIVE, InPieces))

    def __init__(self, engines: tuple[Engine, Engine] | None = None) -> None:
        self.engines = (self.kinds[0](), self.kinds[1]()) if engines is None else engines

    @property
    def sequence(self) -> int:
        """Of the last command applied."""
        return self._ask("sequence", lambda engine: engine.sequence)

    @property
    def time_ns(self) -> int:
        """Of the last frame applied."""
        return self._ask("time_ns", lambda engine: engine.time_ns)

    @property
    def next_expiry_ns(self) -> int | None:
        """Of the first open order that expires."""
        return self._ask("next_expiry_ns", lambda engine: engine.next_expiry_ns)

    @property
    def features(self) -> dict[int, int]:
        """Changes of behaviour in force."""
        return self._ask("features", lambda engine: engine.features)

    def enable(self, feature: int, sequence: int) -> bool:
        """From this sequence on."""
        return self._ask("enable", lambda engine: engine.enable(feature, sequence))

    def apply(self, command: Command, sequence: int, time_ns: int) -> list[Event]:
        """One command."""
        return decode_records(self.apply_batch(encode(command), sequence, time_ns))

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        """Records."""
        return self._ask("apply_batch", lambda engine: engine.apply_batch(blocks, first_sequence, time_ns))

    def preview(self, blocks: bytes, time_ns: int) -> bytes:
        """Records."""
        return self._ask("preview", lambda engine: engine.preview(blocks, time_ns))

    def query(self, block: bytes) -> list[bytes]:
        """Reply blocks."""
        return self._ask("query", lambda engine: engine.query(block))

    def snapshot(self) -> bytes:
        """The whole state."""
        return self._ask("snapshot", lambda engine: engine.snapshot())

    @classmethod
    def restore(cls, data: bytes) -> Self:
        """Both, from the same bytes."""
        return cls((cls.kinds[0].restore(data), cls.kinds[1].restore(data)))

    def state_hash(self) -> bytes:
        """32 bytes."""
        return self._ask("state_hash", lambda engine: engine.state_hash())

    def compare(self) -> None:
        """Everything that the engines know."""
        self.snapshot()
        self.state_hash()
        self._ask("state", lambda engine: (engine.sequence, engine.time_ns, engine.next_expiry_ns))

    def _ask(self, what: str, call: Callable[[Engine], T]) -> T:
        said = [_outcome(call, engine) for engine in self.engines]
        if _shown(said[0]) != _shown(said[1]):
            raise Different(f"{what} is not the same\n{_difference(what, *said)}")
        first = said[0]
        if isinstance(first, Exception):
            raise first
        return first


def _outcome(call: Callable[[Engine], T], engine: Engine) -> T | Exception:
    try:
        return call(engine)
    except Exception as error:
        return error


def _shown(outcome: object) -> object:
    """Of errors only the kind is compared; whatever is no CodecError is a defect of the engine."""
    if isinstance(outcome, CodecError):
        return type(outcome)
    return "a defect" if isinstance(outcome, Exception) else outcome


def _difference(what: str, first: object, second: object) -> str:
    lines = _lines(what, first), _lines(what, second)
    shown = list(unified_diff(*lines, "first", "second", lineterm="", n=1))
    return "\n".join(shown[:DIFFERENCE_LINES_MAX]) or "the bytes differ, what they mean does not"


def _lines(what: str, outcome: object) -> list[str]:
    if isinstance(outcome, Exception):
        return ["".join(traceback.format_exception(outcome, limit=-2)).rstrip()]
    if isinstance(outcome, bytes) and what in ("apply_batch", "preview"):
        return _readable(outcome, lambda records: [str(event) for event in decode_records(records)])
    if isinstance(outcome, bytes) and what == "snapshot":
        return _readable(outcome, _lines_of_state)
    if isinstance(outcome, list):
        return [line for block in outcome for line in _readable(block, _lines_of_block)]
    return [outcome.hex(" ", 8) if isinstance(outcome, bytes) else repr(outcome)]


def _readable(data: bytes, read: Callable[[bytes], list[str]]) -> list[str]:
    try:
        return read(data)
    except (CodecError, snapshot.BadSnapshot) as error:
        return [f"nobody can read this ({error}): {data[:2_000].hex(' ', 8)}"]


def _lines_of_block(block: bytes) -> list[str]:
    return [f"{correlation}: {decode(message_type, payload)}" for message_type, correlation, payload in split(block)]


def _lines_of_state(data: bytes) -> list[str]:
    state = snapshot.load(data)
    lines = [f"{name} {getattr(state, name)}" for name in _STATE]
    lines += [str(market) for market in state.markets.values()]
    for account in (state.operator, *state.accounts.values()):
        memory = account.memory
        lines += [f"{account.account_id} {name} {getattr(account, name)}" for name in _ACCOUNT]
        lines += [f"{account.account_id} knows {key!r}: {answer}" for key, answer in memory.answers.items()]
        lines += [f"{account.account_id} {name} {getattr(memory, name)}" for name in _MEMORY]
    for book in state.books.values():
        lines.append(f"market {book.market_id} trade {book.trade_id}")
        for order in (*orders_of(book.asks), *orders_of(book.bids)):
            lines.append(" ".join(f"{name}={getattr(order, name)}" for name in _ORDER))
    return lines


_STATE: Final = (
    "sequence",
    "time_ns",
    "digest",
    "features",
    "account_counter",
    "order_counter",
    "withdrawal_counter",
    "assets",
    "system",
    "expiries",
)
_ACCOUNT: Final = tuple(item.name for item in fields(Account) if item.name != "memory")
_MEMORY: Final = ("recent", "settled", "texts", "evicted")
_ORDER: Final = tuple(item.name for item in fields(Order) if item.name not in ("previous", "next"))
