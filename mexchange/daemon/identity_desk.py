"""Answers what people ask about themselves: keys, sessions, the second factor, their address.

A key of a program may look; only a device of the person, or a gateway that speaks for them, may change something.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from mexchange.codec import MessageType
from mexchange.codec.messages import (
    BackupCodes,
    Done,
    EmailChange,
    KeyRequest,
    KeyRevoke,
    KeysPage,
    KeysQuery,
    Message,
    SessionInfo,
    SessionRevoke,
    SessionsPage,
    SessionsQuery,
    TotpDisable,
    TotpEnable,
    TotpSecret,
)
from mexchange.daemon.confirmations import Confirmations
from mexchange.daemon.identity_answers import IdentityAnswers
from mexchange.daemon.identity_wire import (
    UDP,
    WEB,
    Caller,
    bytes_of,
    caller_of,
    done,
    key_info,
    page_of,
    read,
    udp_name,
    web_info,
)
from mexchange.daemon.peer import Peer, peer_of
from mexchange.daemon.views import Handler
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import TimeNs
from mexchange.identity.identity import Identity
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import SessionTable
from mexchange.store.identity import Key
from mexchange.store.web_sessions import WebSession

ALL: Final = "all"


class IdentityDesk:
    """Handlers of the messages from 620 on, but Confirm."""

    def __init__(
        self,
        *,
        identity: Identity,
        answers: IdentityAnswers,
        confirmations: Confirmations,
        table: SessionTable,
        close: Callable[[ServerSession], None],
        look_again: Callable[[], None],
        server_key: bytes,
        time_offset_ns: Callable[[], int],
        in_words: Callable[[KeyRequest], str],
    ) -> None:
        """`in_words`: the limits of a key. `close` ends a session; `look_again`: whether sessions are good.

        `time_offset_ns`: wall minus monotonic clock.
        """
        self._identity = identity
        self._answers = answers
        self._confirmations = confirmations
        self._table = table
        self._close = close
        self._look_again = look_again
        self._server_key = server_key
        self._time_offset_ns = time_offset_ns
        self._in_words = in_words

    def handlers(self) -> dict[MessageType, Handler]:
        """Of this."""
        return {
            MessageType.PROFILE_QUERY: self._profile,
            MessageType.KEYS_QUERY: self._keys,
            MessageType.KEY_REQUEST: self._key_request,
            MessageType.KEY_REVOKE: self._key_revoke,
            MessageType.SESSIONS_QUERY: self._sessions,
            MessageType.SESSION_REVOKE: self._session_revoke,
            MessageType.EMAIL_CHANGE: self._email_change,
            MessageType.TOTP_BEGIN: self._totp_begin,
            MessageType.TOTP_ENABLE: self._totp_enable,
            MessageType.TOTP_DISABLE: self._totp_disable,
        }

    # Oneself.

    def _profile(self, session: ServerSession, correlation: int, block: bytes) -> None:
        owner = caller_of(session).owner
        self._simply(session, correlation, lambda: self._identity.profile(owner))

    def _keys(self, session: ServerSession, correlation: int, block: bytes) -> None:
        query, owner = read(KeysQuery, MessageType.KEYS_QUERY, block), caller_of(session).owner

        def finish(keys: Sequence[Key]) -> None:
            rows = [key_info(key) for key in keys if key.key_id > query.after]
            page, following = page_of(rows, lambda rows: KeysPage(rows), lambda row: row.key_id)
            self._answers.answer(session, correlation, KeysPage(page, following))

        self._answers.start(session, correlation, lambda: self._identity.keys_of(owner), finish)

    def _key_request(self, session: ServerSession, correlation: int, block: bytes) -> None:
        request, caller = read(KeyRequest, MessageType.KEY_REQUEST, block), caller_of(session)
        if not self._may_change(session, correlation, caller):
            return
        limits = self._in_words(request)
        self._answers.start(
            session,
            correlation,
            lambda: self._identity.request_key(
                caller.owner, request, limits=limits, server_key=self._server_key, host=caller.host
            ),
            lambda pending: self._confirmations.sent(session, correlation, pending),
        )

    def _key_revoke(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = read(KeyRevoke, MessageType.KEY_REVOKE, block), caller_of(session)
        if asked.key_id != caller.key_id and not self._may_change(session, correlation, caller):
            return
        revoke = self._identity.revoke_key
        self._simply(
            session,
            correlation,
            lambda: done(revoke(caller.owner, asked.key_id, by=caller.key_id, host=caller.host)),
            change=True,
        )

    def _email_change(self, session: ServerSession, correlation: int, block: bytes) -> None:
        change, caller = read(EmailChange, MessageType.EMAIL_CHANGE, block), caller_of(session)
        if not self._may_change(session, correlation, caller):
            return
        self._answers.start(
            session,
            correlation,
            lambda: self._identity.request_email(caller.owner, change, host=caller.host),
            lambda pending: self._confirmations.sent(session, correlation, pending),
        )

    # The second factor.

    def _totp_begin(self, session: ServerSession, correlation: int, block: bytes) -> None:
        caller = caller_of(session)

        async def begin() -> TotpSecret:
            return TotpSecret(*await self._identity.begin_totp(caller.owner))

        if self._may_change(session, correlation, caller):
            self._simply(session, correlation, begin)

    def _totp_enable(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = read(TotpEnable, MessageType.TOTP_ENABLE, block), caller_of(session)

        async def enable() -> BackupCodes:
            keep = caller.web_session.hex()
            codes = await self._identity.enable_totp(caller.owner, asked.code, keep=keep, host=caller.host)
            return BackupCodes(" ".join(codes))

        if self._may_change(session, correlation, caller):
            self._simply(session, correlation, enable, change=True)

    def _totp_disable(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = read(TotpDisable, MessageType.TOTP_DISABLE, block), caller_of(session)
        keep = caller.web_session.hex()
        disable = self._identity.disable_totp
        if self._may_change(session, correlation, caller):
            self._simply(
                session,
                correlation,
                lambda: done(disable(caller.owner, asked.second_factor, keep=keep, host=caller.host)),
                change=True,
            )

    # Sessions.

    def _sessions(self, session: ServerSession, correlation: int, block: bytes) -> None:
        query, caller = read(SessionsQuery, MessageType.SESSIONS_QUERY, block), caller_of(session)

        def finish(web: Sequence[WebSession]) -> None:
            rows = [*self._udp_sessions(caller.owner, session), *(web_info(each, caller) for each in web)]
            rows = sorted((row for row in rows if row.session_id > query.after), key=lambda row: row.session_id)
            page, following = page_of(rows, lambda rows: SessionsPage(rows), lambda row: row.session_id)
            self._answers.answer(session, correlation, SessionsPage(page, following))

        self._answers.start(session, correlation, lambda: self._identity.web.live(caller.owner), finish)

    def _session_revoke(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = read(SessionRevoke, MessageType.SESSION_REVOKE, block), caller_of(session)
        if not self._may_change(session, correlation, caller):
            return
        web, name = self._identity.web, asked.session_id

        async def revoke() -> Done:
            if name == ALL:
                await web.end_all(caller.owner, keep=caller.web_session)
            elif name.startswith(WEB):
                await web.end_one(caller.owner, bytes_of(name.removeprefix(WEB)))
            return Done()

        def finish(answer: Done) -> None:
            self._look_again()
            others = [each for each in self._own(caller.owner) if each is not session]
            ending = [each for each in others if name in (ALL, udp_name(each))]
            if name.startswith(UDP) and not ending:
                self._answers.refuse(session, correlation, RejectReason.SESSION_NOT_FOUND)
                return
            self._answers.answer(session, correlation, answer)
            for each in ending:
                self._close(each)

        self._answers.start(session, correlation, revoke, finish)

    def _udp_sessions(self, owner: int, this: ServerSession) -> Iterable[SessionInfo]:
        offset_ns = self._time_offset_ns()
        for each in self._own(owner):
            peer = peer_of(each)
            yield SessionInfo(
                session_id=udp_name(each),
                kind="udp",
                key_id=peer.key_id,
                label=peer.client[:64],
                host=str(each.address[0]),
                since_ns=TimeNs(each.since_ns + offset_ns),
                seen_ns=TimeNs(each.last_heard_ns + offset_ns),
                is_this=each is this,
            )

    def _own(self, owner: int) -> list[ServerSession]:
        return [each for each in self._table if isinstance(each.data, Peer) and each.data.owner == owner]

    # Answering.

    def _simply(
        self,
        session: ServerSession,
        correlation: int,
        job: Callable[[], Awaitable[Message]],
        *,
        change: bool = False,
    ) -> None:
        """Answer with what the job gives. `change`: it may end sessions."""
        self._answers.reply(session, correlation, job, then=self._look_again if change else None)

    def _may_change(self, session: ServerSession, correlation: int, caller: Caller) -> bool:
        if not caller.may_change:
            self._answers.refuse(session, correlation, RejectReason.SCOPE_MISSING)
        return caller.may_change
