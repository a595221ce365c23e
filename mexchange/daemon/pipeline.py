"""Sequenced, journalled, decided, published: the way of a frame.

    cut ─► writer thread: append, fdatasync ─────┐     ┌─► cut the next one, to the writer
      └──► loop thread: engine.apply_batch ──────┴─────┴─► publish: reports, answers, views ─► apply the next one

Group commit without a timer: a frame is what arrived during the sync before it. The disk has the next one while this
one is published, and the engine gets it afterwards: views that ask the engine find it where their frame left it.
Nothing that was made from a frame leaves before its sync returns, answers to questions included: they may have seen it.
"""

from collections.abc import Callable
from typing import Final, Protocol

from mexchange.daemon.frame import Frame, Request
from mexchange.daemon.sequencer import Sequencer
from mexchange.protocol.server_session import ServerSession
from mexchange.world.clock import Clock

_ROOM_STEPS: Final = (1 << 18, 1 << 16, 1 << 14, 1 << 12)
"""Frame bodies that are tried, in bytes, as the journal fills up."""


class PoisonCommand(Exception):
    """The engine failed on a command. Nothing of its frame was released; a replay would fail on it again."""

    def __init__(self, sequence: int) -> None:
        super().__init__(
            f"the engine failed at sequence {sequence}, nothing of that frame was released; "
            f"report the trace above, then go on without that command: mx daemon skip {sequence}"
        )
        self.sequence = sequence


class Engine(Protocol):
    """The part of the engine that moves."""

    @property
    def sequence(self) -> int:
        """Of the last command applied."""
        ...

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        """Records of 80 bytes."""
        ...


class Writer(Protocol):
    """The part of the journal writer that a frame meets."""

    def write(self, frame: Frame) -> None:
        """Make it durable, then report it."""
        ...

    def seal(self) -> None:
        """Nothing follows for now."""
        ...


class Pipeline:
    """At most one frame is in flight: with the writer, and not published."""

    def __init__(
        self,
        *,
        engine: Engine,
        sequencer: Sequencer,
        writer: Writer,
        has_room: Callable[[int], bool],
        publish: Callable[[Frame], None],
        refuse: Callable[[Request], None],
        send: Callable[[ServerSession, bytes], object],
        clock: Clock,
    ) -> None:
        """`has_room(bytes)`: the journal can take a frame with such a body. `refuse`: it never will take this one."""
        self._engine = engine
        self._sequencer = sequencer
        self._writer = writer
        self._has_room = has_room
        self._publish = publish
        self._refuse = refuse
        self._send = send
        self._clock = clock
        self._in_flight: Frame | None = None
        self._unapplied: Frame | None = None
        """The frame in flight, until the engine has it."""
        self.durable_sequence = sequencer.next_sequence - 1
        """Everything up to here is on disk and was published."""
        self.frames = 0

    @property
    def is_idle(self) -> bool:
        """Nothing is between the engine and the disk."""
        return self._in_flight is None

    def pump(self) -> None:
        """Start the next frame if none is in flight and something waits; the engine gets it. Raises PoisonCommand."""
        if self._in_flight is None:
            self._unapplied = self._write_next()
        if self._unapplied is not None:
            frame, self._unapplied = self._unapplied, None
            self._apply(frame)

    def committed(self, frame: Frame) -> None:
        """The writer's report: `frame` is durable. Has the next one written and publishes this; the caller pumps."""
        assert frame is self._in_flight, "one at a time"
        assert self._unapplied is None, "durable, but the engine does not have it"
        self.durable_sequence = frame.last_sequence
        self.frames += 1
        following = self._write_next()
        self._publish(frame)
        for session, block in frame.held:
            self._send(session, block)
        self._unapplied = following

    def _write_next(self) -> Frame | None:
        self._in_flight = self._cut()
        if self._in_flight is not None:
            self._writer.write(self._in_flight)
        return self._in_flight

    def _apply(self, frame: Frame) -> None:
        begin_ns = self._clock.monotonic_ns()
        try:
            frame.records = self._engine.apply_batch(frame.body, frame.first_sequence, frame.time_ns)
        except Exception as error:
            raise PoisonCommand(max(self._engine.sequence, frame.first_sequence)) from error
        frame.apply_ns = self._clock.monotonic_ns() - begin_ns

    def rest(self) -> None:
        """After a commit and a pump: if nothing followed, say so in the journal."""
        if self._in_flight is None:
            self._writer.seal()

    def answer(self, session: ServerSession, block: bytes) -> None:
        """Send what was made from the engine's present state, once that is durable."""
        if self._in_flight is None:
            self._send(session, block)
        else:
            self._in_flight.held.append((session, block))

    def _cut(self) -> Frame | None:
        if not self._sequencer.waiting_commands:
            return None
        for size in _ROOM_STEPS:
            if self._has_room(size):
                return self._sequencer.cut(size)
        for request in self._sequencer.drop_all():
            self._refuse(request)
        return None
