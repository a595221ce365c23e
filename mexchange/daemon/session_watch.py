"""Ends sessions whose key or browser is good no more: revoked, expired, disabled, signed out, here or elsewhere.

Twice a second the clerk looks whether anything was changed, which is one number, and at who came in meanwhile; only
after a change, once a minute, and when asked, it looks at everybody. While the database does not answer, open sessions
go on and nobody new comes in.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from mexchange.daemon.audit_feed import AuditFeed
from mexchange.daemon.clerk import Clerk, Post
from mexchange.daemon.peer import Peer
from mexchange.domain.scopes import Scope
from mexchange.identity.audit import AuditKind
from mexchange.identity.identity import Identity
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import SessionTable
from mexchange.store.errors import StoreError
from mexchange.telemetry import logs

LOOKS_BETWEEN: Final = 120
"""Looks at one number between two at everybody: what expires by itself is noticed within a minute."""


class _Seen(msgspec.Struct, frozen=True):
    """What the clerk found: who was looked at, and the rights of those who may go on."""

    changes: int
    keys: set[tuple[str, str]]
    browsers: set[bytes]
    good_keys: dict[tuple[str, str], Scope]
    good_browsers: dict[bytes, Scope]

    def is_good(self, peer: Peer, host: str) -> bool:
        """May that session go on, with the rights that it has."""
        if peer.web_session:
            name = (peer.key_id, host)
            return (name not in self.keys or name in self.good_keys) and (
                peer.web_session not in self.browsers or self.good_browsers.get(peer.web_session) == peer.scopes
            )
        return (peer.key_id, host) not in self.keys or self.good_keys.get((peer.key_id, host)) == peer.scopes


class SessionWatch:
    """Looks, and closes. `close` ends a session; `clock`: nanoseconds since 1970."""

    def __init__(
        self,
        *,
        identity: Identity,
        table: SessionTable,
        clerk: Clerk,
        post: Post,
        feed: AuditFeed,
        close: Callable[[ServerSession], None],
        clock: Callable[[], int],
    ) -> None:
        self._identity = identity
        self._table = table
        self._clerk = clerk
        self._post = post
        self._feed = feed
        self._close = close
        self._clock = clock
        self._log = logs.get("daemon.identity")
        self._changes = -1
        self._new_keys: set[tuple[str, str]] = set()
        self._new_browsers: set[bytes] = set()
        self._looks = 0
        self._is_looking = False
        self._is_wanted = False
        self._is_down = False

    def greet(self, session: ServerSession) -> None:
        """Somebody came in: what was revoked since their key was looked at is noticed by the next look."""
        peer = session.data
        assert isinstance(peer, Peer)
        self._new_keys.add((peer.key_id, str(session.address[0])))
        if peer.web_session:
            self._new_browsers.add(peer.web_session)

    def look_again(self) -> None:
        """Look at everybody, now."""
        self._is_wanted = True
        self.look()

    def look(self) -> None:
        """Look whether somebody has to go. Twice a second."""
        if self._is_looking:
            return
        self._is_looking = True
        self._looks += 1
        everybody = self._is_wanted or self._looks % LOOKS_BETWEEN == 0
        self._is_wanted = False
        keys = {(peer.key_id, str(session.address[0])) for session, peer in self._peers() if peer.key_id}
        peers = [peer for _, peer in self._peers()]
        browsers = {peer.web_session for peer in peers if peer.web_session}
        new_keys, self._new_keys = self._new_keys & keys, set()
        new_browsers, self._new_browsers = self._new_browsers & browsers, set()
        used = {peer.web_session for peer in peers if peer.web_session and peer.was_used} if everybody else set()
        for peer in peers if everybody else ():
            peer.was_used = False
        entries = self._feed.take()
        known = self._changes

        async def see() -> _Seen:
            if entries:
                await self._identity.audit.note(*entries)
            if used:
                await self._identity.web.touch(used)
            if new_keys:
                await self._identity.directory.mark_used({key_id for key_id, _ in new_keys}, self._clock())
            directory, time_ns = self._identity.directory, self._clock()
            changes = await directory.changes()
            all_of_them = everybody or changes != known
            asked, seen_in = (keys, browsers) if all_of_them else (new_keys, new_browsers)
            good_keys = await directory.good_keys(asked, time_ns) if asked else {}
            good_browsers = await directory.good_browsers(seen_in, time_ns) if seen_in else {}
            return _Seen(changes, asked, seen_in, good_keys, good_browsers)

        def seen(result: _Seen | Exception) -> None:
            self._is_looking = False
            if isinstance(result, Exception):
                self._feed.failed(entries)
                self._is_wanted = True
                self._say_down(result)
                return
            self._say_up()
            self._changes = result.changes
            self._close_bad(result)
            if self._is_wanted:
                self.look()

        self._clerk.call(see, seen, self._post)

    def _peers(self) -> list[tuple[ServerSession, Peer]]:
        return [(session, session.data) for session in self._table if isinstance(session.data, Peer)]

    def _close_bad(self, seen: _Seen) -> None:
        for session, peer in self._peers():
            host = str(session.address[0])
            if peer.key_id and not seen.is_good(peer, host):
                detail = "browser's session is over" if peer.web_session else "key or person is good no more"
                self._feed.note(AuditKind.SESSION_ENDED, owner=peer.owner, key_id=peer.key_id, detail=detail, host=host)
                self._close(session)

    def _say_down(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            self._log.error("sessions cannot be looked after", kind=type(error).__name__, exc_info=error)
        elif not self._is_down:
            self._log.error("the identity database does not answer: nobody new comes in", reason=str(error))
        self._is_down = True

    def _say_up(self) -> None:
        if self._is_down:
            self._is_down = False
            self._log.info("the identity database answers again")
