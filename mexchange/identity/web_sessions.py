"""Sessions of people's browsers, kept for gateways: opaque tokens of 256 bits, of which only hashes are stored.

A session ends when it has not been used for half an hour, after a day, or when it is ended; a refresh gives new tokens
for the old ones. A refresh token that comes a second time was stolen, or its answer was lost: the session ends.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.domain.rejects import RejectReason
from mexchange.identity.audit import Audit, AuditKind
from mexchange.identity.errors import IdentityRefused
from mexchange.store.database import Database
from mexchange.store.identity import Owner, People
from mexchange.store.web_sessions import WebSession, WebSessionRows

S: Final = 10**9
TOKEN_BYTES: Final = 32
SESSION_ID_BYTES: Final = 16
IDLE_NS: Final = 1_800 * S
LIFETIME_NS: Final = 24 * 3_600 * S
LABEL_LENGTH_MAX: Final = 64
SESSIONS_MAX: Final = 32
"""Of one owner; the oldest ends for a new one."""
KEPT_NS: Final = 7 * 24 * 3_600 * S


class Tokens(msgspec.Struct, frozen=True):
    """What a gateway keeps for a browser. Its text form shows no token."""

    session_id: bytes
    token: bytes
    refresh: bytes
    owner: int
    idle_until_ns: int
    ends_ns: int

    def __repr__(self) -> str:
        return f"Tokens({self.session_id.hex()})"


class WebSessions:
    """Opens, checks, refreshes and ends them."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], int]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    async def open(self, connection: AsyncConnection, owner: int, *, label: str, host: str, time_ns: int) -> Tokens:
        """A new session within the caller's transaction."""
        rows = WebSessionRows(connection)
        await rows.drop_before(time_ns - KEPT_NS)
        live = await rows.of_owner(owner, time_ns)
        for oldest in live[: max(0, len(live) - SESSIONS_MAX + 1)]:
            await rows.end(oldest.session_id, time_ns)
        token, refresh = _new_token(), _new_token()
        session = WebSession(
            session_id=secrets.token_bytes(SESSION_ID_BYTES),
            owner=owner,
            token_hash=hash_of(token),
            refresh_hash=hash_of(refresh),
            label=_shown(label),
            host=_shown(host),
            created_ns=time_ns,
            seen_ns=time_ns,
            ends_ns=time_ns + LIFETIME_NS,
        )
        await rows.add(session)
        return _tokens(session, token, refresh, time_ns)

    async def check(self, token: bytes) -> tuple[WebSession, Owner]:
        """Whose session it is; it counts as used. IdentityRefused(SESSION_ENDED)."""
        time_ns = self._clock()
        async with self._database.writing() as connection:
            rows = WebSessionRows(connection)
            session = await rows.of_token(hash_of(token))
            if session is None or not is_live(session, time_ns):
                raise IdentityRefused(RejectReason.SESSION_ENDED)
            owner = await People(connection).owner(session.owner)
            if owner is None or owner.disabled_ns:
                raise IdentityRefused(RejectReason.SESSION_ENDED)
            await rows.touch(session.session_id, time_ns)
        return session, owner

    async def refresh(self, refresh: bytes, *, host: str) -> Tokens:
        """New tokens; the old ones are worth nothing. IdentityRefused(SESSION_ENDED)."""
        time_ns = self._clock()
        async with self._database.writing() as connection:
            tokens = await self._refresh(connection, refresh, host, time_ns)
        if tokens is None:
            raise IdentityRefused(RejectReason.SESSION_ENDED)
        return tokens

    async def _refresh(self, connection: AsyncConnection, refresh: bytes, host: str, time_ns: int) -> Tokens | None:
        rows = WebSessionRows(connection)
        session = await rows.of_refresh(hash_of(refresh))
        if session is None:
            await self._end_reused(connection, hash_of(refresh), host, time_ns)
            return None
        owner = await People(connection).owner(session.owner)
        if not is_live(session, time_ns) or owner is None or owner.disabled_ns:
            return None
        token, following = _new_token(), _new_token()
        hashes = {"token_hash": hash_of(token), "refresh_hash": hash_of(following)}
        if not await rows.rotate(session, **hashes, time_ns=time_ns):
            return None
        return _tokens(session, token, following, time_ns)

    async def _end_reused(self, connection: AsyncConnection, spent: bytes, host: str, time_ns: int) -> None:
        rows, people = WebSessionRows(connection), People(connection)
        session_id = await rows.spent_by(spent)
        session = await rows.get(session_id) if session_id is not None else None
        if session is not None and await rows.end(session.session_id, time_ns):
            await people.changed()
            detail = f"session {session.session_id.hex()}"
            entry = self._audit.entry(AuditKind.TOKEN_REUSED, time_ns, owner=session.owner, detail=detail, host=host)
            await self._audit.write(connection, entry)

    async def sign_out(self, token: bytes) -> None:
        """The session of that token is over; nothing happens if it was."""
        time_ns = self._clock()
        async with self._database.writing() as connection:
            session = await WebSessionRows(connection).of_token(hash_of(token))
            if session is not None:
                await self.end(connection, session, time_ns)

    async def end(self, connection: AsyncConnection, session: WebSession, time_ns: int) -> None:
        """End one within the caller's transaction."""
        if await WebSessionRows(connection).end(session.session_id, time_ns):
            await People(connection).changed()
            detail = f"session {session.session_id.hex()}"
            entry = self._audit.entry(AuditKind.SESSION_ENDED, time_ns, owner=session.owner, detail=detail)
            await self._audit.write(connection, entry)

    async def of_owner(self, connection: AsyncConnection, owner: int, time_ns: int) -> list[WebSession]:
        """Those of an owner that may go on, oldest first."""
        return [s for s in await WebSessionRows(connection).of_owner(owner, time_ns) if is_live(s, time_ns)]

    async def live(self, owner: int) -> list[WebSession]:
        """The same, in a transaction of its own."""
        async with self._database.reading() as connection:
            return await self.of_owner(connection, owner, self._clock())

    async def end_one(self, owner: int, session_id: bytes) -> None:
        """End a session of that owner. IdentityRefused(SESSION_NOT_FOUND)."""
        time_ns = self._clock()
        async with self._database.writing() as connection:
            session = await WebSessionRows(connection).get(session_id)
            if session is None or session.owner != owner:
                raise IdentityRefused(RejectReason.SESSION_NOT_FOUND)
            await self.end(connection, session, time_ns)

    async def end_all(self, owner: int, *, keep: bytes = b"") -> None:
        """End every session of that owner but one."""
        time_ns = self._clock()
        async with self._database.writing() as connection:
            for session in await WebSessionRows(connection).of_owner(owner, time_ns):
                if session.session_id != keep:
                    await self.end(connection, session, time_ns)

    async def touch(self, session_ids: Collection[bytes]) -> None:
        """These are in use, by orders and questions."""
        time_ns = self._clock()
        async with self._database.writing() as connection:
            for session_id in session_ids:
                await WebSessionRows(connection).touch(session_id, time_ns)


def hash_of(token: bytes) -> bytes:
    """What is stored of a token: 256 random bits need neither salt nor slowness."""
    return hashlib.sha256(token).digest()


def is_live(session: WebSession, time_ns: int) -> bool:
    """Neither ended, nor too old, nor idle too long."""
    return not session.ended_ns and time_ns < session.ends_ns and time_ns < session.seen_ns + IDLE_NS


def _new_token() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


def _shown(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:LABEL_LENGTH_MAX]


def _tokens(session: WebSession, token: bytes, refresh: bytes, time_ns: int) -> Tokens:
    return Tokens(session.session_id, token, refresh, session.owner, time_ns + IDLE_NS, session.ends_ns)
