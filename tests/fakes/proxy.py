"""A bad line made of real UDP and real time: loses, doubles, delays and thereby reorders datagrams, both ways.

It stands between clients, who send to `address`, and a server that may move (`target`) when it is restarted. One
thread; every client gets a socket of its own towards the server, so that the server tells them apart.
"""

import random
import selectors
import socket
import threading
import time
from heapq import heappop, heappush
from typing import Final

Address = tuple[str, int]

SIZE_MAX: Final = 2_048
BUFFER_BYTES: Final = 2**21


class LossyProxy:
    """Chances per cent, times in seconds. Use as a context manager."""

    def __init__(
        self,
        target: Address,
        *,
        seed: int,
        loss: int = 0,
        doubling: int = 0,
        delay_s: float = 0.0,
        jitter_s: float = 0.0,
    ) -> None:
        self.target = target
        self.loss = loss
        self.doubling = doubling
        self.delay_s = delay_s
        self.jitter_s = jitter_s
        self.longest = SIZE_MAX
        """Bytes; what is longer is lost, as behind a tunnel that tells nobody how narrow it is."""
        self.passed = 0
        self.lost = 0
        self.doubled = 0
        self._random = random.Random(seed)
        self._front = _socket()
        self.address: Address = self._front.getsockname()
        self._backs: dict[Address, socket.socket] = {}
        self._due: list[tuple[float, int, socket.socket, bytes, Address]] = []
        self._number = 0
        self._selector = selectors.DefaultSelector()
        self._stops, self._stopper = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="lossy proxy", daemon=True)

    def __enter__(self) -> "LossyProxy":
        self._selector.register(self._front, selectors.EVENT_READ, None)
        self._selector.register(self._stops, selectors.EVENT_READ, None)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopper.send(b"x")
        self._thread.join(5)
        self._selector.close()
        for each in (self._front, self._stops, self._stopper, *self._backs.values()):
            each.close()

    def _run(self) -> None:
        while True:
            wait_s = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            for key, _ in self._selector.select(wait_s):
                if key.fileobj is self._stops:
                    return
                if key.fileobj is self._front:
                    self._drain_front()
                else:
                    self._drain_back(key.data)
            self._send_due()

    def _drain_front(self) -> None:
        while True:
            try:
                datagram, client = self._front.recvfrom(SIZE_MAX)
            except BlockingIOError:
                return
            except OSError:
                continue
            back = self._backs.get(client)
            if back is None:
                back = self._backs[client] = _socket()
                self._selector.register(back, selectors.EVENT_READ, client)
            self._take(back, datagram, self.target)

    def _drain_back(self, client: Address) -> None:
        while True:
            try:
                datagram = self._backs[client].recv(SIZE_MAX)
            except BlockingIOError:
                return
            except OSError:
                continue
            self._take(self._front, datagram, client)

    def _take(self, by: socket.socket, datagram: bytes, to: Address) -> None:
        copies = 2 if self._random.randrange(100) < self.doubling else 1
        self.doubled += copies - 1
        for _ in range(copies):
            if self._random.randrange(100) < self.loss or len(datagram) > self.longest:
                self.lost += 1
                continue
            at_s = time.monotonic() + self.delay_s + self._random.random() * self.jitter_s
            self._number += 1
            heappush(self._due, (at_s, self._number, by, datagram, to))

    def _send_due(self) -> None:
        now_s = time.monotonic()
        while self._due and self._due[0][0] <= now_s:
            _, _, by, datagram, to = heappop(self._due)
            try:
                by.sendto(datagram, to)
                self.passed += 1
            except OSError:
                self.lost += 1


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    made.bind(("127.0.0.1", 0))
    return made
