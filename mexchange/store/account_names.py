"""What owners call their accounts; and how a person is forgotten by the wallet."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from mexchange.codec.messages import WithdrawalState
from mexchange.store.database import Database
from mexchange.store.wallet_tables import names, withdrawals

OVER = (WithdrawalState.PAID, WithdrawalState.CANCELLED, WithdrawalState.FAILED)


class AccountNames:
    """Names in the wallet database. Methods raise what Database raises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, accounts: Sequence[int]) -> dict[int, str]:
        """Of those accounts that have one."""
        query = select(names.c.account, names.c.name).where(names.c.account.in_(accounts))
        async with self._database.reading() as connection:
            return {row.account: row.name for row in await connection.execute(query)}

    async def give(self, owner: int, account: int, name: str) -> bool:
        """Call it that from now on, empty: by no name. False: another account of the owner is called so."""
        try:
            async with self._database.writing() as connection:
                await connection.execute(delete(names).where(names.c.account == account))
                if name:
                    await connection.execute(insert(names).values(account=account, owner=owner, name=name))
        except IntegrityError:
            return False
        return True


async def erase(database: Database, owner: int) -> int:
    """Forget what an owner called things, and where their money went; amounts stay.

    Returns how many withdrawals are still on their way and keep their address until they are over.
    """
    mine = withdrawals.c.owner == owner
    async with database.writing() as connection:
        await connection.execute(delete(names).where(names.c.owner == owner))
        await connection.execute(
            update(withdrawals).where(mine, withdrawals.c.state.in_(OVER)).values(address="", reference="")
        )
        left = await connection.scalar(
            select(func.count()).select_from(withdrawals).where(mine, withdrawals.c.state.not_in(OVER))
        )
        return int(left or 0)
