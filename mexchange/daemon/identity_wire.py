"""What the desks of people share: who asks, and rows of the database as messages."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import msgspec

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.messages import Done, KeyInfo, KeyKind, Message, SessionInfo, WebTokens
from mexchange.daemon.peer import peer_of
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import Scope
from mexchange.domain.units import AssetId, Atoms, OwnerId, TimeNs
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.web_sessions import Tokens
from mexchange.protocol.packet import BLOCKS_SIZE_MAX
from mexchange.protocol.server_session import ServerSession
from mexchange.store.identity import Key
from mexchange.store.web_sessions import WebSession

T = TypeVar("T")
Row = TypeVar("Row")

UDP: Final = "udp-"
WEB: Final = "web-"
"""How the names of sessions begin."""


class Caller(msgspec.Struct, frozen=True):
    """Who asks, as the clerk's thread may know it."""

    owner: int
    key_id: str
    host: str
    scopes: int
    web_session: bytes
    may_change: bool


def caller_of(session: ServerSession) -> Caller:
    """Who is behind a session."""
    peer = peer_of(session)
    return Caller(
        owner=peer.owner,
        key_id=peer.key_id,
        host=str(session.address[0]),
        scopes=peer.scopes,
        web_session=peer.web_session,
        may_change=bool(peer.owner) and (peer.key_kind == KeyKind.DEVICE or bool(peer.web_session)),
    )


def udp_name(session: ServerSession) -> str:
    """How a session is called among its owner's."""
    return f"{UDP}{session.index:08x}"


def host_of(caller: Caller, told: str) -> str:
    """Where somebody is: a gateway says so, anybody else is where they are."""
    return told if caller.scopes & Scope.DELEGATE and told else caller.host


def read(cls: type[T], message_type: MessageType, block: bytes) -> T:
    """The message of a block. Raises Malformed."""
    message = decode(message_type, block[8:])
    assert isinstance(message, cls)
    return message


async def done(work: Awaitable[object]) -> Message:
    """Done, once it is."""
    await work
    return Done()


def page_of(
    rows: Sequence[Row], make: Callable[[list[Row]], Message], name: Callable[[Row], str]
) -> tuple[list[Row], str]:
    """As many rows as fit a datagram, and the name of the last one if there are more."""
    page: list[Row] = []
    for row in rows:
        if page and len(encode(make([*page, row]))) > BLOCKS_SIZE_MAX - len(name(row)) - 8:
            return page, name(page[-1])
        page.append(row)
    return page, ""


def key_info(key: Key) -> KeyInfo:
    """As its owner may see it."""
    return KeyInfo(
        key_id=key.key_id,
        kind=key.kind,
        label=key.label,
        scopes=key.scopes,
        created_ns=TimeNs(key.created_ns),
        expires_ns=TimeNs(key.expires_ns),
        revoked_ns=TimeNs(key.revoked_ns),
        used_ns=TimeNs(key.used_ns),
        addresses=key.addresses,
        markets=key.markets,
        notional_asset=AssetId(key.notional_asset),
        notional_per_hour=Atoms(key.notional_per_hour),
        reduce_only=key.reduce_only,
    )


def web_info(session: WebSession, caller: Caller) -> SessionInfo:
    """As its owner may see it."""
    return SessionInfo(
        session_id=WEB + session.session_id.hex(),
        kind="web",
        label=session.label,
        host=session.host,
        since_ns=TimeNs(session.created_ns),
        seen_ns=TimeNs(session.seen_ns),
        is_this=session.session_id == caller.web_session,
    )


def web_tokens(tokens: Tokens, *, is_new: bool = False, email: str = "") -> WebTokens:
    """For the gateway that asked."""
    return WebTokens(
        session_id=tokens.session_id,
        token=tokens.token,
        refresh=tokens.refresh,
        owner=OwnerId(tokens.owner),
        idle_until_ns=TimeNs(tokens.idle_until_ns),
        ends_ns=TimeNs(tokens.ends_ns),
        is_new=is_new,
        email=email,
    )


def bytes_of(text: str) -> bytes:
    """The id of a session in hex. Raises IdentityRefused."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise IdentityRefused(RejectReason.SESSION_NOT_FOUND) from None
