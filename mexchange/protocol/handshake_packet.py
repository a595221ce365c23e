"""The four datagrams before the first Data, byte by byte. Little-endian, after the 16-byte outer header.

    Hello                client_random 32 | features u64 | zeros to 1200        proves that 1200 bytes pass
    Retry                cookie 24                                              header.counter: first 8 of client_random
    HandshakeInit        cookie 24 | client_random 32 | features u64 | noise message 1 | zeros to 256
                         payload of message 1, in clear: client_index u32
    HandshakeResponse    noise message 2
                         payload, sealed: server_index u32 | 0 u32 | boot_id u64 | time_ns i64 | features u64 | token 16

The Noise prologue is "mx/1" and the Hello without its padding, which HandshakeInit repeats: who changes either on the
way changes the hash. A Retry is smaller than its Hello and a HandshakeResponse than its HandshakeInit, always.
"""

from struct import Struct
from typing import Final, NamedTuple

from mexchange.protocol.cookie import COOKIE_SIZE
from mexchange.protocol.errors import BadPacket, HandshakeFailed
from mexchange.protocol.noise import MESSAGE1_OVERHEAD, MESSAGE2_OVERHEAD
from mexchange.protocol.packet import (
    DATAGRAM_SIZE_MAX,
    HEADER_SIZE,
    PROTOCOL_MAJOR,
    PROTOCOL_MINOR,
    Header,
    Kind,
    pack_header,
    parse_header,
)

CLIENT_RANDOM_SIZE: Final = 32
RESET_TOKEN_SIZE: Final = 16

_HELLO: Final = Struct("<32sQ")
_INDEX: Final = Struct("<I")
_MESSAGE1_SIZE: Final = MESSAGE1_OVERHEAD + _INDEX.size
_WELCOME: Final = Struct("<IIQqQ16s")

HELLO_SIZE: Final = DATAGRAM_SIZE_MAX
RETRY_SIZE: Final = HEADER_SIZE + COOKIE_SIZE
INIT_SIZE: Final = 256
RESPONSE_SIZE: Final = HEADER_SIZE + MESSAGE2_OVERHEAD + _WELCOME.size
_INIT_USED: Final = HEADER_SIZE + COOKIE_SIZE + _HELLO.size + _MESSAGE1_SIZE

assert RETRY_SIZE <= HELLO_SIZE
assert RESPONSE_SIZE <= INIT_SIZE
assert _INIT_USED <= INIT_SIZE


class Hello(NamedTuple):
    """What the client says first. `features` is a set of bits, of which none is given yet."""

    client_random: bytes
    features: int
    minor: int = PROTOCOL_MINOR

    def prologue(self) -> bytes:
        """What both sides put under the handshake."""
        return PROTOCOL_MAJOR + pack_header(Kind.HELLO, minor=self.minor) + _HELLO.pack(*self[:2])

    def pack(self) -> bytes:
        """1200 bytes."""
        return (pack_header(Kind.HELLO, minor=self.minor) + _HELLO.pack(*self[:2])).ljust(HELLO_SIZE, b"\0")


class HandshakeInit(NamedTuple):
    """The second datagram of the client."""

    cookie: bytes
    hello: Hello
    noise: bytes

    def pack(self) -> bytes:
        """256 bytes."""
        header = pack_header(Kind.HANDSHAKE_INIT, minor=self.hello.minor)
        return (header + self.cookie + _HELLO.pack(*self.hello[:2]) + self.noise).ljust(INIT_SIZE, b"\0")


class Welcome(NamedTuple):
    """What the server says under the seal of the handshake. `time_ns` is its wall clock."""

    server_index: int
    boot_id: int
    time_ns: int
    features: int
    reset_token: bytes

    def pack(self) -> bytes:
        """48 bytes."""
        return _WELCOME.pack(self.server_index, 0, *self[1:])


def parse_hello(datagram: bytes) -> Hello:
    """Raises BadPacket."""
    header = _parse(datagram, Kind.HELLO, HELLO_SIZE)
    client_random, features = _HELLO.unpack_from(datagram, HEADER_SIZE)
    return Hello(client_random, features, header.minor)


def pack_retry(cookie: bytes, client_random: bytes) -> bytes:
    """40 bytes."""
    return pack_header(Kind.RETRY, counter=int.from_bytes(client_random[:8], "little")) + cookie


def parse_retry(datagram: bytes, client_random: bytes) -> bytes:
    """The cookie. Raises BadPacket, also for an answer to another Hello."""
    header = _parse(datagram, Kind.RETRY, RETRY_SIZE)
    if header.counter != int.from_bytes(client_random[:8], "little"):
        raise BadPacket("retry of another hello")
    return datagram[HEADER_SIZE:]


def parse_init(datagram: bytes) -> HandshakeInit:
    """Raises BadPacket."""
    header = _parse(datagram, Kind.HANDSHAKE_INIT, INIT_SIZE)
    hello_start = HEADER_SIZE + COOKIE_SIZE
    client_random, features = _HELLO.unpack_from(datagram, hello_start)
    return HandshakeInit(
        cookie=datagram[HEADER_SIZE:hello_start],
        hello=Hello(client_random, features, header.minor),
        noise=datagram[hello_start + _HELLO.size : _INIT_USED],
    )


def pack_client_index(client_index: int) -> bytes:
    """The payload of Noise message 1."""
    return _INDEX.pack(client_index)


def parse_client_index(payload: bytes) -> int:
    """Raises BadPacket."""
    if len(payload) != _INDEX.size:
        raise BadPacket("payload of message 1")
    (client_index,) = _INDEX.unpack(payload)
    return int(client_index)


def pack_response(client_index: int, noise: bytes) -> bytes:
    """160 bytes."""
    return pack_header(Kind.HANDSHAKE_RESPONSE, receiver_index=client_index) + noise


def parse_response(datagram: bytes, client_index: int) -> bytes:
    """Noise message 2. Raises BadPacket, also for the response of another client."""
    header = _parse(datagram, Kind.HANDSHAKE_RESPONSE, RESPONSE_SIZE)
    if header.receiver_index != client_index:
        raise BadPacket("response for another index")
    return datagram[HEADER_SIZE:]


def parse_welcome(payload: bytes) -> Welcome:
    """Raises HandshakeFailed: the seal held, the server is wrong."""
    if len(payload) != _WELCOME.size:
        raise HandshakeFailed("payload of message 2")
    server_index, _, boot_id, time_ns, features, reset_token = _WELCOME.unpack(payload)
    return Welcome(server_index, boot_id, time_ns, features, reset_token)


def _parse(datagram: bytes, kind: Kind, size: int) -> Header:
    header = parse_header(datagram)
    if header.kind is not kind or len(datagram) != size:
        raise BadPacket(f"{kind.name.lower()} of {len(datagram)} bytes")
    return header
