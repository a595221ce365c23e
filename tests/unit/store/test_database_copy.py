"""Holding every table of a database while others write to it."""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.database_copy import held

ROUNDS = 5


async def test_what_is_held_stays_as_it_is_and_writers_go_on_behind_it(database: str, tmp_path: Path) -> None:
    one = Database(place_of(DatabaseName.WALLET, database, tmp_path))
    await migration.upgrade(one)

    async def write() -> None:
        for number in range(ROUNDS):
            async with one.writing() as connection:  # its tables the other way round than they are held
                await connection.execute(sa.text("DELETE FROM withdrawals"))
                await asyncio.sleep(0.02)
                await connection.execute(sa.text(f"INSERT INTO cursors VALUES ('chain {number}', 0)"))
            await asyncio.sleep(0.01)

    async def count() -> int:
        async with one.reading() as connection:
            return int(await connection.scalar(sa.text("SELECT count(*) FROM cursors")) or 0)

    async def hold() -> None:
        for _ in range(ROUNDS):
            async with held(one):
                before = await count()
                await asyncio.sleep(0.05)
                assert await count() == before

    try:
        async with asyncio.timeout(60):
            await asyncio.gather(write(), hold())
        assert await count() == ROUNDS
    finally:
        await one.close()
