"""Answers what people ask about themselves: codes, keys, sessions, the second factor, their address.

A key of a program may look; only a device of the person, or a gateway that speaks for them, may change something.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeVar

import msgspec

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.messages import (
    BackupCodes,
    CodeRequest,
    CodeSent,
    DeviceSignedIn,
    DeviceSignIn,
    Done,
    EmailChange,
    KeyInfo,
    KeyKind,
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
    WebRefresh,
    WebSignIn,
    WebSignOut,
    WebTokens,
)
from mexchange.daemon.confirmations import Confirmations
from mexchange.daemon.identity_answers import IdentityAnswers
from mexchange.daemon.peer import Peer, peer_of
from mexchange.daemon.views import Handler
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AssetId, Atoms, OwnerId, TimeNs
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.identity import Identity
from mexchange.identity.scopes import Scope
from mexchange.identity.sign_in import Claim
from mexchange.identity.web_sessions import Tokens
from mexchange.protocol.packet import BLOCKS_SIZE_MAX
from mexchange.protocol.server_session import ServerSession
from mexchange.protocol.session_table import SessionTable
from mexchange.store.identity import Key
from mexchange.store.web_sessions import WebSession

T = TypeVar("T")
Row = TypeVar("Row")

ALL: Final = "all"
_UDP: Final = "udp-"
_WEB: Final = "web-"


class Caller(msgspec.Struct, frozen=True):
    """Who asks, as the clerk's thread may know it."""

    owner: int
    key_id: str
    host: str
    scopes: int
    web_session: bytes
    may_change: bool


class IdentityDesk:
    """Handlers of the messages from 610 on, but Confirm."""

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
            MessageType.CODE_REQUEST: self._code_request,
            MessageType.DEVICE_SIGN_IN: self._device_sign_in,
            MessageType.WEB_SIGN_IN: self._web_sign_in,
            MessageType.WEB_REFRESH: self._web_refresh,
            MessageType.WEB_SIGN_OUT: self._web_sign_out,
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

    # Coming in.

    def _code_request(self, session: ServerSession, correlation: int, block: bytes) -> None:
        request, caller = _read(CodeRequest, MessageType.CODE_REQUEST, block), caller_of(session)
        host = _host(caller, request.host)
        self._answers.start(
            session,
            correlation,
            lambda: self._identity.sign_in.ask(request.email, host=host),
            lambda issued: self._answers.answer(
                session, correlation, CodeSent(issued.request_id, TimeNs(issued.expires_ns))
            ),
        )

    def _device_sign_in(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = _read(DeviceSignIn, MessageType.DEVICE_SIGN_IN, block), caller_of(session)
        claim = Claim(asked.request_id, asked.code, asked.second_factor, asked.intent, caller.host, asked.label)

        def finish(result: tuple[Key, bool]) -> None:
            key, is_new = result
            self._answers.answer(session, correlation, DeviceSignedIn(key.key_id, OwnerId(key.owner), is_new))

        self._answers.start(
            session,
            correlation,
            lambda: self._identity.sign_in.device(
                claim, asked.public_key, asked.signature, server_key=self._server_key
            ),
            finish,
        )

    def _web_sign_in(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = _read(WebSignIn, MessageType.WEB_SIGN_IN, block), caller_of(session)
        host = _host(caller, asked.host)
        claim = Claim(asked.request_id, asked.code, asked.second_factor, asked.intent, host, asked.label)

        async def sign_in() -> WebTokens:
            tokens, is_new = await self._identity.sign_in.browser(claim)
            profile = await self._identity.profile(tokens.owner)
            return _web_tokens(tokens, is_new=is_new, email=profile.email)

        self._simply(session, correlation, sign_in)

    def _web_refresh(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = _read(WebRefresh, MessageType.WEB_REFRESH, block), caller_of(session)
        host = _host(caller, asked.host)

        async def refresh() -> WebTokens:
            return _web_tokens(await self._identity.web.refresh(asked.refresh, host=host))

        self._simply(session, correlation, refresh, change=True)

    def _web_sign_out(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = _read(WebSignOut, MessageType.WEB_SIGN_OUT, block)
        self._simply(session, correlation, lambda: _done(self._identity.web.sign_out(asked.token)), change=True)

    # Oneself.

    def _profile(self, session: ServerSession, correlation: int, block: bytes) -> None:
        owner = caller_of(session).owner
        self._simply(session, correlation, lambda: self._identity.profile(owner))

    def _keys(self, session: ServerSession, correlation: int, block: bytes) -> None:
        query, owner = _read(KeysQuery, MessageType.KEYS_QUERY, block), caller_of(session).owner

        def finish(keys: Sequence[Key]) -> None:
            rows = [_key_info(key) for key in keys if key.key_id > query.after]
            page, following = _page(rows, lambda rows: KeysPage(rows), lambda row: row.key_id)
            self._answers.answer(session, correlation, KeysPage(page, following))

        self._answers.start(session, correlation, lambda: self._identity.keys_of(owner), finish)

    def _key_request(self, session: ServerSession, correlation: int, block: bytes) -> None:
        request, caller = _read(KeyRequest, MessageType.KEY_REQUEST, block), caller_of(session)
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
        asked, caller = _read(KeyRevoke, MessageType.KEY_REVOKE, block), caller_of(session)
        if asked.key_id != caller.key_id and not self._may_change(session, correlation, caller):
            return
        revoke = self._identity.revoke_key
        self._simply(
            session,
            correlation,
            lambda: _done(revoke(caller.owner, asked.key_id, by=caller.key_id, host=caller.host)),
            change=True,
        )

    def _email_change(self, session: ServerSession, correlation: int, block: bytes) -> None:
        change, caller = _read(EmailChange, MessageType.EMAIL_CHANGE, block), caller_of(session)
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
        asked, caller = _read(TotpEnable, MessageType.TOTP_ENABLE, block), caller_of(session)

        async def enable() -> BackupCodes:
            keep = caller.web_session.hex()
            codes = await self._identity.enable_totp(caller.owner, asked.code, keep=keep, host=caller.host)
            return BackupCodes(" ".join(codes))

        if self._may_change(session, correlation, caller):
            self._simply(session, correlation, enable, change=True)

    def _totp_disable(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = _read(TotpDisable, MessageType.TOTP_DISABLE, block), caller_of(session)
        keep = caller.web_session.hex()
        disable = self._identity.disable_totp
        if self._may_change(session, correlation, caller):
            self._simply(
                session,
                correlation,
                lambda: _done(disable(caller.owner, asked.second_factor, keep=keep, host=caller.host)),
                change=True,
            )

    # Sessions.

    def _sessions(self, session: ServerSession, correlation: int, block: bytes) -> None:
        query, caller = _read(SessionsQuery, MessageType.SESSIONS_QUERY, block), caller_of(session)

        def finish(web: Sequence[WebSession]) -> None:
            rows = [*self._udp_sessions(caller.owner, session), *(_web_info(each, caller) for each in web)]
            rows = sorted((row for row in rows if row.session_id > query.after), key=lambda row: row.session_id)
            page, following = _page(rows, lambda rows: SessionsPage(rows), lambda row: row.session_id)
            self._answers.answer(session, correlation, SessionsPage(page, following))

        self._answers.start(session, correlation, lambda: self._identity.web.live(caller.owner), finish)

    def _session_revoke(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = _read(SessionRevoke, MessageType.SESSION_REVOKE, block), caller_of(session)
        if not self._may_change(session, correlation, caller):
            return
        web, name = self._identity.web, asked.session_id

        async def revoke() -> Done:
            if name == ALL:
                await web.end_all(caller.owner, keep=caller.web_session)
            elif name.startswith(_WEB):
                await web.end_one(caller.owner, _bytes(name.removeprefix(_WEB)))
            return Done()

        def finish(done: Done) -> None:
            self._look_again()
            others = [each for each in self._own(caller.owner) if each is not session]
            ending = [each for each in others if name in (ALL, udp_name(each))]
            if name.startswith(_UDP) and not ending:
                self._answers.refuse(session, correlation, RejectReason.SESSION_NOT_FOUND)
                return
            self._answers.answer(session, correlation, done)
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

        def finish(message: Message) -> None:
            if change:
                self._look_again()
            self._answers.answer(session, correlation, message)

        self._answers.start(session, correlation, job, finish)

    def _may_change(self, session: ServerSession, correlation: int, caller: Caller) -> bool:
        if not caller.may_change:
            self._answers.refuse(session, correlation, RejectReason.SCOPE_MISSING)
        return caller.may_change


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
    return f"{_UDP}{session.index:08x}"


def _host(caller: Caller, told: str) -> str:
    """Where somebody is: a gateway says so, anybody else is where they are."""
    return told if caller.scopes & Scope.DELEGATE and told else caller.host


def _read(cls: type[T], message_type: MessageType, block: bytes) -> T:
    message = decode(message_type, block[8:])
    assert isinstance(message, cls)
    return message


async def _done(work: Awaitable[object]) -> Message:
    await work
    return Done()


def _page(
    rows: Sequence[Row], make: Callable[[list[Row]], Message], name: Callable[[Row], str]
) -> tuple[list[Row], str]:
    """As many rows as fit a datagram, and the name of the last one if there are more."""
    page: list[Row] = []
    for row in rows:
        if page and len(encode(make([*page, row]))) > BLOCKS_SIZE_MAX - len(name(row)) - 8:
            return page, name(page[-1])
        page.append(row)
    return page, ""


def _key_info(key: Key) -> KeyInfo:
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


def _web_info(session: WebSession, caller: Caller) -> SessionInfo:
    return SessionInfo(
        session_id=_WEB + session.session_id.hex(),
        kind="web",
        label=session.label,
        host=session.host,
        since_ns=TimeNs(session.created_ns),
        seen_ns=TimeNs(session.seen_ns),
        is_this=session.session_id == caller.web_session,
    )


def _web_tokens(tokens: Tokens, *, is_new: bool = False, email: str = "") -> WebTokens:
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


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise IdentityRefused(RejectReason.SESSION_NOT_FOUND) from None
