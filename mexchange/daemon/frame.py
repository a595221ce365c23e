"""A request on its way through the pipeline, and the frame that it becomes part of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from mexchange.protocol.server_session import ServerSession


class Request(NamedTuple):
    """A canonical block of commands and where its answer goes: to a session, or to a part of the daemon."""

    session: ServerSession | None
    then: Callable[[bool], None] | None
    """Told once whether these commands are durable, after everybody else."""
    correlation: int
    message_type: int
    account: int
    """Whose commands they are; 0: the operator's."""
    block: bytes
    commands: int
    yields: bool
    """New exposure, which waits when there is too much to do; cancels do not."""


@dataclass(slots=True)
class Frame:
    """One group commit: what is written and applied together, and what waits for its sync."""

    requests: list[Request]
    body: bytes
    first_sequence: int
    count: int
    time_ns: int
    records: bytes = b""
    digest: bytes = b""
    """In the journal."""
    apply_ns: int = 0
    """How long the engine took,"""
    sync_ns: int = 0
    """and the disk."""
    held: list[tuple[ServerSession, bytes]] = field(default_factory=list)
    """Blocks made from a state that includes this frame."""

    @property
    def last_sequence(self) -> int:
        """Of the last command."""
        return self.first_sequence + self.count - 1
