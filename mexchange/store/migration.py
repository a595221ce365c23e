"""Tables come up to date: Alembic's revisions, in one transaction, whichever database it is.

An empty database gets all tables; one that a later version wrote is refused. The identity database of version 0.1, made
without Alembic, is taken for its first revision, which has the same tables. Revisions are files `vNNNN_what.py`.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.database import Database, DatabaseName, Place

FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6D78_6462
"""PostgreSQL's advisory lock under which tables are changed."""


async def upgrade(database: Database) -> str:
    """Bring the tables up to date; returns the revision. FormatTooNew, DatabaseDown, DatabaseCorrupt, DiskFull.

    Nothing was changed if it raises. Safe beside another process that does the same.
    """
    place = database.place
    wanted = newest(place.name)
    if await revision_of(database) == wanted:
        return wanted
    from mexchange.store.revisions import bring_up_to_date

    async with database.writing() as connection:
        await _lock(connection, place)
        current = await connection.run_sync(_revision)
        await connection.run_sync(bring_up_to_date, place, FOLDER, current)
    return wanted


async def revision_of(database: Database) -> str | None:
    """What it stands at; None: it has no tables."""
    async with database.reading() as connection:
        return await connection.run_sync(_revision)


def newest(name: DatabaseName) -> str:
    """The revision that this program works with."""
    return max(path.name[1:5] for path in (FOLDER / name).glob("v????_*.py"))


def _revision(connection: Connection) -> str | None:
    """As Alembic wrote it down."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def _lock(connection: AsyncConnection, place: Place) -> None:
    if not place.is_sqlite:  # SQLite has one writer anyway
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {place.name}"))
