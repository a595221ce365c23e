"""What the table of sessions tells the daemon, and what it counts."""

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import msgspec

from mexchange.codec.errors import CodecError
from mexchange.codec.messages import Login
from mexchange.protocol.errors import (
    BadCookie,
    BadPacket,
    Forged,
    HandshakeFailed,
    ProtocolError,
    Replayed,
    TooManyHandshakes,
    Unexpected,
    UnknownEpoch,
)

if TYPE_CHECKING:
    from mexchange.protocol.server_session import ServerSession


class GoneReason(Enum):
    """Why a session ended."""

    LOGOUT = "logout"
    SILENT = "silent"
    HANDSHAKE_EXPIRED = "handshake expired"
    """No login within ten seconds."""
    REFUSED = "refused"
    CLOSED = "closed"
    """By the daemon."""
    MALFORMED = "malformed"
    """Too much nonsense, properly sealed."""
    EXHAUSTED = "exhausted"


class LoginAsked(NamedTuple):
    """Answer with `accept_login` or `refuse_login`, now or later. Repetitions are not reported."""

    session: "ServerSession"
    login: Login
    handshake_hash: bytes
    server_key: bytes


class Blocks(NamedTuple):
    """Of a session that is logged in: type, correlation and the whole block, header included."""

    session: "ServerSession"
    blocks: list[tuple[int, int, bytes]]


class SessionGone(NamedTuple):
    """The session is not in the table any more. Only for sessions whose login was asked or accepted."""

    session: "ServerSession"
    reason: GoneReason


ServerEvent: TypeAlias = LoginAsked | Blocks | SessionGone


class Drops(msgspec.Struct):
    """Datagrams, or blocks where it says so, that were dropped, by cause. For `mx status`."""

    bad_packet: int = 0
    bad_cookie: int = 0
    too_many_handshakes: int = 0
    handshake_failed: int = 0
    table_full: int = 0
    unknown_session: int = 0
    foreign_address: int = 0
    replayed: int = 0
    unknown_epoch: int = 0
    forged: int = 0
    malformed: int = 0
    unexpected: int = 0
    """A type or a kind that has no place in the session's state."""
    before_login: int = 0
    """More than three a second before the login."""
    over_credit: int = 0
    """Blocks beyond the unanswered requests that a session may have."""
    queue_full: int = 0
    """Blocks of ours that a session's queue had no room for."""

    def items(self) -> list[tuple[str, int]]:
        """Name and count of each cause."""
        return [(name, getattr(self, name)) for name in self.__struct_fields__]

    def count(self, error: ProtocolError | CodecError) -> None:
        """One more for the cause of `error`."""
        name = "malformed" if isinstance(error, CodecError) else _CAUSES[type(error)]
        setattr(self, name, getattr(self, name) + 1)


_CAUSES: Final[dict[type[ProtocolError], str]] = {
    BadPacket: "bad_packet",
    BadCookie: "bad_cookie",
    TooManyHandshakes: "too_many_handshakes",
    HandshakeFailed: "handshake_failed",
    Replayed: "replayed",
    UnknownEpoch: "unknown_epoch",
    Forged: "forged",
    Unexpected: "unexpected",
}
