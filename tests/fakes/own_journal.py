"""A journal in memory under the parts of the daemon that send commands of their own: engine, accounts, views.

A frame is durable when it is in `frames`. `crash` forgets everything else and recovers from them, as a start does.
"""

import random
from collections.abc import Callable, Sequence
from typing import Protocol

from mexchange.codec import encode
from mexchange.codec.events import decode_records
from mexchange.core.engine import Engine
from mexchange.daemon.accounts import Accounts
from mexchange.daemon.own_commands import OwnCommands
from mexchange.daemon.views import Commit
from mexchange.domain.commands import Command
from mexchange.domain.events import Event
from mexchange.protocol.server_session import ServerSession


class Fed(Protocol):
    """Whatever hears of durable frames."""

    def on_commit(self, commit: Commit) -> None: ...


class ManualClock:
    """Stands still unless moved."""

    def __init__(self, time_ns: int) -> None:
        self.now_ns = time_ns

    def time_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns


class NoOutbox:
    """Nobody is there: parts are asked directly."""

    def send(self, session: ServerSession, block: bytes) -> None:
        raise AssertionError("no session")

    def answer(self, session: ServerSession, block: bytes) -> None:
        raise AssertionError("no session")


class OwnJournal:
    """`before_write` and `after_write` are called around each durable frame: a test may raise there to crash."""

    def __init__(self, clock: ManualClock, seed: int = 0) -> None:
        self.clock = clock
        self.frames: list[tuple[bytes, int, int]] = []
        self.before_write: Callable[[], None] = lambda: None
        self.after_write: Callable[[], None] = lambda: None
        self._rng = random.Random(seed)
        self._fed: list[Fed] = []
        self.crash()

    def crash(self) -> None:
        """Start anew from what is durable. Whoever listened has to listen again."""
        self.engine = Engine()
        self.accounts = Accounts()
        self.commands = OwnCommands(self._submit, clock=self.clock, random=self._rng.randbytes)
        self._fed = []
        for body, first, time_ns in self.frames:
            self._apply(body, first, time_ns, replayed=True)

    def feed(self, *parts: Fed) -> None:
        """The past, then everything that comes."""
        for part in parts:
            self.feed_past(part.on_commit)
        self._fed += parts

    def feed_past(self, hear: Callable[[Commit], None]) -> None:
        """What recovery would show."""
        past = Engine()
        for body, first, time_ns in self.frames:
            records = past.apply_batch(body, first, time_ns)
            hear(Commit(records, first, past.sequence - first + 1, time_ns, replayed=True))

    def apply(self, *commands: Command) -> list[Event]:
        """What others had the daemon journal: one frame each."""
        return [event for command in commands for event in decode_records(self._write(command))]

    def _submit(self, commands: Sequence[Command], then: Callable[[bool], None]) -> None:
        for command in commands:
            self._write(command)
        then(True)

    def _write(self, command: Command) -> bytes:
        self.before_write()
        body, first = encode(command), self.engine.sequence + 1
        time_ns = max(self.clock.time_ns(), self.engine.time_ns + 1)
        self.frames.append((body, first, time_ns))
        self.after_write()
        return self._apply(body, first, time_ns, replayed=False)

    def _apply(self, body: bytes, first: int, time_ns: int, *, replayed: bool) -> bytes:
        records = self.engine.apply_batch(body, first, time_ns)
        commit = Commit(records, first, self.engine.sequence - first + 1, time_ns, replayed=replayed)
        self.accounts.on_commit(commit)
        self.commands.on_commit(commit)
        for part in self._fed:
            part.on_commit(commit)
        return records
