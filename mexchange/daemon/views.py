"""What the daemon's views of the market are given, and what they must do.

A view is fed by durable commits alone, answers questions of sessions, and keeps its own state over a restart in the
part of the snapshot that is not hashed. Everything happens on the loop thread.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from mexchange.codec import MessageType
from mexchange.codec.records import kinds_of
from mexchange.protocol.server_session import ServerSession

Handler = Callable[[ServerSession, int, bytes], None]
"""(session, correlation, whole block). Rights have been checked; `Malformed` may pass, it is answered for you."""


@dataclass(frozen=True)
class Commit:
    """One durable frame, as everybody may know it."""

    records: bytes
    """80 bytes each, in the engine's order."""
    first_sequence: int
    count: int
    """Commands in the frame."""
    time_ns: int
    replayed: bool
    """Recovery or prelude: nobody listens, nothing may be sent."""
    behind: int = 0
    """Commands that follow it in the journal, when it is replayed. What nobody will remember then need not be kept."""
    digest: bytes = b""
    """Of the journal's frame."""
    definitions: bytes | None = None
    """`events_of.definitions_in` its records, where the engine may be ahead of it."""

    @cached_property
    def kinds(self) -> bytes:
        """The EventKind of each record."""
        return kinds_of(self.records)

    @property
    def last_sequence(self) -> int:
        """Of its last command."""
        return self.first_sequence + self.count - 1


class Engine(Protocol):
    """What a view may ask of the engine: questions, never commands."""

    @property
    def sequence(self) -> int:
        """Of the last applied command. May be ahead of the last commit."""
        ...

    @property
    def time_ns(self) -> int:
        """Of the last applied frame."""
        ...

    def query(self, block: bytes) -> list[bytes]:
        """The blocks that answer a question, with its correlation."""
        ...


class Outbox(Protocol):
    """Where blocks leave. A session that is gone is ignored."""

    def send(self, session: ServerSession, block: bytes, /) -> object:
        """At the end of this turn. Only for what was made from commits."""
        ...

    def answer(self, session: ServerSession, block: bytes, /) -> object:
        """Once everything that the engine has applied is durable. For whatever the engine said."""
        ...


class View(Protocol):
    """Something that is derived from commits and shown to sessions."""

    @property
    def name(self) -> str:
        """Key of its part in a snapshot."""
        ...

    def handlers(self) -> Mapping[MessageType, Handler]:
        """The message types that it answers."""
        ...

    def on_commit(self, commit: Commit) -> None:
        """After the sync, and during recovery."""
        ...

    def on_tick(self, now_ns: int, time_ns: int) -> None:
        """Every 20 ms; monotonic and wall time. Conflated sending happens here."""
        ...

    def on_session_gone(self, session: ServerSession) -> None:
        """Forget what was kept for it."""
        ...

    def heads(self, session: ServerSession) -> Sequence[tuple[int, int]]:
        """(subscription, last sequence sent) for the heartbeat."""
        ...

    def save(self) -> bytes:
        """Its state; the engine stands at the last commit now."""
        ...

    def load(self, data: bytes) -> None:
        """What `save` gave. Data of another version is ignored."""
        ...

    def ready(self) -> None:
        """Recovery is over: read from the engine what `load` and the replayed commits did not bring."""
        ...
