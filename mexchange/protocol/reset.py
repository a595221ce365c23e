"""Stateless reset: how a server that has forgotten a session says so, believably and without memory.

    outer header (receiver_index: the forgotten one) | token 16

The token is made of the server's static key, the index and the client's address, and the client learned it under the
seal of its handshake. The address is part of it so that nobody else can obtain it by asking for that index. A reset is
smaller than what provoked it, so two servers cannot keep a ping-pong alive, and rate-limited by the caller.
"""

import hmac
from hashlib import blake2s
from typing import Final

from mexchange.protocol.handshake_packet import RESET_TOKEN_SIZE
from mexchange.protocol.noise import StaticKey
from mexchange.protocol.packet import HEADER_SIZE, Address, Kind, pack_header

RESET_SIZE: Final = HEADER_SIZE + RESET_TOKEN_SIZE


class Resetter:
    """Makes tokens; the same ones after a restart with the same static key."""

    __slots__ = ("_secret",)

    def __init__(self, static: StaticKey) -> None:
        self._secret = static.derive(b"mx stateless reset")

    def token(self, index: int, address: Address) -> bytes:
        """16 bytes, for HandshakeResponse."""
        material = index.to_bytes(4, "little") + repr(address).encode()
        return blake2s(material, digest_size=RESET_TOKEN_SIZE, key=self._secret).digest()

    def answer(self, datagram: bytes, index: int, address: Address) -> bytes | None:
        """The reset for a Data datagram of an unknown index, or None if it would not be smaller."""
        if len(datagram) <= RESET_SIZE:
            return None
        return pack_header(Kind.STATELESS_RESET, receiver_index=index) + self.token(index, address)


def is_reset(datagram: bytes, token: bytes) -> bool:
    """Is this the reset whose token we were given."""
    return len(datagram) == RESET_SIZE and hmac.compare_digest(datagram[HEADER_SIZE:], token)
