"""Requests that are sent again until they are answered, within a credit.

    waiting ──(credit)──► in flight ──► settled      by the answer's correlation, or by the caller
       └──────────────────────┴──────► timed out     outcome unknown

A repetition has the same bytes in a new datagram. All requests are idempotent: commands by their client order id,
queries by nature. They outlive the session that carried them, until their own deadline.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

import msgspec

from mexchange.codec.blocks import CORRELATION_MAX, with_correlation
from mexchange.protocol.errors import TooManyRequests
from mexchange.protocol.limits import UNANSWERED_MAX, WAITING_MAX
from mexchange.protocol.round_trip import RoundTrip


class Request(msgspec.Struct, gc=False):
    """One request. Times are monotonic nanoseconds."""

    correlation: int
    block: bytes
    deadline_ns: int
    settled_by_caller: bool
    due_ns: int
    """When something is to be done about it: sent again, or given up."""
    attempts: int = 0
    sent_ns: int = 0
    answered: bool = False
    """Some block of an answer has come."""


class Requests:
    """All open requests of a client session, `credit` of them in flight.

    Suspended at first: nothing is handed out before `resume`.
    """

    __slots__ = (
        "_correlation",
        "_in_flight",
        "_jitter",
        "_running",
        "_timers",
        "_unsent",
        "_waiting",
        "credit",
        "round_trip",
    )

    def __init__(self, jitter: Callable[[], int]) -> None:
        self._jitter = jitter
        self._running = False
        self._in_flight: dict[int, Request] = {}
        self._waiting: dict[int, Request] = {}
        self._unsent: list[Request] = []
        self._timers: list[tuple[int, int]] = []  # (due_ns, correlation), possibly outdated
        self._correlation = 0
        self.credit = UNANSWERED_MAX
        self.round_trip: Final = RoundTrip()

    def __len__(self) -> int:
        return len(self._in_flight) + len(self._waiting)

    def add(self, block: bytes, now_ns: int, *, timeout_ns: int, settled_by_caller: bool) -> int:
        """The correlation under which the answer will come. Raises TooManyRequests when WAITING_MAX wait already."""
        if len(self._waiting) >= WAITING_MAX:
            raise TooManyRequests(f"{WAITING_MAX} requests wait already")
        correlation = self._next_correlation()
        deadline_ns = now_ns + timeout_ns
        self._waiting[correlation] = Request(
            correlation, with_correlation(block, correlation), deadline_ns, settled_by_caller, deadline_ns
        )
        heappush(self._timers, (deadline_ns, correlation))
        self._admit()
        return correlation

    def settle(self, correlation: int) -> bool:
        """The outcome is known, by whatever way. False if it was not open."""
        if self._in_flight.pop(correlation, None) is not None:
            self._admit()
            return True
        return self._waiting.pop(correlation, None) is not None

    def answer(self, correlation: int, now_ns: int) -> bool:
        """A block of an answer has come. False if it belongs to nothing open: a repetition."""
        request = self._in_flight.get(correlation)
        if request is None:
            return False
        if request.attempts == 1 and not request.answered:
            self.round_trip.sample(now_ns - request.sent_ns)
        request.answered = True
        if not request.settled_by_caller:
            self.settle(correlation)
        elif request.attempts:  # the rest may be on its way
            self._postpone(request, now_ns + self.round_trip.timeout_ns(1, self._jitter()))
        return True

    def delay(self, correlation: int, until_ns: int) -> bool:
        """The server wants to be asked again at `until_ns`. False if it is not in flight."""
        request = self._in_flight.get(correlation)
        if request is None:
            return False
        self._postpone(request, until_ns)
        return True

    def outgoing(self, now_ns: int) -> list[bytes]:
        """What to send for the first time now."""
        if not self._running:
            return []
        blocks = [self._sent(request, now_ns) for request in self._unsent if request.correlation in self._in_flight]
        self._unsent.clear()
        return blocks

    def due(self, now_ns: int) -> tuple[list[bytes], list[int]]:
        """What to send again now, and the correlations of those that have timed out."""
        again: list[bytes] = []
        timed_out: list[int] = []
        while self._timers and self._timers[0][0] <= now_ns:
            correlation = heappop(self._timers)[1]
            request = self._in_flight.get(correlation) or self._waiting.get(correlation)
            if request is None:
                continue
            if request.due_ns > now_ns:
                heappush(self._timers, (request.due_ns, correlation))
            elif now_ns >= request.deadline_ns:
                self.settle(correlation)
                timed_out.append(correlation)
            else:
                again.append(self._sent(request, now_ns))
        return again, timed_out

    def next_timer_ns(self) -> int | None:
        """When `due` has something to say; `outgoing` may have at once."""
        while self._timers:
            due_ns, correlation = self._timers[0]
            request = self._in_flight.get(correlation) or self._waiting.get(correlation)
            if request is not None and request.due_ns == due_ns:
                return due_ns
            heappop(self._timers)
            if request is not None:
                heappush(self._timers, (request.due_ns, correlation))
        return None

    def suspend(self) -> None:
        """The session is lost: only deadlines count until `resume`."""
        self._running = False
        self._unsent.clear()
        for request in self._in_flight.values():
            request.attempts = 0
            request.due_ns = request.deadline_ns
            heappush(self._timers, (request.due_ns, request.correlation))

    def resume(self) -> None:
        """A session can carry requests: everything in flight counts as not yet sent, in its first order."""
        self._running = True
        self._unsent = list(self._in_flight.values())
        self._admit()

    def _admit(self) -> None:
        while self._waiting and len(self._in_flight) < self.credit:
            correlation = next(iter(self._waiting))
            request = self._in_flight[correlation] = self._waiting.pop(correlation)
            if self._running:
                self._unsent.append(request)

    def _sent(self, request: Request, now_ns: int) -> bytes:
        request.attempts += 1
        request.sent_ns = now_ns
        self._postpone(request, now_ns + self.round_trip.timeout_ns(request.attempts, self._jitter()))
        return request.block

    def _postpone(self, request: Request, until_ns: int) -> None:
        request.due_ns = min(until_ns, request.deadline_ns)
        heappush(self._timers, (request.due_ns, request.correlation))

    def _next_correlation(self) -> int:
        while True:
            self._correlation = self._correlation % CORRELATION_MAX + 1
            if self._correlation not in self._in_flight and self._correlation not in self._waiting:
                return self._correlation
