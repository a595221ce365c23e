"""A segment of the journal: its name, its header, and the frames in it.

The header takes the first 512 bytes and is durable before the file gets its name. It carries where the chain stood
when the segment began, so that each segment can be verified alone and a missing one is noticed. Behind the last frame
there is an overwritable SEAL, or zeros.
"""

import re
import struct
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import Final

import msgspec

from mexchange.store.errors import FormatTooNew, JournalCorrupt, disk_errors
from mexchange.store.frame import DIGEST_BYTES, NO_DIGEST, Frame, FrameType, parse
from mexchange.world.disk import Disk

SEGMENT_MAGIC: Final = b"MXJOURNL"
FORMAT_VERSION: Final = 1
MIN_READER_VERSION: Final = 1
"""The oldest program version of the format that may read what this one writes."""
SEGMENT_HEADER_BYTES: Final = 512
SEGMENT_SUFFIX: Final = ".mxj"
COMPRESSED_SUFFIX: Final = ".mxj.z"

_FIELDS: Final = struct.Struct("<8sHHIQQQQq16s")
_CHECKSUM_AT: Final = SEGMENT_HEADER_BYTES - DIGEST_BYTES
_NAME: Final = re.compile(r"journal-(\d{8})-([0-9a-f]{16})(\.mxj|\.mxj\.z)")


class Link(msgspec.Struct, frozen=True, gc=False):
    """Where the chain stands: the digest of the last frame, and what the next one must agree with."""

    digest: bytes = NO_DIGEST
    next_sequence: int = 1
    epoch: int = 0
    time_ns: int = 0

    def after(self, frame: Frame) -> "Link":
        """The link that `frame`, chained to this one, leaves behind. JournalCorrupt if its numbers do not follow."""
        if frame.first_sequence != self.next_sequence:
            raise JournalCorrupt(f"sequence {frame.first_sequence} stands where {self.next_sequence} belongs")
        if frame.epoch < self.epoch or frame.time_ns < self.time_ns:
            raise JournalCorrupt(f"epoch or time goes back at sequence {frame.first_sequence}")
        if frame.type is FrameType.SEAL:
            return self
        return Link(frame.digest, frame.next_sequence, frame.epoch, frame.time_ns)


class SegmentName(msgspec.Struct, frozen=True, order=True):
    """What a file name says. Segments are numbered from 1; pruning removes from the front."""

    number: int
    first_sequence: int
    is_compressed: bool = False

    def __str__(self) -> str:
        suffix = COMPRESSED_SUFFIX if self.is_compressed else SEGMENT_SUFFIX
        return f"journal-{self.number:08d}-{self.first_sequence:016x}{suffix}"


class SegmentHeader(msgspec.Struct, frozen=True):
    """The first 512 bytes. `capacity_bytes` is the size of the file, this header included."""

    number: int
    capacity_bytes: int
    start: Link

    @property
    def name(self) -> SegmentName:
        return SegmentName(self.number, self.start.next_sequence)

    def pack(self) -> bytes:
        start = self.start
        fields = _FIELDS.pack(
            SEGMENT_MAGIC,
            FORMAT_VERSION,
            MIN_READER_VERSION,
            0,
            self.capacity_bytes,
            self.number,
            start.next_sequence,
            start.epoch,
            start.time_ns,
            start.digest,
        ).ljust(_CHECKSUM_AT, b"\0")
        return fields + blake2b(fields, digest_size=DIGEST_BYTES).digest()


def parse_segment_header(data: bytes, name: SegmentName) -> SegmentHeader:
    """JournalCorrupt unless the header verifies and agrees with the file's name."""
    head = data[:SEGMENT_HEADER_BYTES]
    if blake2b(head[:_CHECKSUM_AT], digest_size=DIGEST_BYTES).digest() != head[_CHECKSUM_AT:]:
        raise JournalCorrupt(f"the header of {name} does not verify: {RESTORE}")
    magic, _, min_reader, _, capacity, number, sequence, epoch, time_ns, digest = _FIELDS.unpack_from(head)
    if min_reader > FORMAT_VERSION:
        raise FormatTooNew(f"{name} wants a reader of format {min_reader}: start the version that wrote it")
    if magic != SEGMENT_MAGIC or (number, sequence) != (name.number, name.first_sequence):
        raise JournalCorrupt(f"{name} holds segment {number} from sequence {sequence}: was it renamed? {RESTORE}")
    return SegmentHeader(number, capacity, Link(digest, sequence, epoch, time_ns))


RESTORE: Final = "restore the journal folder from a backup or a standby; nothing was changed"


def segment_names(disk: Disk, folder: str) -> list[SegmentName]:
    """All segments in order, one name per number: a raw file hides its compressed twin. JournalCorrupt on a hole."""
    found: dict[int, SegmentName] = {}
    for file_name in disk.names(folder):
        if match := _NAME.fullmatch(file_name):
            name = SegmentName(int(match[1]), int(match[2], 16), match[3] == COMPRESSED_SUFFIX)
            other = found.setdefault(name.number, name)
            if other.first_sequence != name.first_sequence:
                raise JournalCorrupt(f"{other} and {name} have one number: {RESTORE}")
            if not name.is_compressed:
                found[name.number] = name
    names = sorted(found.values())
    for before, after in pairwise(names):
        if after.number != before.number + 1:
            raise JournalCorrupt(f"the segments between {before} and {after} are missing: {RESTORE}")
    return names


def read_file(disk: Disk, path: str) -> bytes:
    """The whole file. FileNotFoundError, DiskFailed."""
    file = disk.open(path)
    try:
        with disk_errors(f"reading {path}"):
            return file.read(0, file.size())
    finally:
        file.close()


def walk(data: bytes, start: Link, name: SegmentName) -> Iterator[tuple[int, Frame, Link]]:
    """(offset, frame, link after it) of each valid chained frame, until the first place that holds none.

    A SEAL is handed out too; it leaves the link alone and ends the walk, as whatever comes next replaces it.
    """
    offset, link = SEGMENT_HEADER_BYTES, start
    while (frame := parse(data, offset)) is not None and is_chained(frame, link):
        try:
            link = link.after(frame)
        except JournalCorrupt as error:
            raise JournalCorrupt(f"{name} at byte {offset}: {error}; {RESTORE}") from None
        yield offset, frame, link
        if frame.type is FrameType.SEAL:
            return
        offset += frame.size


def is_chained(frame: Frame, link: Link) -> bool:
    """Does `frame` follow the frame whose digest `link` holds."""
    return frame.previous == link.digest
