"""The databases beside the journal: `identity`, who may come in, `wallet`, money on its way, `history`, the derived.

Each is a SQLite file of the data directory, or, with one setting, a schema of one PostgreSQL database:

    database = ""                                        identity.db, wallet.db, history.db
    database = "postgresql://mx:secret@db.example/mx"    schemas identity, wallet, history

Statements are SQLAlchemy Core and the same for both. `reading` and `writing` are transactions; what the world does to a
database comes out of them as a StoreError, what we did wrong as SQLAlchemy's own error.
"""

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from mexchange.store.disk import FILE_MODE
from mexchange.store.errors import DatabaseCorrupt, DatabaseDown, DiskFull, StoreError

CONNECTIONS_MAX: Final = 8
"""Of one process to one database."""
CONNECT_S: Final = 5
BUSY_S: Final = 5
"""How long a statement on SQLite waits for the transaction of another process."""
COMMAND_S: Final = 30
"""How long a statement on PostgreSQL may take."""
_WRITING: Final = "is_writing"
_DISK_FULL: Final = "53100"
"""PostgreSQL's code for it."""


class DatabaseName(StrEnum):
    """Which of them."""

    IDENTITY = "identity"
    """Cannot be made again: every commit is durable when it returns."""
    WALLET = "wallet"
    """As identity: what was seen outside, and what is to be paid there."""
    HISTORY = "history"
    """Derived from the journal: consistent after a crash, perhaps a little older."""


class Place(msgspec.Struct, frozen=True):
    """Where a database is."""

    name: DatabaseName
    file: Path | None
    """SQLite's file; None: PostgreSQL."""
    url: URL
    """Without a driver."""

    @property
    def is_sqlite(self) -> bool:
        return self.file is not None

    def __str__(self) -> str:
        """For people: no password in it."""
        return os.fspath(self.file) if self.file else f"{self.url.render_as_string()} (schema {self.name})"


def place_of(name: DatabaseName, setting: str, data: Path) -> Place:
    """Where `setting`, the daemon's `database`, puts it. StoreError if that is no address of a database."""
    if not setting:
        file = data / f"{name}.db"
        return Place(name, file, URL.create("sqlite", database=os.fspath(file)))
    try:
        url = make_url(setting)
    except ArgumentError as error:
        raise StoreError("database: not an address such as postgresql://user:password@host/name") from error
    if url.get_backend_name() != "postgresql":
        raise StoreError(f"database: {url.get_backend_name()} is not known here, postgresql:// is")
    return Place(name, None, url.set(drivername="postgresql"))


class Database:
    """One of them, open. For one event loop; connections are made when they are needed, and again when lost."""

    def __init__(self, place: Place) -> None:
        """DiskFull, DatabaseDown if the file cannot be made."""
        self.place: Final = place
        self.engine: Final = _sqlite_engine(place) if place.is_sqlite else _postgres_engine(place)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that changes nothing and waits for nobody. DatabaseDown, DatabaseCorrupt."""
        with database_errors(self.place):
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block. DatabaseDown, DatabaseCorrupt, DiskFull.

        After an error of the block nothing of it was done; after DatabaseDown at its end that is not known.
        """
        with database_errors(self.place):
            async with self.engine.execution_options(**{_WRITING: True}).begin() as connection:
                yield connection

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engine.dispose()


def _sqlite_engine(place: Place) -> AsyncEngine:
    assert place.file is not None
    with database_errors(place):
        os.close(os.open(place.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
    engine = create_async_engine(
        place.url.set(drivername="sqlite+aiosqlite"),
        connect_args={"timeout": BUSY_S},
        pool_size=CONNECTIONS_MAX,
        max_overflow=0,
    )
    synchronous = "NORMAL" if place.name is DatabaseName.HISTORY else "FULL"

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions are ours, schema changes included
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", f"synchronous = {synchronous}", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        # Who will write says so at once: a reader that turns into a writer may find that it read the past.
        is_writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def _postgres_engine(place: Place) -> AsyncEngine:
    return create_async_engine(
        place.url.set(drivername="postgresql+asyncpg"),
        connect_args={
            "timeout": CONNECT_S,
            "command_timeout": COMMAND_S,
            "server_settings": {"search_path": place.name.value, "application_name": "mexchange"},
        },
        pool_size=CONNECTIONS_MAX,
        max_overflow=0,
        pool_pre_ping=True,
    )


@contextmanager
def database_errors(place: Place) -> Iterator[None]:
    """What the world did to the database, as a StoreError; our own errors pass."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except DBAPIError as error:
        raise _store_error(place, error.orig or error) from error
    except (sqlite3.Error, OSError) as error:
        raise _store_error(place, error) from error


def _store_error(place: Place, error: BaseException) -> StoreError:
    cause = error.__cause__ if error.__cause__ is not None else error
    if getattr(cause, "sqlstate", None) == _DISK_FULL or getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
        return DiskFull(f"{place}: no space left; free some, nothing has to be restarted")
    if isinstance(cause, sqlite3.DatabaseError) and not isinstance(cause, sqlite3.OperationalError):
        return DatabaseCorrupt(f"{place}: {cause}; restore it from a backup")
    return DatabaseDown(f"{place}: {str(cause) or type(cause).__name__}")
