"""What is written down about people's doings, so that nobody can say later that it was otherwise.

Kinds are past participles. Details name ids, scopes and reasons; addresses of people appear as their keyed hash.
"""

from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.identity.vault import Vault
from mexchange.store.audit import AuditEntry, AuditRows
from mexchange.store.database import Database

DETAIL_LENGTH_MAX: Final = 200
_SHOWN_BYTES: Final = 8


class AuditKind(StrEnum):
    """What may happen. Kept in the database, never reused for something else."""

    LOGGED_IN = "logged in"
    LOGIN_REFUSED = "login refused"
    CODE_MAILED = "code mailed"
    CODE_REFUSED = "code refused"
    SIGNED_UP = "signed up"
    SIGNED_IN = "signed in"
    CONFIRMED = "confirmed"
    KEY_MADE = "key made"
    KEY_REVOKED = "key revoked"
    SESSION_ENDED = "session ended"
    TOKEN_REUSED = "token reused"
    SECOND_FACTOR_ON = "second factor on"
    SECOND_FACTOR_OFF = "second factor off"
    SECOND_FACTOR_REFUSED = "second factor refused"
    EMAIL_CHANGED = "e-mail changed"
    REQUEST_REFUSED = "request refused"
    LIMIT_HIT = "limit hit"
    ROLE_SET = "role set"
    USER_DISABLED = "user disabled"
    USER_ENABLED = "user enabled"
    USER_ERASED = "user erased"
    WITHDRAWAL_APPROVED = "withdrawal approved"
    WITHDRAWAL_REJECTED = "withdrawal rejected"
    ENTRIES_DROPPED = "entries dropped"


class Audit:
    """Writes entries, in transactions of their callers or in its own."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def entry(
        self, kind: AuditKind, time_ns: int, *, owner: int = 0, key_id: str = "", detail: str = "", host: str = ""
    ) -> AuditEntry:
        """One entry. `host`: from where; its keyed hash is part of the chain, its text can be erased."""
        return AuditEntry(
            time_ns=time_ns,
            kind=kind.value,
            owner=owner,
            key_id=_printable(key_id),
            detail=_printable(detail),
            host_mac=self._vault.mac("host", host.encode()) if host else b"",
            host=_printable(host) or None,
        )

    async def write(self, connection: AsyncConnection, *entries: AuditEntry) -> None:
        """Within the caller's transaction: what happened and that it was written down are one."""
        await AuditRows(connection).append(entries)

    async def note(self, *entries: AuditEntry) -> None:
        """In a transaction of its own."""
        async with self._database.writing() as connection:
            await AuditRows(connection).append(entries)


def shown(mac: bytes) -> str:
    """A keyed hash, short, for details."""
    return mac[:_SHOWN_BYTES].hex()


def _printable(text: str) -> str:
    """One line that steers no terminal."""
    return "".join(c for c in text if c.isprintable())[:DETAIL_LENGTH_MAX]
