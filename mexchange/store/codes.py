"""Rows of one-time codes: how many were asked for by whom, which is the newest, how often it was tried.

A try is counted in a transaction of its own before the code is looked at, and by one statement, so that a thousand
tries at once are still five. Nothing here knows a code: `code_mac` is its keyed hash.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.identity_tables import CODES, KNOWN_HOSTS


class Code(msgspec.Struct, frozen=True):
    """A code that was mailed."""

    request_id: bytes
    kind: str
    subject_mac: bytes
    asker_mac: bytes
    is_stranger: bool
    owner: int
    code_mac: bytes
    payload_sealed: bytes
    created_ns: int
    expires_ns: int
    tries: int = 0
    used_ns: int = 0
    void_ns: int = 0

    def __repr__(self) -> str:
        return f"Code({self.kind!r}, {self.request_id.hex()})"


_CODE: Final = [CODES.c[name] for name in Code.__struct_fields__]


class CodeRows:
    """Codes within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, code: Code) -> None:
        """The newest of its kind: older ones to the same person, asked for from the same place, are void."""
        older = (
            CODES.c.subject_mac == code.subject_mac,
            CODES.c.kind == code.kind,
            CODES.c.void_ns == 0,
            CODES.c.asker_mac == code.asker_mac,
        )
        await self._connection.execute(update(CODES).where(*older).values(void_ns=code.created_ns))
        await self._connection.execute(insert(CODES).values(msgspec.structs.asdict(code)))

    async def asked_times(self, since_ns: int, **of: object) -> list[int]:
        """When codes were asked for since then, newest first, with these values in these columns."""
        where = [CODES.c[name] == value for name, value in of.items()]
        times = await self._connection.scalars(
            select(CODES.c.created_ns).where(CODES.c.created_ns > since_ns, *where).order_by(CODES.c.created_ns.desc())
        )
        return list(times)

    async def asked(self, since_ns: int, **of: object) -> int:
        """How many codes were asked for since then."""
        where = [CODES.c[name] == value for name, value in of.items()]
        return int(
            await self._connection.scalar(select(func.count()).where(CODES.c.created_ns > since_ns, *where)) or 0
        )

    async def count_try(self, request_id: bytes, kind: str, *, tries_max: int, time_ns: int) -> Code | None:
        """The code, with this try counted; None if it may not be tried (any more)."""
        row = (
            await self._connection.execute(
                update(CODES)
                .where(
                    CODES.c.request_id == request_id, CODES.c.kind == kind, CODES.c.tries < tries_max, *_live(time_ns)
                )
                .values(tries=CODES.c.tries + 1)
                .returning(*_CODE)
            )
        ).first()
        return None if row is None else Code(*row)

    async def use(self, request_id: bytes, time_ns: int) -> bool:
        """It was right. False if it has been used or made void meanwhile."""
        done = await self._connection.execute(
            update(CODES).where(CODES.c.request_id == request_id, *_live(time_ns)).values(used_ns=time_ns)
        )
        return done.rowcount == 1

    async def get(self, request_id: bytes) -> Code | None:
        """That code, whatever became of it."""
        row = (await self._connection.execute(select(*_CODE).where(CODES.c.request_id == request_id))).first()
        return None if row is None else Code(*row)

    async def is_known_host(self, subject_mac: bytes, host_mac: bytes, since_ns: int) -> bool:
        """Has that person signed in from there since then."""
        found = await self._connection.scalar(
            select(func.count()).where(
                KNOWN_HOSTS.c.subject_mac == subject_mac,
                KNOWN_HOSTS.c.host_mac == host_mac,
                KNOWN_HOSTS.c.seen_ns > since_ns,
            )
        )
        return bool(found)

    async def remember_host(self, subject_mac: bytes, host_mac: bytes, seen_ns: int, *, hosts_max: int) -> None:
        """That person has signed in from there; the oldest of too many hosts are forgotten."""
        here = (KNOWN_HOSTS.c.subject_mac == subject_mac, KNOWN_HOSTS.c.host_mac == host_mac)
        done = await self._connection.execute(update(KNOWN_HOSTS).where(*here).values(seen_ns=seen_ns))
        if done.rowcount == 0:
            values = {"subject_mac": subject_mac, "host_mac": host_mac, "seen_ns": seen_ns}
            await self._connection.execute(insert(KNOWN_HOSTS).values(values))
        of_person = KNOWN_HOSTS.c.subject_mac == subject_mac
        newest = select(KNOWN_HOSTS.c.seen_ns).where(of_person).order_by(KNOWN_HOSTS.c.seen_ns.desc())
        oldest_kept = await self._connection.scalar(newest.offset(hosts_max - 1).limit(1))
        if oldest_kept is not None:
            await self._connection.execute(delete(KNOWN_HOSTS).where(of_person, KNOWN_HOSTS.c.seen_ns < oldest_kept))

    async def forget(self, *, subject_mac: bytes | None = None, owner: int = 0, before_ns: int = 0) -> None:
        """Drop what is known of a person, or all codes from before then."""
        if before_ns:
            await self._connection.execute(delete(CODES).where(CODES.c.created_ns < before_ns))
        if owner:
            await self._connection.execute(delete(CODES).where(CODES.c.owner == owner))
        if subject_mac is not None:
            await self._connection.execute(delete(CODES).where(CODES.c.subject_mac == subject_mac))
            await self._connection.execute(delete(KNOWN_HOSTS).where(KNOWN_HOSTS.c.subject_mac == subject_mac))


def _live(time_ns: int) -> tuple[Any, ...]:
    return CODES.c.used_ns == 0, CODES.c.void_ns == 0, CODES.c.expires_ns > time_ns
