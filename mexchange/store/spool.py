"""The events spool: what the engine said, kept until the projector has made rows of it.

    events/events-FIRST.mxe     entries, one a frame:

    magic 4 | crc32 u32 | records u32 | definitions u32 (bytes) | count u32 | 0 u32 | first_sequence u64 | time_ns i64
    | journal digest 16 | records | definitions

Derived, so never synced: after a crash of the machine a checksum tells what is left of it. It is bounded: beyond that
the oldest segment goes. Whoever finds that something is missing here makes it again from the journal, so that neither
a full disk nor a slow reader is anybody's problem but the reader's.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from zlib import crc32

import msgspec

from mexchange.world.disk import Disk, File

SPOOL_FOLDER: Final = "events"
SEGMENT_BYTES: Final = 16 << 20
SPOOL_BYTES_MAX: Final = 1 << 30
READ_BYTES: Final = 4 << 20
"""Looked at in one go, unless one entry is larger."""

_MAGIC: Final = b"MXE1"
_FIELDS: Final = struct.Struct("<4sIIIIIQq16s")
_CHECKED_AT: Final = 8
_NAME: Final = re.compile(r"events-([0-9a-f]{16})\.mxe")


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One durable frame: what came out of it."""

    first_sequence: int
    count: int
    time_ns: int
    digest: bytes
    """Of the journal's frame, 16 bytes."""
    records: bytes
    definitions: bytes = b""
    """Blocks that define the assets and markets that changed in it; empty if none did."""

    @property
    def last_sequence(self) -> int:
        """Of its last command."""
        return self.first_sequence + self.count - 1


class SpoolWriter:
    """The only writer of the folder. One thread. OSError passes; the spool can be written to again after it."""

    def __init__(
        self,
        disk: Disk,
        folder: str = SPOOL_FOLDER,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        bytes_max: int = SPOOL_BYTES_MAX,
    ) -> None:
        """Goes on behind the last whole entry that an earlier writer left."""
        assert 0 < segment_bytes <= bytes_max
        self._disk = disk
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._segments_max = bytes_max // segment_bytes
        self._file: File | None = None
        self._end = 0
        self.last: Entry | None = None
        """The newest entry here; what is appended must follow it."""
        disk.make_folder(folder)
        self._reopen()

    def append(self, entry: Entry) -> None:
        """Add the entry. Behind a gap the next segment begins; what stands at or above its sequence is dropped."""
        if self.last is not None and entry.first_sequence <= self.last.last_sequence:
            self.clear()
        elif self.last is not None and entry.first_sequence != self.last.last_sequence + 1:
            self.close()
        data = pack_entry(entry)
        if self._file is None or self._end + len(data) > self._segment_bytes:
            self._begin(entry.first_sequence)
        assert self._file is not None
        try:
            self._file.write(self._end, data)
        except OSError:
            self._give_up(entry.first_sequence)
            raise
        self._end += len(data)
        self.last = entry

    def clear(self) -> None:
        """Forget everything."""
        self.close()
        for first in segment_starts(self._disk, self._folder):
            self._disk.remove(_path(self._folder, first))

    def close(self) -> None:
        """Let go of the file. What is appended after that begins a segment of its own."""
        if self._file is not None:
            self._file.close()
        self._file, self._end, self.last = None, 0, None

    def _reopen(self) -> None:
        starts = segment_starts(self._disk, self._folder)
        for first in reversed(starts):
            file = self._disk.open(_path(self._folder, first))
            end = 0
            for entry, after in _entries(file, 0, first):
                self.last, end = entry, after
            if self.last is not None:
                file.truncate(end)
                self._file, self._end = file, end
                return
            file.close()
            self._disk.remove(_path(self._folder, first))

    def _give_up(self, first_sequence: int) -> None:
        """This entry will be missing; leave no empty segment for each one that does not fit on the disk."""
        is_empty = self._end == 0
        self.close()
        if is_empty:
            with suppress(OSError):
                self._disk.remove(_path(self._folder, first_sequence))

    def _begin(self, first_sequence: int) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        starts = segment_starts(self._disk, self._folder)
        for old in starts[: max(0, len(starts) + 1 - self._segments_max)]:
            with suppress(FileNotFoundError):  # the reader was done with it
                self._disk.remove(_path(self._folder, old))
        self._file = self._disk.open(_path(self._folder, first_sequence), create=True)
        self._file.truncate(0)
        self._end = 0


class Gap(Exception):
    """The entries from `expected` on are not here; those from `first` on are, 0: nothing is."""

    def __init__(self, expected: int, first: int) -> None:
        super().__init__(f"the spool begins at sequence {first}, but {expected} is next")
        self.first = first


class SpoolReader:
    """Follows a writer, in this process or another."""

    def __init__(self, disk: Disk, next_sequence: int, folder: str = SPOOL_FOLDER) -> None:
        self._disk = disk
        self._folder = folder
        self._next = next_sequence
        self._segment: int | None = None
        self._file: File | None = None
        self._offset = 0

    def first_sequence(self) -> int:
        """Of the oldest entry here; 0 if there is none."""
        starts = segment_starts(self._disk, self._folder)
        return starts[0] if starts else 0

    def read(self) -> list[Entry]:
        """Some entries that follow those read before, none if there are none yet. Raises Gap, OSError."""
        while True:
            if self._file is None and not self._open():
                return []
            assert self._file is not None
            found = []
            for entry, after in _entries(self._file, self._offset, self._next, READ_BYTES):
                found.append(entry)
                self._next, self._offset = entry.last_sequence + 1, after
            if found or not self._is_over():
                return found
            self.close()

    def has(self, sequence: int, digest: bytes) -> bool:
        """Is there an entry that ends with this command, made of the journal's frame with this digest."""
        starts = [first for first in segment_starts(self._disk, self._folder) if first <= sequence]
        if not starts:
            return False
        try:
            file = self._disk.open(_path(self._folder, starts[-1]))
        except FileNotFoundError:
            return False
        try:
            found = (entry for entry, _ in _entries(file, 0, starts[-1]) if entry.last_sequence == sequence)
            return any(entry.digest == digest for entry in found)
        finally:
            file.close()

    def drop_read(self) -> None:
        """Remove the segments before the one in use: what they hold is in the database."""
        for first in segment_starts(self._disk, self._folder):
            if self._segment is not None and first < self._segment:
                with suppress(FileNotFoundError):  # it was too old to be kept
                    self._disk.remove(_path(self._folder, first))

    def close(self) -> None:
        """Let go of the file; `read` goes on where it was."""
        if self._file is not None:
            self._file.close()
        self._file, self._segment, self._offset = None, None, 0

    def _open(self) -> bool:
        """Open the segment with the next entry. False: it is not written yet."""
        starts = segment_starts(self._disk, self._folder)
        if not starts:
            return False
        if starts[0] > self._next:
            raise Gap(self._next, starts[0])
        self._segment = max(first for first in starts if first <= self._next)
        try:
            self._file = self._disk.open(_path(self._folder, self._segment))
        except FileNotFoundError:  # too old to be kept, since we looked
            return self._open()
        self._offset = 0
        for entry, after in _entries(self._file, 0, self._segment):
            if entry.last_sequence >= self._next:
                break
            self._offset = after
        return True

    def _is_over(self) -> bool:
        """Nothing more will come in this segment: there is a later one. Raises Gap if that does not follow."""
        assert self._segment is not None
        later = [first for first in segment_starts(self._disk, self._folder) if first > self._segment]
        if not later:
            # The writer may have dropped everything and begun anew.
            if not self._disk.exists(_path(self._folder, self._segment)):
                self.close()
                raise Gap(self._next, self.first_sequence())
            return False
        assert self._file is not None
        if any(True for _ in _entries(self._file, self._offset, self._next)):
            return False  # written between two looks
        if later[0] != self._next:
            raise Gap(self._next, later[0])
        return True


def segment_starts(disk: Disk, folder: str = SPOOL_FOLDER) -> list[int]:
    """First sequences of the segments, ascending."""
    return [int(match[1], 16) for match in map(_NAME.fullmatch, disk.names(folder)) if match]


def size_bytes(disk: Disk, folder: str = SPOOL_FOLDER) -> int:
    """What the spool takes on the disk, nearly: a segment that goes meanwhile is not counted."""
    total = 0
    for first in segment_starts(disk, folder):
        with suppress(FileNotFoundError):
            file = disk.open(_path(folder, first))
            total += file.size()
            file.close()
    return total


def pack_entry(entry: Entry) -> bytes:
    """Its bytes in the file."""
    fields = _FIELDS.pack(
        _MAGIC,
        0,
        len(entry.records),
        len(entry.definitions),
        entry.count,
        0,
        entry.first_sequence,
        entry.time_ns,
        entry.digest,
    )
    checked = b"".join((fields[_CHECKED_AT:], entry.records, entry.definitions))
    return b"".join((_MAGIC, crc32(checked).to_bytes(4, "little"), checked))


def _entries(file: File, offset: int, first_sequence: int, bytes_max: int | None = None) -> Iterator[tuple[Entry, int]]:
    """(entry, offset behind it) from `offset` on, while they are whole and follow each other.

    The first has that sequence. Those within `bytes_max` bytes, but at least one; all of them without.
    """
    position = 0
    data = file.read(offset, bytes_max if bytes_max is not None else max(0, file.size() - offset))
    if bytes_max is not None and _claimed_bytes(data) > len(data):
        data = file.read(offset, _claimed_bytes(data))
    while (parsed := _parse(data, position)) is not None:
        entry, position = parsed
        if entry.first_sequence != first_sequence:
            return
        first_sequence = entry.last_sequence + 1
        yield entry, offset + position


def _claimed_bytes(data: bytes) -> int:
    """Size of the first entry, as its unverified header says."""
    if len(data) < _FIELDS.size or data[: len(_MAGIC)] != _MAGIC:
        return 0
    _, _, records, definitions, *_ = _FIELDS.unpack_from(data)
    return int(_FIELDS.size + records + definitions)


def _parse(data: bytes, position: int) -> tuple[Entry, int] | None:
    body_at = position + _FIELDS.size
    if body_at > len(data):
        return None
    magic, checksum, records, definitions, count, _, first, time_ns, digest = _FIELDS.unpack_from(data, position)
    end = body_at + records + definitions
    if magic != _MAGIC or end > len(data) or crc32(memoryview(data)[position + _CHECKED_AT : end]) != checksum:
        return None
    middle = body_at + records
    return Entry(first, count, time_ns, digest, data[body_at:middle], data[middle:end]), end


def _path(folder: str, first_sequence: int) -> str:
    return f"{folder}/events-{first_sequence:016x}.mxe"
