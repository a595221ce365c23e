"""Who a session is for the daemon: what `ServerSession.data` holds once somebody has logged in."""

from dataclasses import dataclass
from typing import Final

from mexchange.daemon.key_limits import KeyLimit
from mexchange.domain.scopes import Scope
from mexchange.protocol.limits import TokenBucket
from mexchange.protocol.server_session import ServerSession

QUERIES_PER_S: Final = 1_000
ANONYMOUS_QUERIES_PER_S: Final = 200
PREVIEWS_PER_S: Final = 10
"""Per session: a preview hashes the whole state."""


@dataclass(slots=True, eq=False)
class Peer:
    """A logged-in session. The buckets of commands are shared by all sessions of an account."""

    account: int
    """0: anonymous, or an operator."""
    owner: int
    scopes: int
    key_id: str
    client: str
    orders: TokenBucket
    cancels: TokenBucket
    queries: TokenBucket
    previews: TokenBucket
    key_kind: int = 0
    """KeyKind of the wire; 0: anonymous."""
    web_session: bytes = b""
    """Of the browser for which a gateway speaks here."""
    limit: KeyLimit | None = None
    """What the key may trade, if that has limits."""
    was_used: bool = False
    """Has anything come since the last look."""

    @property
    def is_operator(self) -> bool:
        """May act for everybody."""
        return bool(self.scopes & Scope.ADMIN)


def peer_of(session: ServerSession) -> Peer:
    """The peer of a session that is logged in."""
    peer = session.data
    assert isinstance(peer, Peer), session
    return peer
