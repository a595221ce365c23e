"""Rows of mails that wait to be sent, sealed: a code must not lie about in clear."""

from typing import Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.identity_tables import MAILS


class SealedMail(msgspec.Struct, frozen=True):
    """One of them. `is_void`: written so that it costs the same, never sent."""

    mail_id: bytes
    sealed: bytes
    is_void: bool
    due_ns: int
    expires_ns: int
    attempts: int = 0


_MAIL: Final = [MAILS.c[name] for name in SealedMail.__struct_fields__]


class MailRows:
    """Mails within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, mail: SealedMail) -> None:
        """One more."""
        await self._connection.execute(insert(MAILS).values(msgspec.structs.asdict(mail)))

    async def due(self, time_ns: int, limit: int) -> list[SealedMail]:
        """Those to be sent now, the longest waiting first. Expired and void ones are dropped."""
        await self._connection.execute(delete(MAILS).where((MAILS.c.expires_ns <= time_ns) | MAILS.c.is_void))
        rows = await self._connection.execute(
            select(*_MAIL).where(MAILS.c.due_ns <= time_ns).order_by(MAILS.c.due_ns).limit(limit)
        )
        return [SealedMail(*row) for row in rows]

    async def postpone(self, mail_id: bytes, due_ns: int) -> None:
        """It could not be sent."""
        await self._connection.execute(
            update(MAILS).where(MAILS.c.mail_id == mail_id).values(due_ns=due_ns, attempts=MAILS.c.attempts + 1)
        )

    async def remove(self, mail_id: bytes) -> None:
        """It was sent."""
        await self._connection.execute(delete(MAILS).where(MAILS.c.mail_id == mail_id))
