"""Mails wait here until a server has taken them: a failing one delays a mail and nothing else.

Written in the transaction that makes their code, sealed; tried again with growing pauses until the code has expired.
"""

import os
from collections.abc import Callable
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.identity.mail import Mail
from mexchange.identity.mailers import Mailer, MailFailed
from mexchange.identity.vault import Unreadable, Vault
from mexchange.store.database import Database
from mexchange.store.mails import MailRows, SealedMail

S: Final = 10**9
PAUSES_NS: Final = (1 * S, 2 * S, 5 * S, 15 * S, 30 * S, 60 * S)
BATCH: Final = 20
MAIL_ID_BYTES: Final = 16
_PURPOSE: Final = "mail"


class PostOffice:
    """Takes mails in and sends them. `on_failure(text)` hears of every failed try."""

    def __init__(
        self, database: Database, vault: Vault, mailer: Mailer | None, on_failure: Callable[[str], None]
    ) -> None:
        """`mailer` None: mail is off."""
        self._database = database
        self._vault = vault
        self._mailer = mailer
        self._on_failure = on_failure
        self._has_news = False
        self.sent = 0
        self.failed = 0

    @property
    def is_open(self) -> bool:
        """Can mails be sent at all."""
        return self._mailer is not None

    async def take(
        self, connection: AsyncConnection, mail: Mail, *, time_ns: int, expires_ns: int, is_void: bool = False
    ) -> None:
        """Within the caller's transaction. `is_void`: do all the work, send nothing."""
        sealed = self._vault.seal(_PURPOSE, msgspec.msgpack.encode(mail))
        await MailRows(connection).add(
            SealedMail(os.urandom(MAIL_ID_BYTES), sealed, is_void, due_ns=time_ns, expires_ns=expires_ns)
        )
        self._has_news = True

    async def deliver(self, time_ns: int) -> None:
        """Send what is due. StoreError."""
        self._has_news = False
        async with self._database.writing() as connection:
            due = await MailRows(connection).due(time_ns, BATCH)
        for each in due:
            await self._deliver_one(each, time_ns)

    @property
    def has_news(self) -> bool:
        """Was a mail taken in since the last delivery."""
        return self._has_news

    async def _deliver_one(self, sealed: SealedMail, time_ns: int) -> None:
        assert self._mailer is not None
        try:
            mail = msgspec.msgpack.decode(self._vault.open(_PURPOSE, sealed.sealed), type=Mail)
            await self._mailer.send(mail, time_ns)
        except MailFailed as failed:
            self.failed += 1
            self._on_failure(str(failed))
            if not failed.is_final:
                pause_ns = PAUSES_NS[min(sealed.attempts, len(PAUSES_NS) - 1)]
                async with self._database.writing() as connection:
                    await MailRows(connection).postpone(sealed.mail_id, time_ns + pause_ns)
                return
        except Unreadable as unreadable:
            self._on_failure(str(unreadable))
        else:
            self.sent += 1
        async with self._database.writing() as connection:
            await MailRows(connection).remove(sealed.mail_id)
