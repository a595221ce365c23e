"""Tables come up to date: Alembic's revisions, in one transaction, whichever database it is.

An empty database gets all tables; one that a later version wrote is refused. The identity database of version 0.1, made
without Alembic, is taken for its first revision, which has the same tables.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.database import Database, DatabaseName, Place
from mexchange.store.errors import FormatTooNew

FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6D78_6462
"""PostgreSQL's advisory lock under which tables are changed."""
_FIRST: Final = "0001"
_TABLE_OF_VERSION_0_1: Final = "schema"


async def upgrade(database: Database) -> str:
    """Bring the tables up to date; returns the revision. FormatTooNew, DatabaseDown, DatabaseCorrupt, DiskFull.

    Nothing was changed if it raises. Safe beside another process that does the same.
    """
    async with database.writing() as connection:
        await _lock(connection, database.place)
        return await connection.run_sync(_upgrade, database.place)


async def revision_of(database: Database) -> str | None:
    """What it stands at; None: it has no tables."""
    async with database.reading() as connection:
        return await connection.run_sync(_revision)


def newest(name: DatabaseName) -> str:
    """The revision that this program works with."""
    revision = ScriptDirectory.from_config(_config(name)).get_current_head()
    assert revision is not None
    return revision


async def _lock(connection: AsyncConnection, place: Place) -> None:
    if not place.is_sqlite:  # SQLite has one writer anyway
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {place.name}"))


def _upgrade(connection: Connection, place: Place) -> str:
    config = _config(place.name)
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = _revision(connection)
    if current is not None and current not in known:
        raise FormatTooNew(f"{place} has tables of revision {current}: start the version that wrote them")
    if current is None and inspect(connection).has_table(_TABLE_OF_VERSION_0_1):
        command.stamp(config, _FIRST)
    command.upgrade(config, "head")
    return newest(place.name)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(name: DatabaseName) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(FOLDER / name))
    return config
