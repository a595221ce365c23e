"""One database into another, SQLite or PostgreSQL, as it is at one moment of the source."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store import migration
from mexchange.store.database import BUSY_S, Database, Place, database_errors
from mexchange.store.errors import StoreError

LOCK_AGAIN_S: Final = 0.01
LOCK_TRIES: Final = 3_000
"""Half a minute: writers hold a row for a moment each."""
LOCK_NOT_AVAILABLE: Final = "55P03"
"""What PostgreSQL calls it when somebody else has the lock."""
_ALEMBIC = "alembic_version"


async def copy_rows(source: Database, target: Database) -> int:
    """Fill `target`, which has no tables yet; the number of rows. The source's tables come up to date first.

    StoreError if the target has tables; DatabaseDown and its siblings.
    """
    if await migration.revision_of(target) is not None:
        raise StoreError(f"{target.place} has tables already: name an empty database; nothing was changed")
    for each in (source, target):
        await migration.upgrade(each)
    count = 0
    async with source.reading() as reading, target.writing() as writing:
        if not source.place.is_sqlite:
            await reading.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        tables = await reading.run_sync(_reflect)
        copies = await writing.run_sync(_reflect)
        for table in copies.sorted_tables:
            if table.name == _ALEMBIC:
                continue
            await writing.execute(sa.delete(table))  # what the revisions put there stands in the source too
            rows = (await reading.execute(sa.select(tables.tables[table.name]))).mappings().all()
            if rows:
                await writing.execute(sa.insert(table), [dict(row) for row in rows])
            count += len(rows)
            if not target.place.is_sqlite:
                await writing.run_sync(_move_on_numbers, table)
    return count


@asynccontextmanager
async def held(database: Database) -> AsyncIterator[None]:
    """Others may read it meanwhile, and wait with what they would write. DatabaseDown if they never let us in."""
    async with database.writing() as connection:
        if not database.place.is_sqlite:
            await _lock_tables(connection)
        yield


async def _lock_tables(connection: AsyncConnection) -> None:
    """All at once or none: who waits for one while holding another may wait for somebody who waits for that."""
    tables = (await connection.run_sync(_reflect)).sorted_tables
    lock = sa.text(f"LOCK TABLE {', '.join(table.name for table in tables)} IN EXCLUSIVE MODE NOWAIT")
    for tries_left in reversed(range(LOCK_TRIES)):
        try:
            async with connection.begin_nested():
                await connection.execute(lock)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE or not tries_left:
                raise
        await asyncio.sleep(LOCK_AGAIN_S)


def copy_file(source: Place, target: Place) -> None:
    """SQLite to SQLite, whatever is in it; `target` is replaced. DatabaseDown, DatabaseCorrupt, DiskFull."""
    assert source.file is not None
    assert target.file is not None
    with (
        database_errors(source),
        closing(sqlite3.connect(source.file, timeout=BUSY_S)) as original,
        closing(sqlite3.connect(target.file)) as copy,
    ):
        original.backup(copy)


def _reflect(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def _move_on_numbers(connection: Connection, table: sa.Table) -> None:
    """Numbers that PostgreSQL gives out by itself go on behind those that were copied."""
    for column in table.primary_key:
        if not isinstance(column.type, sa.Integer):
            continue
        sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
        if sequence is not None:
            greatest = connection.scalar(sa.select(sa.func.max(column)))
            if greatest is not None:
                connection.execute(sa.select(sa.func.setval(sequence, greatest)))
