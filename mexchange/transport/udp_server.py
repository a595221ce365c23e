"""The daemon's UDP sockets, drained by the event loop.

At most `DATAGRAMS_PER_TURN` are read from a socket before the loop looks after everything else again, so that a flood
cannot keep a finished commit waiting. A reader callback over `recvfrom` instead of a `DatagramProtocol`: one Python
call a wake-up rather than one a datagram, and the kernel's count of dropped datagrams comes with it.
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Final

from mexchange.protocol.packet import DATAGRAM_SIZE_MAX, Address

DATAGRAMS_PER_TURN: Final = 64
RECEIVE_BUFFER_BYTES: Final = 8 << 20
_READ_BYTES: Final = DATAGRAM_SIZE_MAX + 1
"""One more than allowed, so that an overlong datagram is seen as such."""
_SO_RXQ_OVFL: Final = 40
_ANCILLARY_BYTES: Final = socket.CMSG_SPACE(4)
_COUNT: Final = struct.Struct("=I")
_FAMILY_BY_ADDRESS_LENGTH: Final = {2: socket.AF_INET, 4: socket.AF_INET6}


class BindFailed(Exception):
    """No address of that name can be listened on; the message says why."""


class UdpServer:
    """Sockets of one name, all with one port: `localhost` may be 127.0.0.1 and ::1.

    `receive` gets the datagrams of one turn, in the order of their arrival, with the sender's address.
    """

    def __init__(self, *, host: str, port: int, receive_buffer_bytes: int = RECEIVE_BUFFER_BYTES) -> None:
        """Bind at once; port 0 takes a free one. Raises BindFailed."""
        self._sockets = _bind_all(host, port)
        self._by_family = {sock.family: sock for sock in self._sockets}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kernel_dropped: dict[int, int] = {}
        self.received = 0
        self.sent = 0
        self.unsent = 0
        """Datagrams that the kernel did not take; whoever misses one asks again."""
        host, own_port = self._sockets[0].getsockname()[:2]
        self._address = (str(host), int(own_port))
        for sock in self._sockets:
            _enlarge(sock, receive_buffer_bytes)

    @property
    def address(self) -> tuple[str, int]:
        """Where the first socket listens."""
        return self._address

    @property
    def kernel_dropped(self) -> int:
        """Datagrams that came while the receive buffer was full."""
        return sum(self._kernel_dropped.values())

    def start(self, loop: asyncio.AbstractEventLoop, receive: Callable[[list[tuple[bytes, Address]]], None]) -> None:
        """Call `receive` whenever something has come, until `close`."""
        assert self._loop is None
        self._loop = loop
        for sock in self._sockets:
            loop.add_reader(sock.fileno(), self._drain, sock, receive)

    def send(self, datagrams: Iterable[tuple[bytes, Address]]) -> None:
        """Hand each datagram to the kernel; what it does not take is counted and forgotten."""
        for datagram, address in datagrams:
            try:
                self._by_family[_FAMILY_BY_ADDRESS_LENGTH[len(address)]].sendto(datagram, address)
                self.sent += 1
            except OSError:
                self.unsent += 1

    def descriptors(self) -> list[int]:
        """What a child process must close, lest it keep the port."""
        return [sock.fileno() for sock in self._sockets]

    def stop_reading(self) -> None:
        """What comes from now on stays with the kernel; sending still works."""
        if self._loop is not None:
            for sock in self._sockets:
                self._loop.remove_reader(sock.fileno())
        self._loop = None

    def close(self) -> None:
        """Stop reading and release the port. Nothing happens the second time."""
        self.stop_reading()
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()

    def _drain(self, sock: socket.socket, receive: Callable[[list[tuple[bytes, Address]]], None]) -> None:
        datagrams: list[tuple[bytes, Address]] = []
        try:
            data, ancillary, _, address = sock.recvmsg(_READ_BYTES, _ANCILLARY_BYTES)
            datagrams.append((data, address))
            if ancillary:
                self._note_drops(sock, ancillary)
            for _ in range(DATAGRAMS_PER_TURN - 1):
                datagrams.append(sock.recvfrom(_READ_BYTES))
        except OSError:
            pass  # drained; or an error that belongs to a peer and says nothing about the socket
        if datagrams:
            self.received += len(datagrams)
            receive(datagrams)

    def _note_drops(self, sock: socket.socket, ancillary: list[tuple[int, int, bytes]]) -> None:
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == _SO_RXQ_OVFL:
                (self._kernel_dropped[sock.fileno()],) = _COUNT.unpack(data[: _COUNT.size])


def _bind_all(host: str, port: int) -> list[socket.socket]:
    """A socket for each address of the name. The first one must work, the others are a courtesy."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise BindFailed(f"{host} is not an address of this machine: {error.strerror or error}") from error
    sockets: list[socket.socket] = []
    families: set[int] = set()
    failure: OSError | None = None
    for family, kind, protocol, _, address in found:
        if family in families or family not in _FAMILY_BY_ADDRESS_LENGTH.values():
            continue
        families.add(family)
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            wanted = port or (sockets[0].getsockname()[1] if sockets else 0)
            sock.bind((address[0], wanted, *address[2:]))
            sockets.append(sock)
        except OSError as error:
            sock.close()
            failure = failure or error
    if not sockets:
        assert failure is not None, found
        raise BindFailed(f"cannot listen on {host}:{port}: {failure.strerror or failure}") from failure
    return sockets


def _enlarge(sock: socket.socket, size: int) -> None:
    """The default holds a few hundred datagrams. Beyond `rmem_max` only a privileged process gets its wish."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
    for option in (getattr(socket, "SO_RCVBUFFORCE", 33), _SO_RXQ_OVFL):
        try:
            sock.setsockopt(socket.SOL_SOCKET, option, size if option != _SO_RXQ_OVFL else 1)
        except OSError:
            continue
