"""The audit log: rows in a chain, each digest over the one before it and the row's own content.

A row that is changed, taken out or put in between breaks the chain; one cut off at the end does not, so an operator
notes the last digest elsewhere from time to time (`mx admin audit verify` prints it). `host` is in clear and no part of
the chain, since it is personal: it can be erased, and its keyed hash stays.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

import msgspec
from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.identity_tables import AUDIT

DIGEST_BYTES: Final = 32
GENESIS: Final = bytes(DIGEST_BYTES)
_LOCK: Final = 0x6D78_6175
"""PostgreSQL's advisory lock for the end of the chain."""
_PAGE: Final = 1_000


class AuditEntry(msgspec.Struct, frozen=True):
    """What happened. `detail` has neither codes, tokens, secrets nor addresses of people."""

    time_ns: int
    kind: str
    owner: int = 0
    key_id: str = ""
    detail: str = ""
    host_mac: bytes = b""
    host: str | None = None


class AuditRow(msgspec.Struct, frozen=True):
    """An entry in its place."""

    sequence: int
    time_ns: int
    kind: str
    owner: int
    key_id: str
    detail: str
    host_mac: bytes
    host: str | None
    previous: bytes
    digest: bytes


_ROW: Final = [AUDIT.c[name] for name in AuditRow.__struct_fields__]


class Verdict(msgspec.Struct, frozen=True):
    """What a walk along the chain found."""

    rows: int
    head: bytes
    broken_at: int = 0
    """The first sequence that does not fit, 0 if all do."""
    has_mark: bool = True
    """Is the digest that was asked for among them."""


class AuditRows:
    """The log within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries at the end."""
        if not entries:
            return
        if self._connection.dialect.name == "postgresql":  # SQLite has one writer anyway
            await self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        last = (
            await self._connection.execute(
                select(AUDIT.c.sequence, AUDIT.c.digest).order_by(AUDIT.c.sequence.desc()).limit(1)
            )
        ).first()
        sequence, previous = (last.sequence, last.digest) if last is not None else (0, GENESIS)
        rows = []
        for entry in entries:
            sequence += 1
            digest = _digest(sequence, previous, entry)
            rows.append({**msgspec.structs.asdict(entry), "sequence": sequence, "previous": previous, "digest": digest})
            previous = digest
        await self._connection.execute(insert(AUDIT), rows)

    async def newest(self, limit: int, *, owner: int | None = None, kind: str | None = None) -> list[AuditRow]:
        """The last rows, newest first."""
        statement = select(*_ROW).order_by(AUDIT.c.sequence.desc()).limit(limit)
        if owner is not None:
            statement = statement.where(AUDIT.c.owner == owner)
        if kind is not None:
            statement = statement.where(AUDIT.c.kind == kind)
        return [AuditRow(*row) for row in await self._connection.execute(statement)]

    async def verify(self, mark: bytes = GENESIS) -> Verdict:
        """Walk the whole chain; `mark` is a digest that was its head once."""
        rows, head, has_mark = 0, GENESIS, mark == GENESIS
        async for row in self._all():
            entry = AuditEntry(row.time_ns, row.kind, row.owner, row.key_id, row.detail, row.host_mac)
            if row.sequence != rows + 1 or row.previous != head or row.digest != _digest(row.sequence, head, entry):
                return Verdict(rows, head, rows + 1, has_mark)
            rows, head, has_mark = row.sequence, row.digest, has_mark or row.digest == mark
        return Verdict(rows, head, 0, has_mark)

    async def erase_hosts(self, owner: int) -> None:
        """Forget from where an owner came."""
        await self._connection.execute(update(AUDIT).where(AUDIT.c.owner == owner).values(host=None))

    async def _all(self) -> AsyncIterator[AuditRow]:
        after = 0
        while True:
            found = await self._connection.execute(
                select(*_ROW).where(AUDIT.c.sequence > after).order_by(AUDIT.c.sequence).limit(_PAGE)
            )
            page = [AuditRow(*row) for row in found]
            for row in page:
                yield row
            if len(page) < _PAGE:
                return
            after = page[-1].sequence


def _digest(sequence: int, previous: bytes, entry: AuditEntry) -> bytes:
    fields = (sequence, entry.time_ns, entry.kind, entry.owner, entry.key_id, entry.detail, entry.host_mac)
    return hashlib.blake2b(msgspec.msgpack.encode((previous, *fields)), digest_size=DIGEST_BYTES).digest()
