"""The handshake, one machine for each side.

    client                                server
    Hello (1200 B)            ────►       nothing is kept
                              ◄────       Retry (cookie)
    HandshakeInit (256 B)     ────►       cookie, then the host's bucket, then memory and curve arithmetic
                              ◄────       HandshakeResponse (160 B): static key, indexes, boot id, time, reset token

Neither side sends anything by itself: who drives them repeats the client's datagrams, byte for byte.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from mexchange.protocol.channel import SecureChannel
from mexchange.protocol.cookie import CookieJar
from mexchange.protocol.errors import BadPacket, TooManyHandshakes
from mexchange.protocol.handshake_packet import (
    CLIENT_RANDOM_SIZE,
    HandshakeInit,
    Hello,
    Welcome,
    pack_client_index,
    pack_response,
    pack_retry,
    parse_client_index,
    parse_hello,
    parse_init,
    parse_response,
    parse_retry,
    parse_welcome,
)
from mexchange.protocol.limits import AddressBuckets
from mexchange.protocol.noise import Initiator, Responder, StaticKey
from mexchange.protocol.packet import NO_INDEX, Address
from mexchange.protocol.server_key import ServerPin

Random = Callable[[int], bytes]
"""So many unpredictable bytes."""


class Established(NamedTuple):
    """What the client has after the handshake. `first_contact`: the key was accepted unseen and should be pinned."""

    channel: SecureChannel
    handshake_hash: bytes
    server_key: bytes
    welcome: Welcome
    first_contact: bool


class ClientHandshake:
    """One attempt: `hello`, `read_retry`, `read_response`. A new attempt is a new object."""

    __slots__ = ("_ephemeral", "_hello", "_init", "_pin", "client_index")

    def __init__(self, pin: ServerPin, random: Random) -> None:
        self._pin = pin
        self._hello = Hello(random(CLIENT_RANDOM_SIZE), features=0)
        self._ephemeral = StaticKey(random(32))
        self.client_index: Final = random_index(random)
        self._init: bytes | None = None

    def hello(self) -> bytes:
        """The first datagram."""
        return self._hello.pack()

    def read_retry(self, datagram: bytes) -> bytes:
        """The HandshakeInit to send. Raises BadPacket for a Retry that does not answer our Hello."""
        cookie = parse_retry(datagram, self._hello.client_random)
        message = self._initiator().write_message(pack_client_index(self.client_index))
        self._init = HandshakeInit(cookie, self._hello, message).pack()
        return self._init

    def read_response(self, datagram: bytes, now_ns: int) -> Established:
        """The finished handshake.

        Raises BadPacket or HandshakeFailed for what did not come from a server that read our HandshakeInit; the
        attempt is not spoiled by it. Raises UnknownServer or ChangedServerKey for one that did, and then it is over.
        """
        if self._init is None:
            raise BadPacket("response before retry")
        message = parse_response(datagram, self.client_index)
        initiator = self._initiator()
        initiator.write_message(pack_client_index(self.client_index))
        payload, server_key, split = initiator.read_message(message)
        welcome = parse_welcome(payload)
        first_contact = self._pin.check(server_key)
        channel = SecureChannel(split, peer_index=welcome.server_index, now_ns=now_ns)
        return Established(channel, split.handshake_hash, server_key, welcome, first_contact)

    def _initiator(self) -> Initiator:
        # Made anew for each message: a forged response must leave nothing behind that the real one stumbles over.
        return Initiator(prologue=self._hello.prologue(), ephemeral=self._ephemeral)


class Admitted(NamedTuple):
    """A HandshakeInit whose sender owns its address and has tokens left. `identity` is equal for its repetitions."""

    init: HandshakeInit
    address: Address

    @property
    def identity(self) -> tuple[Address, bytes]:
        """The address, with the client's ephemeral key and index as sent."""
        return self.address, self.init.noise


class Answered(NamedTuple):
    """What the server has after the handshake."""

    response: bytes
    channel: SecureChannel
    handshake_hash: bytes


class ServerHandshake:
    """The server's side for all clients. Its memory is bounded and the same whoever knocks."""

    __slots__ = ("_buckets", "_cookies", "_random", "_static", "boot_id")

    def __init__(
        self, *, static: StaticKey, boot_id: int, random: Random, buckets: AddressBuckets, now_ns: int
    ) -> None:
        self._static = static
        self._random = random
        self._buckets = buckets
        self._cookies = CookieJar(random, now_ns)
        self.boot_id: Final = boot_id

    def retry(self, datagram: bytes, address: Address, now_ns: int) -> bytes:
        """The answer to a Hello. Raises BadPacket."""
        hello = parse_hello(datagram)
        return pack_retry(self._cookies.make(address, hello.client_random, now_ns), hello.client_random)

    def admit(self, datagram: bytes, address: Address, now_ns: int) -> Admitted:
        """The gate before anything costly. Raises BadPacket, BadCookie or TooManyHandshakes."""
        init = parse_init(datagram)
        self._cookies.check(init.cookie, address, init.hello.client_random, now_ns)
        if not self._buckets.take(address, now_ns):
            raise TooManyHandshakes(str(address[0]))
        return Admitted(init, address)

    def answer(self, admitted: Admitted, *, index: int, reset_token: bytes, now_ns: int, time_ns: int) -> Answered:
        """Finish the handshake with our session `index`. Raises BadPacket or HandshakeFailed."""
        init = admitted.init
        responder = Responder(
            prologue=init.hello.prologue(), static=self._static, ephemeral=StaticKey(self._random(32))
        )
        client_index = parse_client_index(responder.read_message(init.noise))
        welcome = Welcome(index, self.boot_id, time_ns, features=0, reset_token=reset_token)
        message, split = responder.write_message(welcome.pack())
        channel = SecureChannel(split, peer_index=client_index, now_ns=now_ns)
        return Answered(pack_response(client_index, message), channel, split.handshake_hash)


def random_index(random: Random) -> int:
    """A session index, never NO_INDEX."""
    while True:
        index = int.from_bytes(random(4), "little")
        if index != NO_INDEX:
            return index
