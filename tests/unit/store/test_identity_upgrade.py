"""An identity database of version 0.1, made without migrations, keeps its people when it is taken over."""

import sqlite3
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from mexchange.identity.roles import Role
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.errors import DatabaseCorrupt
from mexchange.store.identity import Key, People

VERSION_0_1: Final = """
CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE owners (
    owner      INTEGER PRIMARY KEY,
    label      TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    granted_ns INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE keys (
    key_id     TEXT PRIMARY KEY,
    public_key BLOB NOT NULL UNIQUE,
    owner      INTEGER NOT NULL REFERENCES owners (owner),
    label      TEXT NOT NULL,
    scopes     INTEGER NOT NULL,
    created_ns INTEGER NOT NULL,
    expires_ns INTEGER NOT NULL,
    revoked_ns INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX keys_by_owner ON keys (owner);
INSERT INTO schema VALUES (1);
INSERT INTO owners VALUES (70000, 'laptop', 5, 6), (9223372036854775807, 'operator@local', 7, 0);
INSERT INTO keys VALUES ('mk_a', zeroblob(32), 70000, 'laptop', 15, 5, 0, 0);
INSERT INTO keys VALUES ('mk_b', randomblob(32), 70000, 'phone', 3, 8, 99, 9);
INSERT INTO keys VALUES ('mk_c', randomblob(32), 9223372036854775807, 'operator@local', 31, 7, 0, 0);
"""


async def test_owners_keys_and_grants_are_as_they_were(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "identity.db") as old:
        old.executescript(VERSION_0_1)
    old.close()
    database = Database(place_of(DatabaseName.IDENTITY, "", tmp_path))
    assert await migration.upgrade(database) == migration.newest(DatabaseName.IDENTITY)
    async with database.reading() as connection:
        people = People(connection)
        owners = await people.owners()
        assert [(owner.owner, owner.granted_ns, owner.role) for owner in owners] == [
            (70_000, 6, Role.TRADER),
            (2**63 - 1, 0, Role.ADMIN),
        ]
        assert await people.keys_of(70_000) == [
            Key("mk_a", bytes(32), 70_000, "laptop", 15, 5),
            Key("mk_b", (await people.keys(["mk_b"]))[0].public_key, 70_000, "phone", 3, 8, 99, 9),
        ]
        assert await connection.scalar(sa.text("SELECT version FROM schema")) == 2, "version 0.1 shall refuse it"
    await database.close()


async def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "identity.db").write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    database = Database(place_of(DatabaseName.IDENTITY, "", tmp_path))
    with pytest.raises(DatabaseCorrupt):
        await migration.upgrade(database)
    await database.close()
