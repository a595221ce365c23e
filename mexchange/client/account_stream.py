"""The account's events, each once and in order, out of datagrams that get lost, doubled and overtaken.

    receive ──> contiguous? ── yes ──> events, in order
                    │ no: hold it, the hole has been there since now
                    └─ after 2 ms: GapRequest (≤ 256) ──> Reports, that fill it
                                       └──> GapUnavailable: jump, with a snapshot of the account in between

Heartbeats and the login announce the stream's head, so that a lost tail is a hole too.
"""

from typing import Final

from mexchange.domain.events import Event

REORDER_WAIT_NS: Final = 2_000_000
"""How long a hole may be just a datagram that was overtaken."""
EVENTS_PER_REQUEST: Final = 256
HELD_MAX: Final = 65_536
"""Events that wait behind a hole; beyond it new ones are dropped and asked for again later."""
RETRY_FIRST_NS: Final = 20_000_000
"""Pause after an answer that did not close the hole; then twice as long, each time."""
RETRY_MAX_NS: Final = 1_000_000_000


class AccountStream:
    """Sans-I/O. `now_ns` is monotonic. Not started: everything passes, nothing is missed."""

    __slots__ = ("_held", "_hole_since_ns", "_not_before_ns", "_retry_ns", "asking", "head", "next", "requests")

    def __init__(self) -> None:
        self.next = 0
        """The account sequence that is wanted next; 0: not started."""
        self.head = 0
        """The greatest account sequence that is known to exist."""
        self.asking = False
        """A gap request is under way."""
        self.requests = 0
        """How often something had to be asked for."""
        self._held: dict[int, Event] = {}
        self._hole_since_ns: int | None = None
        self._not_before_ns = 0
        self._retry_ns = RETRY_FIRST_NS

    @property
    def started(self) -> bool:
        """Is there a position to be contiguous from."""
        return self.next > 0

    @property
    def at_head(self) -> bool:
        """Is nothing known to be missing."""
        return self.next > self.head

    @property
    def missing(self) -> int:
        """Events known to exist and not yet passed on."""
        return max(0, self.head + 1 - self.next) if self.started else 0

    def start(self, head: int) -> None:
        """Begin after `head`: the past is not asked for."""
        assert not self.started
        self.next, self.head = head + 1, head

    def receive(self, events: list[Event], now_ns: int) -> list[Event]:
        """Events of one Reports block, contiguous among themselves; returns what is next in order now."""
        if not events or not self.started:
            return events
        first = events[0].account_sequence
        last = first + len(events) - 1
        self.head = max(self.head, last)
        if last < self.next:
            return []
        self._retry_ns = RETRY_FIRST_NS if first <= self.next else self._retry_ns
        if first <= self.next and not self._held:
            ready = events[self.next - first :]
            self.next = last + 1
            self._note_hole(now_ns)
            return ready
        for event in events:
            if event.account_sequence >= self.next and len(self._held) < HELD_MAX:
                self._held[event.account_sequence] = event
        return self._release(now_ns)

    def announce(self, head: int, now_ns: int) -> None:
        """The server says that events up to `head` exist."""
        if self.started and head > self.head:
            self.head = head
            self._note_hole(now_ns)

    def wanted(self, now_ns: int) -> tuple[int, int] | None:
        """First and last account sequence to ask for now; the caller sets `asking` until the answer."""
        if self._hole_since_ns is None or self.asking or now_ns < self._due_ns():
            return None
        end = min(self._held) if self._held else self.head + 1
        return self.next, min(end - 1, self.next + EVENTS_PER_REQUEST - 1)

    def answered(self, now_ns: int) -> None:
        """The gap request is over, whatever came of it."""
        self.requests += 1
        self.asking = False
        self._not_before_ns = now_ns + self._retry_ns
        self._retry_ns = min(2 * self._retry_ns, RETRY_MAX_NS)

    def jump(self, to: int, now_ns: int) -> list[Event]:
        """Go on at account sequence `to`, at least where we are; what lies between is known by other means."""
        self.next = max(self.next, to)
        self.head = max(self.head, to - 1)
        for sequence in [held for held in self._held if held < self.next]:
            del self._held[sequence]
        return self._release(now_ns)

    def next_timer_ns(self) -> int | None:
        """When `wanted` may have something."""
        return None if self._hole_since_ns is None or self.asking else self._due_ns()

    def _due_ns(self) -> int:
        assert self._hole_since_ns is not None
        return max(self._hole_since_ns + REORDER_WAIT_NS, self._not_before_ns)

    def _release(self, now_ns: int) -> list[Event]:
        ready = []
        while (event := self._held.pop(self.next, None)) is not None:
            ready.append(event)
            self.next += 1
        self._note_hole(now_ns)
        return ready

    def _note_hole(self, now_ns: int) -> None:
        if self.at_head:
            self._hole_since_ns = None
            self._not_before_ns, self._retry_ns = 0, RETRY_FIRST_NS
        elif self._hole_since_ns is None:
            self._hole_since_ns = now_ns
