"""`identity.db`: who may come in. Owners, and the public keys of their devices.

Not derivable from the journal and subject to erasure, hence a database of its own; the journal knows owners as numbers
only. Every change is durable when the call returns (`synchronous=FULL`). Times are nanoseconds since 1970.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from mexchange.store.disk import FILE_MODE
from mexchange.store.errors import DiskFailed, DiskFull, FormatTooNew, StoreError

SCHEMA_VERSION: Final = 1

_TABLES: Final = """
CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE owners (
    owner      INTEGER PRIMARY KEY,      -- random, below 2^63
    label      TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    granted_ns INTEGER NOT NULL DEFAULT 0   -- when the owner got the demo's starting funds; 0: not yet
);
CREATE TABLE keys (
    key_id     TEXT PRIMARY KEY,
    public_key BLOB NOT NULL UNIQUE,     -- Ed25519, 32 bytes
    owner      INTEGER NOT NULL REFERENCES owners (owner),
    label      TEXT NOT NULL,
    scopes     INTEGER NOT NULL,
    created_ns INTEGER NOT NULL,
    expires_ns INTEGER NOT NULL,         -- 0: never
    revoked_ns INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX keys_by_owner ON keys (owner);
"""
_KEY: Final = "key_id, public_key, owner, label, scopes, created_ns, expires_ns, revoked_ns"


class IdentityCorrupt(StoreError):
    """The identity database cannot be read; restore it from a backup."""


class Key(msgspec.Struct, frozen=True):
    """A device key as the server knows it: the public half, and what it may do."""

    key_id: str
    public_key: bytes
    owner: int
    label: str
    scopes: int
    """Bits of `identity.scopes.Scope`."""
    created_ns: int
    expires_ns: int = 0
    """0: never."""
    revoked_ns: int = 0
    """0: not revoked."""


class IdentityStore:
    """An open identity database. One thread."""

    def __init__(self, path: Path) -> None:
        """Open or create, mode 0600. FormatTooNew, IdentityCorrupt, DiskFull, DiskFailed."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
        self._path = path
        self._data_version: int | None = None
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            with _database_errors(path):
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._create(path)
        except StoreError:
            self._db.close()
            raise

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def key(self, key_id: str) -> Key | None:
        """The key of that name, revoked ones too."""
        return self._one_key("key_id = ?", key_id)

    def key_of_device(self, public_key: bytes) -> Key | None:
        """The key with that public half."""
        return self._one_key("public_key = ?", public_key)

    def keys_of(self, owner: int) -> list[Key]:
        """All keys of an owner, oldest first."""
        with _database_errors(self._path):
            rows = self._db.execute(f"SELECT {_KEY} FROM keys WHERE owner = ? ORDER BY created_ns, key_id", (owner,))
            return [Key(*row) for row in rows]

    def owner_labels(self) -> dict[int, str]:
        """Every owner with its label."""
        with _database_errors(self._path):
            return dict(self._db.execute("SELECT owner, label FROM owners ORDER BY owner"))

    def add(self, key: Key, *, owner_label: str) -> None:
        """Add a key, and its owner unless it exists."""
        with _database_errors(self._path), self._transaction():
            self._db.execute(
                "INSERT INTO owners (owner, label, created_ns) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (key.owner, owner_label, key.created_ns),
            )
            self._db.execute(f"INSERT INTO keys ({_KEY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(key))

    def was_changed_elsewhere(self) -> bool:
        """Has another process, an operator's tool, written since the last time that this was asked."""
        with _database_errors(self._path):
            (version,) = self._db.execute("PRAGMA data_version").fetchone()
        changed: bool = version != self._data_version
        self._data_version = version
        return changed

    def is_granted(self, owner: int) -> bool:
        """Has the owner got the starting funds of the demo."""
        with _database_errors(self._path):
            row = self._db.execute("SELECT granted_ns FROM owners WHERE owner = ?", (owner,)).fetchone()
            return row is not None and row[0] > 0

    def mark_granted(self, owner: int, granted_ns: int) -> None:
        """The funds are in the journal."""
        with _database_errors(self._path):
            self._db.execute("UPDATE owners SET granted_ns = ? WHERE owner = ?", (granted_ns, owner))

    def revoke(self, key_id: str, revoked_ns: int) -> None:
        """No login with that key from now on. The first revocation's time stays."""
        with _database_errors(self._path):
            self._db.execute("UPDATE keys SET revoked_ns = ? WHERE key_id = ? AND revoked_ns = 0", (revoked_ns, key_id))

    def _create(self, path: Path) -> None:
        exists = self._db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'schema'").fetchone()[0]
        if not exists:
            self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} INSERT INTO schema VALUES ({SCHEMA_VERSION}); COMMIT;")
        (version,) = self._db.execute("SELECT version FROM schema").fetchone()
        if version > SCHEMA_VERSION:
            raise FormatTooNew(f"{path} has schema {version}, this program knows {SCHEMA_VERSION}: use the newer one")

    def _one_key(self, condition: str, value: str | bytes) -> Key | None:
        with _database_errors(self._path):
            row = self._db.execute(f"SELECT {_KEY} FROM keys WHERE {condition}", (value,)).fetchone()
            return None if row is None else Key(*row)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


@contextmanager
def _database_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DiskFull(f"{path}: no space left; free some, nothing has to be restarted") from error
        raise DiskFailed(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise  # ours, not the file's
        raise IdentityCorrupt(f"{path}: {error}; restore it from a backup") from error
