"""Snapshots: the state at one sequence, so that a start need not replay from the beginning.

    magic 8 | version u16 | min reader u16 | 0 u32 | sequence u64 | time_ns i64 | engine length u64 | views length u64
    | state hash 32 | engine bytes | views bytes | BLAKE2b-256 of everything before

The engine bytes are the canonical state; the views are what the daemon wants back (24-hour buckets, last trades) and
are covered by the checksum but not by the state hash. A file gets its name only after it was synced and read back.
"""

import re
import struct
from contextlib import suppress
from hashlib import blake2b
from typing import Final

import msgspec

from mexchange.store.errors import DiskFailed, FormatTooNew, SnapshotCorrupt, disk_errors
from mexchange.store.segment import read_file
from mexchange.world.disk import Disk

SNAPSHOTS_FOLDER: Final = "snapshots"
SNAPSHOT_MAGIC: Final = b"MXSNAPSH"
FORMAT_VERSION: Final = 1
MIN_READER_VERSION: Final = 1
STATE_HASH_BYTES: Final = 32
CHECKSUM_BYTES: Final = 32
KEEP_MIN: Final = 2
"""The newest may turn out unreadable on the day it is needed."""

_FIELDS: Final = struct.Struct("<8sHHIQqQQ32s")
_NAME: Final = re.compile(r"snap-([0-9a-f]{16})\.mxs")
_UNFINISHED_SUFFIX: Final = ".tmp"


class Snapshot(msgspec.Struct, frozen=True):
    """The state after `sequence`. `state_hash` is the engine's, 32 bytes."""

    sequence: int
    time_ns: int
    state_hash: bytes
    engine: bytes
    views: bytes = b""


class BadSnapshot(msgspec.Struct, frozen=True):
    """A file that cannot be used, and why."""

    name: str
    reason: str


class Snapshots:
    """The snapshots of one data folder. One thread at a time writes."""

    def __init__(self, disk: Disk, folder: str = SNAPSHOTS_FOLDER, *, keep: int = KEEP_MIN) -> None:
        assert keep >= KEEP_MIN
        self._disk = disk
        self._folder = folder
        self._keep = keep

    def sequences(self) -> list[int]:
        """Of all snapshot files, newest first, valid or not."""
        matches = map(_NAME.fullmatch, self._disk.names(self._folder))
        return sorted((int(match[1], 16) for match in matches if match), reverse=True)

    def write(self, snapshot: Snapshot) -> int:
        """Store it durably, verified, and drop what is older than the newest two valid ones. Returns its bytes.

        Everything up to its sequence must be durable in the journal. DiskFull: nothing is left behind. DiskFailed.
        SnapshotCorrupt: it did not read back as it was written; the older ones stay.
        """
        data = pack_snapshot(snapshot)
        path = f"{self._folder}/{_file_name(snapshot.sequence)}"
        with disk_errors("writing a snapshot"):
            self._disk.make_folder(self._folder)
            self._drop_unfinished()
            self._write_unfinished(path + _UNFINISHED_SUFFIX, data)
            self._disk.rename(path + _UNFINISHED_SUFFIX, path)
            self._disk.sync_folder(self._folder)
            self._drop_old()
        return len(data)

    def read(self, sequence: int) -> Snapshot:
        """FileNotFoundError, SnapshotCorrupt, FormatTooNew, DiskFailed."""
        name = _file_name(sequence)
        snapshot = parse_snapshot(read_file(self._disk, f"{self._folder}/{name}"), name)
        if snapshot.sequence != sequence:
            raise SnapshotCorrupt(f"{name} holds sequence {snapshot.sequence}: was it renamed?")
        return snapshot

    def newest_valid(self) -> tuple[Snapshot | None, tuple[BadSnapshot, ...]]:
        """The newest snapshot that verifies, and the newer ones that do not. Changes nothing."""
        bad: list[BadSnapshot] = []
        for sequence in self.sequences():
            try:
                return self.read(sequence), tuple(bad)
            except (SnapshotCorrupt, FormatTooNew, DiskFailed) as error:
                bad.append(BadSnapshot(_file_name(sequence), str(error)))
        return None, tuple(bad)

    def _write_unfinished(self, path: str, data: bytes) -> None:
        file = self._disk.open(path, create=True)
        try:
            file.truncate(0)
            file.write(0, data)
            file.sync()
            if file.read(0, len(data) + 1) != data:
                raise SnapshotCorrupt(f"{path} does not read back as it was written: check the disk")
        except OSError:
            with suppress(OSError):
                self._disk.remove(path)
            raise
        finally:
            file.close()

    def _drop_unfinished(self) -> None:
        """What writers left that were killed."""
        for name in self._disk.names(self._folder):
            if name.endswith(_UNFINISHED_SUFFIX):
                self._disk.remove(f"{self._folder}/{name}")

    def _drop_old(self) -> None:
        """Also what earlier writers did not finish, as they were killed."""
        for name in self._disk.names(self._folder):
            if name.endswith(_UNFINISHED_SUFFIX):
                self._disk.remove(f"{self._folder}/{name}")
        valid = 0
        for sequence in self.sequences():
            if valid >= self._keep:
                self._disk.remove(f"{self._folder}/{_file_name(sequence)}")
            elif self._is_valid(sequence):
                valid += 1

    def _is_valid(self, sequence: int) -> bool:
        try:
            self.read(sequence)
        except (SnapshotCorrupt, FormatTooNew, DiskFailed):
            return False
        return True


def pack_snapshot(snapshot: Snapshot) -> bytes:
    """The whole file."""
    assert len(snapshot.state_hash) == STATE_HASH_BYTES
    fields = _FIELDS.pack(
        SNAPSHOT_MAGIC,
        FORMAT_VERSION,
        MIN_READER_VERSION,
        0,
        snapshot.sequence,
        snapshot.time_ns,
        len(snapshot.engine),
        len(snapshot.views),
        snapshot.state_hash,
    )
    data = b"".join((fields, snapshot.engine, snapshot.views))
    return data + blake2b(data, digest_size=CHECKSUM_BYTES).digest()


def parse_snapshot(data: bytes, name: str) -> Snapshot:
    """SnapshotCorrupt if any byte changed or is missing; FormatTooNew if this version must not read it."""
    end = len(data) - CHECKSUM_BYTES
    if end < _FIELDS.size or blake2b(memoryview(data)[:end], digest_size=CHECKSUM_BYTES).digest() != data[end:]:
        raise SnapshotCorrupt(f"{name} does not verify")
    magic, _, min_reader, _, sequence, time_ns, engine_length, views_length, state_hash = _FIELDS.unpack_from(data)
    if min_reader > FORMAT_VERSION:
        raise FormatTooNew(f"{name} wants a reader of format {min_reader}: start the version that wrote it")
    views_at = _FIELDS.size + engine_length
    if magic != SNAPSHOT_MAGIC or views_at + views_length != end:
        raise SnapshotCorrupt(f"{name} is not a snapshot")
    return Snapshot(sequence, time_ns, state_hash, data[_FIELDS.size : views_at], data[views_at:end])


def _file_name(sequence: int) -> str:
    return f"snap-{sequence:016x}.mxs"
