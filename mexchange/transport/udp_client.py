"""A client's UDP socket: connected, non-blocking, drained in bounded batches.

Connected, so that the kernel drops datagrams of strangers and passes on "nobody listens there". What the kernel
cannot take now is dropped like any lost datagram: the session retransmits what matters.
"""

import socket
from collections.abc import Iterable
from typing import Final

from mexchange.transport.errors import PortUnreachable
from mexchange.transport.resolve import Address

DATAGRAM_SIZE_MAX: Final = 2048
"""More than any datagram of ours; what is longer is cut, and then fails authentication."""
BATCH_MAX: Final = 64
"""Datagrams taken per wake-up, so that timers and other sockets get their turn."""
BUFFER_SIZE: Final = 2**21


class UdpClient:
    """One socket to one address. Not thread-safe."""

    __slots__ = ("_socket", "address", "dropped")

    def __init__(self, address: Address) -> None:
        """Raises OSError if there is no way to the address at all (no route, no IPv6)."""
        family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_SIZE)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_SIZE)
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise
        self.address = address
        self.dropped = 0

    def fileno(self) -> int:
        """For a selector; -1 once closed."""
        return self._socket.fileno()

    def send(self, datagrams: Iterable[bytes]) -> None:
        """Pass all on, or drop and count what the kernel refuses. Raises PortUnreachable after the last one."""
        unreachable = False
        for datagram in datagrams:
            try:
                self._socket.send(datagram)
            except ConnectionRefusedError:
                unreachable = True
            except OSError:
                self.dropped += 1
        if unreachable:
            raise PortUnreachable(f"nobody listens on {self.address[0]} port {self.address[1]}")

    def receive(self) -> list[bytes]:
        """What has arrived, at most BATCH_MAX datagrams. Raises PortUnreachable if that came alone."""
        datagrams: list[bytes] = []
        while len(datagrams) < BATCH_MAX:
            try:
                datagrams.append(self._socket.recv(DATAGRAM_SIZE_MAX))
            except BlockingIOError:
                break
            except ConnectionRefusedError:
                if datagrams:
                    break
                raise PortUnreachable(f"nobody listens on {self.address[0]} port {self.address[1]}") from None
            except OSError:
                break
        return datagrams

    def close(self) -> None:
        """Idempotent."""
        self._socket.close()
