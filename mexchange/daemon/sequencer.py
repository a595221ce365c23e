"""The order of things: takes requests from everybody in turn and gives a frame its sequences and its time.

Each session has a queue of its own and gets one request into the frame per turn, so that who sends most does not delay
who sends little. Within a session the order stays. When more waits than a frame takes, sessions whose next request is
a cancel go first, and beyond `backlog_commands_max` new orders are not accepted at all.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from mexchange.daemon.frame import Frame, Request
from mexchange.protocol.server_session import ServerSession

BACKLOG_FRAMES_MAX: Final = 4
"""So many frames of commands may wait before new orders are refused: about 0.1 s of the Python engine's work."""


class Sequencer:
    """Queues in, frames out. `clock` gives wall time in nanoseconds."""

    def __init__(
        self,
        *,
        next_sequence: int,
        last_time_ns: int,
        clock: Callable[[], int],
        commands_max: int,
        bytes_max: int,
    ) -> None:
        assert commands_max > 0
        self._next_sequence = next_sequence
        self._last_time_ns = last_time_ns
        self._clock = clock
        self._commands_max = commands_max
        self._bytes_max = bytes_max
        self._backlog_commands_max = BACKLOG_FRAMES_MAX * commands_max
        self._queues: dict[ServerSession | None, deque[Request]] = {}
        self.waiting_commands = 0
        self._waiting_bytes = 0

    @property
    def next_sequence(self) -> int:
        """What the first command of the next frame gets."""
        return self._next_sequence

    @property
    def is_overloaded(self) -> bool:
        """More waits than may: refuse what yields."""
        return self.waiting_commands >= self._backlog_commands_max

    def offer(self, request: Request) -> None:
        """Queue a request. The caller has looked at `is_overloaded`."""
        queue = self._queues.get(request.session)
        if queue is None:
            queue = self._queues[request.session] = deque()
        queue.append(request)
        self.waiting_commands += request.commands
        self._waiting_bytes += len(request.block)

    def cut(self, bytes_max: int | None = None) -> Frame | None:
        """The next frame, or None if nothing waits (or nothing that fits `bytes_max`)."""
        if not self._queues:
            return None
        limit = self._bytes_max if bytes_max is None else min(bytes_max, self._bytes_max)
        taken = self._take(limit)
        if not taken:
            return None
        count = sum(request.commands for request in taken)
        self._last_time_ns = max(self._last_time_ns + 1, self._clock())
        frame = Frame(taken, b"".join(r.block for r in taken), self._next_sequence, count, self._last_time_ns)
        self._next_sequence += count
        self.waiting_commands -= count
        self._waiting_bytes -= len(frame.body)
        return frame

    def drop_all(self) -> list[Request]:
        """Everything that waits, out of the queues; for a journal that has no room at all."""
        dropped = [request for queue in self._queues.values() for request in queue]
        self._queues.clear()
        self.waiting_commands = self._waiting_bytes = 0
        return dropped

    def _take(self, bytes_max: int) -> list[Request]:
        taken: list[Request] = []
        left = (self._commands_max, bytes_max)
        if self.waiting_commands > self._commands_max or self._waiting_bytes > bytes_max:
            left = self._take_turns(taken, *left, cancels_only=True)
        self._take_turns(taken, *left, cancels_only=False)
        return taken

    def _take_turns(
        self, taken: list[Request], commands_left: int, bytes_left: int, *, cancels_only: bool
    ) -> tuple[int, int]:
        """One request a session and turn until nothing (of that kind) fits. Who came too short is first next time."""
        queues = self._queues
        turn = list(queues)
        while turn:
            again: list[ServerSession | None] = []
            for session in turn:
                queue = queues[session]
                request = queue[0]
                if cancels_only and request.yields:
                    continue
                if request.commands > commands_left or len(request.block) > bytes_left:
                    return commands_left, bytes_left
                commands_left -= request.commands
                bytes_left -= len(request.block)
                taken.append(queue.popleft())
                del queues[session]
                if queue:
                    queues[session] = queue
                    again.append(session)
            turn = again
        return commands_left, bytes_left
