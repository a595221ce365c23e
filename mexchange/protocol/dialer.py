"""Repeats the client's handshake datagrams until they are answered.

Five tries for the Hello and five for the HandshakeInit, 250 ms apart at first, each wait twice the one before. After
two unanswered HandshakeInits the cookie is suspected (a server that was restarted in between does not know it) and
the attempt starts again from the Hello.
"""

from enum import Enum
from typing import Final

from mexchange.protocol.handshake import ClientHandshake, Established, Random
from mexchange.protocol.server_key import ServerPin

RETRY_NS: Final = 250 * 10**6
TRIES_MAX: Final = 5
INITS_PER_COOKIE: Final = 2


class Overdue(Enum):
    """What an unanswered datagram led to."""

    NOTHING = 0
    SENT_AGAIN = 1
    FROM_HELLO = 2
    GAVE_UP = 3


class Dialer:
    """One handshake being made. Datagrams to send collect in `outgoing`."""

    __slots__ = (
        "_datagram",
        "_handshake",
        "_hello_tries",
        "_init_first_ns",
        "_init_tries",
        "_pin",
        "_random",
        "due_ns",
        "outgoing",
    )

    def __init__(self, pin: ServerPin, random: Random) -> None:
        self._pin: Final = pin
        self._random: Final = random
        self._handshake: ClientHandshake | None = None
        self._datagram = b""
        self._hello_tries = 0
        self._init_tries = 0
        self._init_first_ns: int | None = None
        self.due_ns = 0
        """When `overdue` acts."""
        self.outgoing: list[bytes] = []

    @property
    def client_index(self) -> int:
        """Of the attempt under way."""
        assert self._handshake is not None
        return self._handshake.client_index

    @property
    def init_sent_ns(self) -> int:
        """When the first HandshakeInit of this attempt left."""
        assert self._init_first_ns is not None
        return self._init_first_ns

    def begin(self, now_ns: int, *, delay_ns: int = 0) -> None:
        """A new attempt with new keys; its Hello leaves after `delay_ns`."""
        self.outgoing.clear()
        self._init_tries = 0
        self._new_handshake()
        self.due_ns = now_ns + delay_ns
        if delay_ns == 0:
            self._send(now_ns)

    def retry(self, datagram: bytes, now_ns: int) -> None:
        """Follow a Retry. Raises BadPacket if it is not for us."""
        assert self._handshake is not None
        self._datagram = self._handshake.read_retry(datagram)
        self._init_first_ns = now_ns
        self._send(now_ns)

    def response(self, datagram: bytes, now_ns: int) -> Established:
        """Finish. Raises what ClientHandshake.read_response raises."""
        assert self._handshake is not None
        return self._handshake.read_response(datagram, now_ns)

    def overdue(self, now_ns: int) -> Overdue:
        """Act if the time has come."""
        if now_ns < self.due_ns:
            return Overdue.NOTHING
        if self._hello_tries >= TRIES_MAX or self._init_tries >= TRIES_MAX:
            return Overdue.GAVE_UP
        from_hello = self._init_first_ns is not None and self._init_tries % INITS_PER_COOKIE == 0
        if from_hello:
            self._new_handshake()
        self._send(now_ns)
        return Overdue.FROM_HELLO if from_hello else Overdue.SENT_AGAIN

    def _new_handshake(self) -> None:
        self._handshake = ClientHandshake(self._pin, self._random)
        self._datagram = self._handshake.hello()
        self._hello_tries = 0
        self._init_first_ns = None

    def _send(self, now_ns: int) -> None:
        self.outgoing.append(self._datagram)
        if self._init_first_ns is None:
            self.due_ns = now_ns + (RETRY_NS << self._hello_tries)
            self._hello_tries += 1
        else:
            self.due_ns = now_ns + (RETRY_NS << self._init_tries)
            self._init_tries += 1
