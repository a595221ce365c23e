"""The tables before the first row: there, of this version, and of this journal; or empty."""

import sqlalchemy as sa

from mexchange.daemon.projection.postgres import PostgresRows
from mexchange.daemon.projection.row_store import RowStore
from mexchange.daemon.projection.sqlite import SqliteRows
from mexchange.store import history_tables, migration
from mexchange.store.database import Database, Place
from mexchange.store.history_tables import PROJECTION_VERSION


async def prepare(place: Place) -> None:
    """Tables of this version exist; those of another are dropped and made again, empty. StoreError."""
    database = Database(place)
    try:
        await migration.upgrade(database)
        async with database.reading() as connection:
            version = await connection.scalar(sa.select(history_tables.cursor.c.version))
        if version not in (None, PROJECTION_VERSION):
            await _recreate(database)
    finally:
        await database.close()


async def empty(place: Place) -> None:
    """Drop all rows; a projector that runs begins anew. StoreError."""
    database = Database(place)
    try:
        await migration.upgrade(database)
        await _recreate(database)
    finally:
        await database.close()


async def cursor_sequence(place: Place) -> int:
    """How far the rows go. StoreError."""
    database = Database(place)
    try:
        async with database.reading() as connection:
            return int(await connection.scalar(sa.select(history_tables.cursor.c.sequence)) or 0)
    finally:
        await database.close()


def row_store(place: Place) -> RowStore:
    """For the database that it is."""
    return (SqliteRows if place.is_sqlite else PostgresRows)(place, PROJECTION_VERSION)


async def _recreate(database: Database) -> None:
    async with database.writing() as connection:
        await connection.run_sync(history_tables.recreate)
