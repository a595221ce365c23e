"""What the trading loop has to say for the audit log: gathered, and written a few times a second in one transaction.

Whoever sends nonsense at speed fills one line with a count, not the database. When the database does not answer, what
does not fit here is counted, and the count is written once it answers again.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from mexchange.codec import MessageType
from mexchange.daemon.peer import Peer
from mexchange.domain.rejects import RejectReason
from mexchange.identity.audit import Audit, AuditKind
from mexchange.protocol.server_session import ServerSession
from mexchange.store.audit import AuditEntry

ENTRIES_MAX: Final = 512
"""That wait to be written; further ones are counted."""
AUDITED: Final[dict[RejectReason, AuditKind]] = {
    RejectReason.SCOPE_MISSING: AuditKind.REQUEST_REFUSED,
    RejectReason.FOREIGN_ACCOUNT: AuditKind.REQUEST_REFUSED,
    RejectReason.KEY_MARKET: AuditKind.REQUEST_REFUSED,
    RejectReason.KEY_REDUCE_ONLY: AuditKind.REQUEST_REFUSED,
    RejectReason.KEY_NOTIONAL: AuditKind.LIMIT_HIT,
    RejectReason.THROTTLED: AuditKind.LIMIT_HIT,
}
_TYPES: Final = frozenset(map(int, MessageType))


class _What(msgspec.Struct, frozen=True):
    kind: AuditKind
    owner: int
    key_id: str
    detail: str
    host: str


class AuditFeed:
    """Gathers on the trading loop. `clock`: nanoseconds since 1970."""

    def __init__(self, audit: Audit, clock: Callable[[], int]) -> None:
        self._audit = audit
        self._clock = clock
        self._waiting: dict[_What, tuple[int, int]] = {}
        self._dropped = 0

    def note(self, kind: AuditKind, *, owner: int = 0, key_id: str = "", detail: str = "", host: str = "") -> None:
        """Something happened."""
        what = _What(kind, owner, key_id, detail, host)
        known = self._waiting.get(what)
        if known is not None:
            self._waiting[what] = (known[0], known[1] + 1)
        elif len(self._waiting) < ENTRIES_MAX:
            self._waiting[what] = (self._clock(), 1)
        else:
            self._dropped += 1

    def refused(self, session: ServerSession, message_type: int, reason: RejectReason) -> None:
        """Somebody was told no, for want of a right or at a limit of theirs. Other reasons are nobody's fault."""
        kind = AUDITED.get(reason)
        peer = session.data
        if kind is not None and isinstance(peer, Peer) and peer.key_id:
            name = MessageType(message_type).name.lower() if message_type in _TYPES else str(message_type)
            detail = f"{reason.name.lower()}: {name}"
            self.note(kind, owner=peer.owner, key_id=peer.key_id, detail=detail, host=str(session.address[0]))

    def take(self) -> list[AuditEntry]:
        """What waits, to be written now."""
        waiting, self._waiting = self._waiting, {}
        entries = [self._entry(what, first_ns, times) for what, (first_ns, times) in waiting.items()]
        if self._dropped:
            detail = f"{self._dropped} entries"
            entries.append(self._audit.entry(AuditKind.ENTRIES_DROPPED, self._clock(), detail=detail))
            self._dropped = 0
        return entries

    def failed(self, entries: list[AuditEntry]) -> None:
        """They could not be written."""
        self._dropped += len(entries)

    def _entry(self, what: _What, time_ns: int, times: int) -> AuditEntry:
        detail = what.detail if times == 1 else f"{what.detail} ({times} times)"
        return self._audit.entry(
            what.kind, time_ns, owner=what.owner, key_id=what.key_id, detail=detail, host=what.host
        )
