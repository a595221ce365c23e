"""One schema on two databases, and what the world does to them as errors of ours."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from mexchange.store import history_tables, identity_tables, migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.errors import DatabaseCorrupt, DatabaseDown, FormatTooNew, StoreError
from tests import postgres

T = TypeVar("T")
BOTH = pytest.mark.parametrize("name", list(DatabaseName))


@BOTH
async def test_an_empty_database_gets_its_tables_once(name: DatabaseName, database: str, tmp_path: Path) -> None:
    one = Database(place_of(name, database, tmp_path))
    assert await migration.revision_of(one) is None
    assert await migration.upgrade(one) == migration.newest(name)
    assert await migration.upgrade(one) == migration.newest(name) == await migration.revision_of(one)
    await one.close()


TABLES: Final = {DatabaseName.HISTORY: history_tables.metadata, DatabaseName.IDENTITY: identity_tables.METADATA}


@BOTH
def test_the_newest_revision_is_where_the_chain_ends(name: DatabaseName) -> None:
    revisions = ScriptDirectory(str(migration.FOLDER), version_locations=[str(migration.FOLDER / name)])
    assert revisions.get_heads() == [migration.newest(name)]


@pytest.mark.parametrize("name", list(TABLES))
async def test_tables_and_revisions_say_the_same(name: DatabaseName, database: str, tmp_path: Path) -> None:
    one = Database(place_of(name, database, tmp_path))
    await migration.upgrade(one)

    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), TABLES[name]))

    async with one.reading() as connection:
        assert await connection.run_sync(differences) == []
    await one.close()


async def test_both_live_side_by_side(database: str, tmp_path: Path) -> None:
    for name in DatabaseName:
        one = Database(place_of(name, database, tmp_path))
        await migration.upgrade(one)
        tables = await _table_names(one)
        assert ("orders" in tables) == (name is DatabaseName.HISTORY)
        assert ("owners" in tables) == (name is DatabaseName.IDENTITY)
        await one.close()


@BOTH
async def test_tables_of_a_later_version_are_refused(name: DatabaseName, database: str, tmp_path: Path) -> None:
    one = Database(place_of(name, database, tmp_path))
    await migration.upgrade(one)
    async with one.writing() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(FormatTooNew, match="9999"):
        await migration.upgrade(one)
    await one.close()


@BOTH
async def test_a_transaction_is_all_or_nothing(name: DatabaseName, database: str, tmp_path: Path) -> None:
    one = Database(place_of(name, database, tmp_path))
    await migration.upgrade(one)
    before = await _table_names(one)
    with pytest.raises(IntegrityError):
        await _make_a_table_and_fail(one)
    assert await _table_names(one) == before
    await one.close()


async def _make_a_table_and_fail(one: Database) -> None:
    async with one.writing() as connection:
        await connection.execute(sa.text("CREATE TABLE numbers (n INTEGER PRIMARY KEY)"))
        for number in (1, 1):
            await connection.execute(sa.text("INSERT INTO numbers VALUES (:n)"), {"n": number})


async def _table_names(one: Database) -> list[str]:
    async with one.reading() as connection:
        return await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())


async def test_open_orders_have_an_index_that_is_used(tmp_path: Path) -> None:
    one = Database(place_of(DatabaseName.HISTORY, "", tmp_path))
    await migration.upgrade(one)
    query = "SELECT * FROM orders WHERE account = 1 AND reason = 0 ORDER BY created_ns DESC, order_id DESC LIMIT 9"
    async with one.reading() as connection:
        plan = (await connection.execute(sa.text(f"EXPLAIN QUERY PLAN {query}"))).all()
    assert "orders_open" in str(plan)
    await one.close()


async def test_an_sqlite_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    one = Database(place_of(DatabaseName.HISTORY, "", tmp_path))
    await migration.upgrade(one)
    modes = {(tmp_path / f"history.db{end}").stat().st_mode & 0o777 for end in ("", "-wal", "-shm")}
    assert modes == {0o600}
    await one.close()


async def test_identity_is_synced_and_history_is_not(tmp_path: Path) -> None:
    for name, level in ((DatabaseName.IDENTITY, 2), (DatabaseName.HISTORY, 1)):
        one = Database(place_of(name, "", tmp_path))
        async with one.reading() as connection:
            assert await connection.scalar(sa.text("PRAGMA synchronous")) == level
        await one.close()


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"not a database, but long enough to be looked at" * 100)
    one = Database(place_of(DatabaseName.HISTORY, "", tmp_path))
    with pytest.raises(DatabaseCorrupt, match=r"history\.db"):
        await migration.upgrade(one)
    await one.close()


async def test_a_held_sqlite_file_is_down_not_corrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mexchange.store.database.BUSY_S", 0.1)
    one = Database(place_of(DatabaseName.HISTORY, "", tmp_path))
    await migration.upgrade(one)
    other = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseDown, match="locked"):
        async with one.writing():
            pass
    other.close()
    await one.close()


async def test_a_server_that_is_gone_is_down_and_comes_back(tmp_path: Path) -> None:
    folder = postgres.programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    cluster = await _in_thread(lambda: postgres.Cluster(folder))
    try:
        one = Database(place_of(DatabaseName.HISTORY, await _in_thread(cluster.new_database), tmp_path))
        await migration.upgrade(one)
        cluster.kill()
        for _ in range(2):
            with pytest.raises(DatabaseDown):
                async with one.writing() as connection:
                    await connection.execute(sa.text("SELECT 1"))
        await _in_thread(cluster.start)
        async with one.writing() as connection:
            assert await connection.scalar(sa.text("SELECT 1")) == 1
        await one.close()
    finally:
        cluster.end()


def test_addresses_that_are_none_are_refused(tmp_path: Path) -> None:
    for address in ("mysql://host/name", "not an address"):
        with pytest.raises(StoreError, match="database"):
            place_of(DatabaseName.HISTORY, address, tmp_path)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    place = place_of(DatabaseName.HISTORY, "postgresql://mx:canary@db.example/mx", tmp_path)
    assert "canary" not in str(place)
    assert "db.example" in str(place)


async def _in_thread(call: Callable[[], T]) -> T:
    """What runs an event loop of its own."""
    return await asyncio.get_running_loop().run_in_executor(None, call)
