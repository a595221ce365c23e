"""The client under asyncio: one non-blocking socket, one timer, no task of its own."""

import asyncio
import os
from types import TracebackType
from typing import Final, Self, TypeVar

from mexchange.client.connection import Connection
from mexchange.client.errors import ClientError, Unreachable
from mexchange.client.exchange import Exchange
from mexchange.client.live_calls import LiveCalls
from mexchange.client.loop_waiter import LoopWaiter
from mexchange.client.pending import Pending
from mexchange.transport.clock import SystemClock
from mexchange.transport.errors import NoSuchHost, PortUnreachable
from mexchange.transport.resolve import resolve
from mexchange.transport.udp_client import UdpClient
from mexchange.world.clock import Clock

T = TypeVar("T")

__all__ = ["Client"]

_NS_PER_S: Final = 1_000_000_000
SILENCE_NS: Final = 1_200_000_000
"""After so long without a word it may be that we do not hear: heartbeats come twice a second."""


class LoopDriver(LoopWaiter):
    """Moves datagrams between a socket and an exchange on the running loop.

    Whatever is asked for within one turn of the loop leaves together at its end.
    """

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        super().__init__()
        self._exchange = exchange
        self._clock = clock
        self._socket: UdpClient | None = None
        self._attempt = 0
        """Of which the socket is: each attempt to connect gets a fresh one."""
        self._watched_ns = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ns = 0
        self._turn_is_due = False
        self._is_closed = False

    def start(self) -> None:
        """Open the socket and send the first datagram."""
        self._exchange.start(self._clock.monotonic_ns())
        self._turn()

    def close(self) -> None:
        """Say good-bye and let go of the socket. Idempotent."""
        if self._is_closed:
            return
        self._exchange.stop(self._clock.monotonic_ns())
        self._send()
        self._is_closed = True
        self._drop_socket()
        if self._timer is not None:
            self._timer.cancel()

    async def wait(self, pending: Pending[T]) -> T:
        """The result, once it is there."""
        self.poke()
        return await super().wait(pending)

    async def wait_until(self, pending: Pending[T], timeout_ns: int) -> bool:
        """Wait so long at most; is it done."""
        self.poke()
        return await super().wait_until(pending, timeout_ns)

    def poke(self) -> None:
        """Something may be waiting to be sent."""
        if not self._turn_is_due and not self._is_closed:
            self._turn_is_due = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._turn_is_due = False
        if self._is_closed:
            return
        self._exchange.tick(self._clock.monotonic_ns())
        self._send()
        self._watch_again(self._clock.monotonic_ns())
        self._set_timer()

    def _readable(self) -> None:
        assert self._socket is not None
        try:
            datagrams = self._socket.receive()
        except PortUnreachable:
            self._exchange.port_unreachable(self._clock.monotonic_ns())
            datagrams = []
        now_ns = self._clock.monotonic_ns()
        for datagram in datagrams:
            self._exchange.receive(datagram, now_ns)
        self._turn()

    def _send(self) -> None:
        datagrams = self._exchange.datagrams(self._clock.monotonic_ns())
        if not datagrams:
            return
        try:
            self._open_socket().send(datagrams)
        except OSError:  # nobody listens, or there is no way to that address at all
            self._exchange.port_unreachable(self._clock.monotonic_ns())

    def _open_socket(self) -> UdpClient:
        attempt = self._exchange.attempt or self._attempt
        if self._socket is not None and (self._socket.address != self._exchange.address or attempt != self._attempt):
            self._drop_socket()
        self._attempt = attempt
        if self._socket is None:
            self._socket = UdpClient(self._exchange.address)
            self._loop.add_reader(self._socket.fileno(), self._readable)
        return self._socket

    def _watch_again(self, now_ns: int) -> None:
        """Some loops (libuv) stop watching a socket for good once its host has said that nobody listens."""
        heard_ns = self._exchange.session.last_heard_ns or self._watched_ns
        if self._socket is not None and now_ns - max(heard_ns, self._watched_ns) > SILENCE_NS:
            self._watched_ns = now_ns
            self._loop.remove_reader(self._socket.fileno())
            self._loop.add_reader(self._socket.fileno(), self._readable)

    def _drop_socket(self) -> None:
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _set_timer(self) -> None:
        due_ns = self._exchange.next_timer_ns()
        if due_ns == self._timer_ns and self._timer is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if due_ns is not None:
            delay_ns = max(0, due_ns - self._clock.monotonic_ns())
            self._timer, self._timer_ns = self._loop.call_later(delay_ns / _NS_PER_S, self._timer_fired), due_ns

    def _timer_fired(self) -> None:
        self._timer = None
        self._turn()


class Client(LiveCalls):
    """An exchange at the other end of a UDP socket. `async with await Client.connect(...) as client: ...`"""

    def __init__(self, exchange: Exchange, driver: LoopDriver, connection: Connection) -> None:
        super().__init__(exchange, driver, connection)
        self._driver = driver

    @classmethod
    async def connect(cls, connection: Connection, *, clock: Clock | None = None) -> Self:
        """Connected and logged in. Raises Unreachable (at once if nobody listens), ServerKeyError or LoginRefused."""
        clock = clock or SystemClock()
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.run_in_executor(None, resolve, connection.host, connection.port)
        except NoSuchHost as error:
            raise Unreachable(str(error)) from None
        exchange = Exchange(
            addresses=addresses,
            login=connection.login,
            pin=connection.pin,
            random=os.urandom,
            monotonic_ns=clock.monotonic_ns,
        )
        driver = LoopDriver(exchange, clock)
        driver.start()
        client = cls(exchange, driver, connection)
        try:
            if not await driver.wait_until(exchange.connected, round(connection.timeout_s * _NS_PER_S)):
                raise Unreachable(f"nobody answers at {connection.name}")
            exchange.connected.result()
        except (ClientError, asyncio.CancelledError):
            driver.close()
            raise
        if exchange.first_contact and connection.on_new_key is not None:
            connection.on_new_key(exchange.server_key)
        return client

    def poke(self) -> None:
        """Something was asked of `exchange` itself and nobody waits for it: send it."""
        self._driver.poke()

    async def close(self) -> None:
        """Log out. Idempotent."""
        self._driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
