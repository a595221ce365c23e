"""Rows of web sessions. Tokens are 256 random bits; here there is their SHA-256 only."""

from collections.abc import Collection
from typing import Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.identity_tables import SPENT_REFRESHES, WEB_SESSIONS


class WebSession(msgspec.Struct, frozen=True):
    """Somebody's browser. Times are nanoseconds since 1970, 0: never."""

    session_id: bytes
    owner: int
    token_hash: bytes
    refresh_hash: bytes
    label: str
    host: str
    created_ns: int
    seen_ns: int
    ends_ns: int
    ended_ns: int = 0

    def __repr__(self) -> str:
        return f"WebSession({self.session_id.hex()}, owner {self.owner})"


_SESSION: Final = [WEB_SESSIONS.c[name] for name in WebSession.__struct_fields__]


class WebSessionRows:
    """Sessions within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: WebSession) -> None:
        """A new one."""
        await self._connection.execute(insert(WEB_SESSIONS).values(msgspec.structs.asdict(session)))

    async def of_token(self, token_hash: bytes) -> WebSession | None:
        """Whose token it is."""
        return await self._one(WEB_SESSIONS.c.token_hash == token_hash)

    async def of_refresh(self, refresh_hash: bytes) -> WebSession | None:
        """Whose refresh token it is."""
        return await self._one(WEB_SESSIONS.c.refresh_hash == refresh_hash)

    async def get(self, session_id: bytes) -> WebSession | None:
        """The session of that id."""
        return await self._one(WEB_SESSIONS.c.session_id == session_id)

    async def of_owner(self, owner: int, time_ns: int) -> list[WebSession]:
        """Those of an owner that have not ended, oldest first."""
        rows = await self._connection.execute(
            select(*_SESSION)
            .where(WEB_SESSIONS.c.owner == owner, WEB_SESSIONS.c.ended_ns == 0, WEB_SESSIONS.c.ends_ns > time_ns)
            .order_by(WEB_SESSIONS.c.created_ns)
        )
        return [WebSession(*row) for row in rows]

    async def all_of(self, session_ids: Collection[bytes]) -> list[WebSession]:
        """Those of these ids that there are."""
        rows = await self._connection.execute(select(*_SESSION).where(WEB_SESSIONS.c.session_id.in_(list(session_ids))))
        return [WebSession(*row) for row in rows]

    async def touch(self, session_id: bytes, seen_ns: int) -> None:
        """It is in use."""
        await self._connection.execute(
            update(WEB_SESSIONS).where(WEB_SESSIONS.c.session_id == session_id).values(seen_ns=seen_ns)
        )

    async def rotate(self, session: WebSession, *, token_hash: bytes, refresh_hash: bytes, time_ns: int) -> bool:
        """New tokens for the old ones; False if somebody else was faster."""
        done = await self._connection.execute(
            update(WEB_SESSIONS)
            .where(WEB_SESSIONS.c.session_id == session.session_id, WEB_SESSIONS.c.refresh_hash == session.refresh_hash)
            .values(token_hash=token_hash, refresh_hash=refresh_hash, seen_ns=time_ns)
        )
        if done.rowcount != 1:
            return False
        spent = {"refresh_hash": session.refresh_hash, "session_id": session.session_id, "spent_ns": time_ns}
        await self._connection.execute(insert(SPENT_REFRESHES).values(spent))
        return True

    async def spent_by(self, refresh_hash: bytes) -> bytes | None:
        """The id of the session that has used that refresh token already."""
        return await self._connection.scalar(
            select(SPENT_REFRESHES.c.session_id).where(SPENT_REFRESHES.c.refresh_hash == refresh_hash)
        )

    async def end(self, session_id: bytes, ended_ns: int) -> bool:
        """It is over; False if it was already."""
        done = await self._connection.execute(
            update(WEB_SESSIONS)
            .where(WEB_SESSIONS.c.session_id == session_id, WEB_SESSIONS.c.ended_ns == 0)
            .values(ended_ns=ended_ns)
        )
        return done.rowcount == 1

    async def end_all(self, owner: int, ended_ns: int) -> None:
        """All of an owner."""
        await self._connection.execute(
            update(WEB_SESSIONS)
            .where(WEB_SESSIONS.c.owner == owner, WEB_SESSIONS.c.ended_ns == 0)
            .values(ended_ns=ended_ns)
        )

    async def forget(self, owner: int) -> None:
        """Drop every trace of an owner's sessions."""
        ids = select(WEB_SESSIONS.c.session_id).where(WEB_SESSIONS.c.owner == owner)
        await self._connection.execute(delete(SPENT_REFRESHES).where(SPENT_REFRESHES.c.session_id.in_(ids)))
        await self._connection.execute(delete(WEB_SESSIONS).where(WEB_SESSIONS.c.owner == owner))

    async def drop_before(self, time_ns: int) -> None:
        """Those that ended, or would have, before then."""
        over = (WEB_SESSIONS.c.ends_ns < time_ns) | (
            (WEB_SESSIONS.c.ended_ns > 0) & (WEB_SESSIONS.c.ended_ns < time_ns)
        )
        await self._connection.execute(delete(WEB_SESSIONS).where(over))
        await self._connection.execute(delete(SPENT_REFRESHES).where(SPENT_REFRESHES.c.spent_ns < time_ns))

    async def _one(self, condition: object) -> WebSession | None:
        row = (await self._connection.execute(select(*_SESSION).where(condition))).first()  # type: ignore[arg-type]
        return None if row is None else WebSession(*row)
