"""Deposits from the world outside, as they were seen there, and what became of them here.

    SEEN ──(deep enough)──► CREDITING ──► CREDITED
     ▲│                         └───────► REFUSED, UNCLEAR
     │└──(gone for long)──► VANISHED
     └──(seen again)─────────────┘

REFUSED by the engine, `reason` says why: the money is outside, an operator decides about it. UNCLEAR: the engine has
forgotten whether it was credited, an operator looks into the journal. VANISHED: the chain took it back.

CREDITING is written, with the client order id of the Deposit, before that command is sent: whatever happens then, the
same command is asked for again, and the engine answers it once.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.codec.messages import DepositState
from mexchange.store.database import Database
from mexchange.store.wallet_tables import addresses, cursors, deposits

OPEN: Final = (DepositState.SEEN, DepositState.CREDITING)


class SeenDeposit(msgspec.Struct, frozen=True):
    """A row: columns of store/wallet_tables.py."""

    reference: str
    account: int
    asset: int
    amount: int
    confirmations: int
    state: DepositState
    seen_ns: int
    client_order_id: bytes = b""
    credited_ns: int = 0
    sequence: int = 0
    reason: int = 0


_STATE: Final = SeenDeposit.__struct_fields__.index("state")

assert SeenDeposit.__struct_fields__ == tuple(deposits.c.keys())


class DepositStore:
    """Deposits and deposit addresses of the wallet database. Methods raise what Database raises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_address(self, account: int, asset: int, address: str, created_ns: int) -> None:
        """From now on what arrives at `address` is the account's. It stays whose it was."""
        row = {"account": account, "asset": asset, "address": address, "created_ns": created_ns}
        async with self._database.writing() as connection:
            await connection.execute(_insert(connection, addresses).values(row).on_conflict_do_nothing())

    async def position(self, chain: str) -> int:
        """How far that chain was read."""
        async with self._database.reading() as connection:
            found = await connection.scalar(select(cursors.c.position).where(cursors.c.chain == chain))
            return found or 0

    async def account_of(self, address: str, asset: int) -> int | None:
        """Whose address it is, for that asset."""
        query = select(addresses.c.account).where(addresses.c.address == address, addresses.c.asset == asset)
        async with self._database.reading() as connection:
            return await connection.scalar(query)

    async def note(self, seen: Sequence[SeenDeposit], chain: str, position: int) -> None:
        """Add those that are new, or seen again; and that the chain was read so far. All of it or nothing."""
        async with self._database.writing() as connection:
            for row in seen:
                entry = _insert(connection, deposits).values(msgspec.structs.asdict(row))
                again = entry.on_conflict_do_update(
                    index_elements=["reference"],
                    set_={"state": DepositState.SEEN, "seen_ns": row.seen_ns},
                    where=deposits.c.state == DepositState.VANISHED,
                )
                await connection.execute(again)
            cursor = _insert(connection, cursors).values(chain=chain, position=position)
            read = cursor.on_conflict_do_update(index_elements=["chain"], set_={"position": position})
            await connection.execute(read)

    async def unfinished(self, limit: int) -> list[SeenDeposit]:
        """SEEN and CREDITING ones, the oldest first."""
        query = select(deposits).where(deposits.c.state.in_(OPEN)).order_by(deposits.c.seen_ns, deposits.c.reference)
        async with self._database.reading() as connection:
            return [_seen(row) for row in await connection.execute(query.limit(limit))]

    async def deposit(self, reference: str) -> SeenDeposit | None:
        """One of them."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(deposits).where(deposits.c.reference == reference))).first()
            return None if row is None else _seen(row)

    async def page(self, account: int, before: tuple[int, str] | None, limit: int) -> list[SeenDeposit]:
        """Of one account, the newest first; `before` is (seen_ns, reference) of the last one that is known."""
        query = select(deposits).where(deposits.c.account == account)
        if before is not None:
            seen_ns, reference = before
            earlier = deposits.c.seen_ns < seen_ns
            same = and_(deposits.c.seen_ns == seen_ns, deposits.c.reference < reference)
            query = query.where(or_(earlier, same))
        query = query.order_by(deposits.c.seen_ns.desc(), deposits.c.reference.desc()).limit(limit)
        async with self._database.reading() as connection:
            return [_seen(row) for row in await connection.execute(query)]

    async def change(self, before: SeenDeposit, **changes: object) -> SeenDeposit:
        """The row as it is from now on; it still was in the state of `before`, which nobody else changes."""
        unchanged = and_(deposits.c.reference == before.reference, deposits.c.state == before.state)
        async with self._database.writing() as connection:
            result = await connection.execute(update(deposits).where(unchanged).values(changes))
            assert result.rowcount == 1, before
        return msgspec.structs.replace(before, **changes)


def _insert(connection: AsyncConnection, table: object) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows ON CONFLICT, which both dialects write alike."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)  # type: ignore[arg-type]


def _seen(row: Row[Any]) -> SeenDeposit:
    """Columns and fields stand in one order."""
    values = list(row)
    values[_STATE] = DepositState(values[_STATE])
    return SeenDeposit(*values)
