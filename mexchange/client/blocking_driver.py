"""Serves one socket by hand: a coroutine is stepped, and each time it waits for a Pending, datagrams are moved."""

from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from mexchange.client.exchange import Exchange
from mexchange.client.pending import Pending
from mexchange.transport.blocking import wait_readable
from mexchange.transport.errors import PortUnreachable
from mexchange.transport.udp_client import UdpClient
from mexchange.world.clock import Clock

T = TypeVar("T")

IDLE_NS: Final = 100_000_000
"""At the latest so often the exchange gets its turn."""


class BlockingDriver:
    """Serves the socket while somebody waits."""

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        self._exchange = exchange
        self._clock = clock
        self._socket: UdpClient | None = None

    def start(self) -> None:
        """Send the first datagram."""
        self._exchange.start(self._clock.monotonic_ns())
        self._send()

    def close(self) -> None:
        """Say good-bye and let go of the socket. Idempotent."""
        self._exchange.stop(self._clock.monotonic_ns())
        self._send()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def wait(self, pending: Pending[T]) -> T:
        """Yields the Pending to `run`, which serves the socket until it is resolved."""
        return await pending

    async def wait_until(self, pending: Pending[T], timeout_ns: int) -> bool:
        """Serve the socket so long at most; is it done."""
        self.serve(pending, timeout_ns)
        return pending.done

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Step a call to its end."""
        try:
            while True:
                self.serve(coroutine.send(None), None)
        except StopIteration as stop:
            result: T = stop.value
            return result

    def serve(self, pending: Pending[Any] | None, timeout_ns: int | None) -> None:
        """Move datagrams until the Pending is resolved or the time is over. Once at least."""
        start_ns = self._clock.monotonic_ns()
        wait_ns = 0  # what has arrived meanwhile comes before what time says
        while True:
            self._read(wait_ns)
            now_ns = self._clock.monotonic_ns()
            self._exchange.tick(now_ns)
            self._send()
            left_ns = IDLE_NS if timeout_ns is None else start_ns + timeout_ns - now_ns
            if left_ns <= 0 or (pending is not None and pending.done):
                return
            due_ns = self._exchange.next_timer_ns()
            wait_ns = max(0, min(IDLE_NS, left_ns, IDLE_NS if due_ns is None else due_ns - now_ns))

    def _read(self, wait_ns: int) -> None:
        if self._socket is None or not wait_readable(self._socket, wait_ns):
            return
        try:
            datagrams = self._socket.receive()
        except PortUnreachable:
            self._exchange.port_unreachable(self._clock.monotonic_ns())
            return
        now_ns = self._clock.monotonic_ns()
        for datagram in datagrams:
            self._exchange.receive(datagram, now_ns)

    def _send(self) -> None:
        datagrams = self._exchange.datagrams(self._clock.monotonic_ns())
        if not datagrams:
            return
        try:
            if self._socket is not None and self._socket.address != self._exchange.address:
                self._socket.close()
                self._socket = None
            if self._socket is None:
                self._socket = UdpClient(self._exchange.address)
            self._socket.send(datagrams)
        except OSError:  # nobody listens, or there is no way to that address at all
            self._exchange.port_unreachable(self._clock.monotonic_ns())
