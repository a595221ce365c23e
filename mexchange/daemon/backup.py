"""A backup of a running exchange, and an exchange again from a backup.

    backup/  journal/ snapshots/ wallet.db chain.db identity.db identity.key server.key daemon.toml client/ backup.json

The order makes it whole. Snapshots, then the journal, which reaches them. The wallet together with the journal's end,
while nobody writes to it: what it calls credited is in the journal then, and what it does not yet call so is not.
Identity last: it knows every owner that the journal names, and an owner without an account is given one at the next
login. Databases are SQLite files whatever they came from, so that a backup moves an exchange from one kind to the
other. History is derived and made again.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from mexchange import __version__
from mexchange.config.daemon import DaemonSettings
from mexchange.daemon.data_folder import IDENTITY_KEY, SERVER_KEY
from mexchange.daemon.wallet.simulated_chain import CHAIN_FILE
from mexchange.store import migration
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.database_copy import copy_file, copy_rows, held
from mexchange.store.disk import FILE_MODE, FOLDER_MODE, RealDisk
from mexchange.store.errors import StoreError
from mexchange.store.journal_copy import Copied, copy_journal, copy_snapshots
from mexchange.store.lock import FolderLock
from mexchange.store.verify import verify_journal

NOTE: Final = "backup.json"
SETTINGS: Final = "daemon.toml"
CLIENT: Final = "client"
FORMAT_VERSION: Final = 1


class BackupNote(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself; its last file, so that one that was cut short has none."""

    format: int = FORMAT_VERSION
    version: str = __version__
    sequence: int
    """Of the last command."""
    digest: str
    """Of the journal's last frame, hex."""
    snapshots: list[int]
    taken_ns: int


class BadBackup(StoreError):
    """Not a whole backup, or not where one can go."""


def backup(data: Path, target: Path, settings: DaemonSettings, *, time_ns: int) -> BackupNote:
    """Copy everything that cannot be derived into the new or empty folder `target`. The daemon may run.

    BadBackup if there is something in it; other StoreErrors, OSError.
    """
    _make_empty(target)
    source, copy = RealDisk(data), RealDisk(target)
    snapshots = copy_snapshots(source, copy)
    copy_journal(source, copy)  # nearly all of it, so that the wallet does not wait for long
    copied = asyncio.run(_copy_wallet(data, settings.database, target, lambda: copy_journal(source, copy)))
    asyncio.run(_copy_database(DatabaseName.IDENTITY, data, settings.database, target, ""))
    _copy_files(data, target)
    note = BackupNote(sequence=copied.sequence, digest=copied.digest.hex(), snapshots=snapshots, taken_ns=time_ns)
    _write(target / NOTE, msgspec.json.format(msgspec.json.encode(note)) + b"\n")
    return note


def restore(source: Path, data: Path, settings: DaemonSettings) -> BackupNote:
    """Make the new or empty folder `data` the exchange of a backup, after verifying it.

    Identity goes to where `settings` say, which must be empty too. BadBackup; other StoreErrors, OSError.
    """
    note = read_note(source)
    found = verify_journal(RealDisk(source))
    if found.problem or found.last_sequence != note.sequence or found.digest.hex() != note.digest:
        raise BadBackup(f"{source} does not verify: {found.problem or 'its journal ends elsewhere'}")
    _make_empty(data)
    with FolderLock(data):
        copy_snapshots(RealDisk(source), RealDisk(data))
        copy_journal(RealDisk(source), RealDisk(data))
        for name in (DatabaseName.WALLET, DatabaseName.IDENTITY):
            asyncio.run(_copy_database(name, source, "", data, settings.database))
        _copy_chain(source, data)
        _copy_files(source, data)
    return note


def read_note(source: Path) -> BackupNote:
    """What the backup says of itself. BadBackup."""
    try:
        note = msgspec.json.decode((source / NOTE).read_bytes(), type=BackupNote)
    except FileNotFoundError:
        raise BadBackup(f"{source} is no backup, or one that was cut short: there is no {NOTE}") from None
    except msgspec.DecodeError as error:
        raise BadBackup(f"{source / NOTE}: {error}") from None
    if note.format > FORMAT_VERSION:
        raise BadBackup(f"{source} has format {note.format}: restore it with version {note.version}")
    return note


async def _copy_wallet(data: Path, setting: str, target: Path, then: Callable[[], Copied]) -> Copied:
    """The wallet's rows, and what `then` copies before anybody writes to the wallet again."""
    wallet = Database(place_of(DatabaseName.WALLET, setting, data))
    try:
        await migration.upgrade(wallet)
        async with held(wallet):
            await _copy_database(DatabaseName.WALLET, data, setting, target, "")
            _copy_chain(data, target)
            return then()
    finally:
        await wallet.close()


def _copy_chain(data: Path, target: Path) -> None:
    """The world outside of a demo."""
    if (data / CHAIN_FILE).exists():
        _write(target / CHAIN_FILE, b"")
        with (
            closing(sqlite3.connect(data / CHAIN_FILE)) as outside,
            closing(sqlite3.connect(target / CHAIN_FILE)) as copy,
        ):
            outside.backup(copy)


async def _copy_database(name: DatabaseName, data: Path, setting: str, target: Path, target_setting: str) -> None:
    source, copy = place_of(name, setting, data), place_of(name, target_setting, target)
    if source.is_sqlite and copy.is_sqlite:
        assert copy.file is not None
        _write(copy.file, b"")  # closed to others before there is anything in it
        copy_file(source, copy)
        return
    databases = Database(source), Database(copy)
    try:
        await copy_rows(*databases)
    finally:
        for each in databases:
            await each.close()


def _copy_files(source: Path, target: Path) -> None:
    """Keys and settings, closed to others whatever they were."""
    for name in (SERVER_KEY, IDENTITY_KEY, SETTINGS):
        if (source / name).exists():
            _write(target / name, (source / name).read_bytes())
    if (source / CLIENT).is_dir():
        (target / CLIENT).mkdir(FOLDER_MODE)
        for file in sorted((source / CLIENT).iterdir()):
            if file.is_file():
                _write(target / CLIENT / file.name, file.read_bytes())


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    except FileExistsError:
        raise BadBackup(f"{folder} is not a folder") from None
    if any(folder.iterdir()):
        raise BadBackup(f"{folder} is not empty: name a new folder")
    folder.chmod(FOLDER_MODE)


def _write(path: Path, content: bytes) -> None:
    """Durable when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
