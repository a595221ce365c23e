"""Withdrawals: who asked for how much to which address, and how far it has come.

The state is written before what it stands for is done; daemon/wallet/withdrawal_states.py has the table.
"""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.engine import Row

from mexchange.codec.messages import WithdrawalState
from mexchange.store.database import Database
from mexchange.store.wallet_tables import withdrawals


class Withdrawal(msgspec.Struct, frozen=True):
    """A row: columns of store/wallet_tables.py."""

    account: int
    request_id: bytes
    owner: int
    asset: int
    amount: int
    address: str
    state: WithdrawalState
    withdrawal_id: int
    attempt: int
    created_ns: int
    updated_ns: int
    approved_by: str = ""
    reference: str = ""
    reason: str = ""


_STATE: Final = Withdrawal.__struct_fields__.index("state")

assert Withdrawal.__struct_fields__ == tuple(withdrawals.c.keys())


class WithdrawalStore:
    """Withdrawals of the wallet database. Methods raise what Database raises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, row: Withdrawal) -> None:
        """A new request."""
        async with self._database.writing() as connection:
            await connection.execute(insert(withdrawals).values(msgspec.structs.asdict(row)))

    async def find(self, account: int, request_id: bytes) -> Withdrawal | None:
        """The request of that name."""
        found = await self._rows(select(withdrawals).where(_named(account, request_id)))
        return found[0] if found else None

    async def spent(self, owner: int, asset: int, since_ns: int, unspent: Collection[WithdrawalState]) -> int:
        """Atoms that an owner has asked for since then, without requests in the states `unspent`."""
        query = select(func.sum(withdrawals.c.amount)).where(
            withdrawals.c.owner == owner,
            withdrawals.c.asset == asset,
            withdrawals.c.created_ns > since_ns,
            withdrawals.c.state.not_in(unspent),
        )
        async with self._database.reading() as connection:
            return int(await connection.scalar(query) or 0)

    async def in_states(
        self, states: Collection[WithdrawalState], limit: int, *, before_ns: int | None = None
    ) -> list[Withdrawal]:
        """Of everybody, the oldest first; with `before_ns` those made before then."""
        query = select(withdrawals).where(withdrawals.c.state.in_(states))
        if before_ns is not None:
            query = query.where(withdrawals.c.created_ns < before_ns)
        return await self._rows(query.order_by(withdrawals.c.created_ns).limit(limit))

    async def page(self, account: int, before: tuple[int, bytes] | None, limit: int) -> list[Withdrawal]:
        """Of one account, the newest first; `before` is (created_ns, request_id) of the last one that is known."""
        query = select(withdrawals).where(withdrawals.c.account == account)
        if before is not None:
            created_ns, request_id = before
            earlier = withdrawals.c.created_ns < created_ns
            same = and_(withdrawals.c.created_ns == created_ns, withdrawals.c.request_id < request_id)
            query = query.where(or_(earlier, same))
        query = query.order_by(withdrawals.c.created_ns.desc(), withdrawals.c.request_id.desc())
        return await self._rows(query.limit(limit))

    async def change(self, before: Withdrawal, **changes: object) -> Withdrawal:
        """The row as it is from now on; it still was in the state of `before`."""
        unchanged = and_(_named(before.account, before.request_id), withdrawals.c.state == before.state)
        async with self._database.writing() as connection:
            result = await connection.execute(update(withdrawals).where(unchanged).values(changes))
            assert result.rowcount == 1, before
        return msgspec.structs.replace(before, **changes)

    async def _rows(self, query: Select[Any]) -> list[Withdrawal]:
        async with self._database.reading() as connection:
            return [_withdrawal(row) for row in await connection.execute(query)]


def _named(account: int, request_id: bytes) -> Any:
    return and_(withdrawals.c.account == account, withdrawals.c.request_id == request_id)


def _withdrawal(row: Row[Any]) -> Withdrawal:
    values = list(row)
    values[_STATE] = WithdrawalState(values[_STATE])
    return Withdrawal(*values)
