"""A copy of the journal and the snapshots, taken while a writer may be at work.

Closed segments never change and are copied as they are. Of the one in use the copy gets the frames that are whole and
chained, and ends there, as if the power had gone then: a segment that is copied byte by byte while it is written may
hold a later frame without an earlier one, which a start must take for damage.
"""

from typing import Final

import msgspec

from mexchange.store.compression import load_segment
from mexchange.store.errors import JournalCorrupt, StoreError, disk_errors
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.segment import (
    SEGMENT_HEADER_BYTES,
    Link,
    SegmentName,
    parse_segment_header,
    read_file,
    segment_names,
    walk,
)
from mexchange.store.snapshots import KEEP_MIN, SNAPSHOTS_FOLDER, Snapshots
from mexchange.world.disk import Disk

LOOKS_MAX: Final = 10
"""At a journal in which a new segment begins while it is copied."""


class Copied(msgspec.Struct, frozen=True):
    """What a copy holds."""

    sequence: int
    """Of its last command."""
    digest: bytes
    """Of its last frame: what stands for the whole journal."""
    segments: int
    size_bytes: int


def copy_snapshots(source: Disk, target: Disk) -> list[int]:
    """The newest valid ones, verified; their sequences. To be called before `copy_journal`, which then reaches them."""
    snapshots, copies = Snapshots(source), Snapshots(target)
    copied: list[int] = []
    for sequence in snapshots.sequences()[:KEEP_MIN]:
        try:
            snapshot = snapshots.read(sequence)
        except (StoreError, FileNotFoundError):  # broken, or too old to be kept since we looked
            continue
        copies.write(snapshot)
        copied.append(sequence)
    target.make_folder(SNAPSHOTS_FOLDER)
    return copied


def copy_journal(source: Disk, target: Disk) -> Copied:
    """Every committed frame; a further call copies only what came since. JournalCorrupt, DiskFull, DiskFailed."""
    with disk_errors("copying the journal"):
        target.make_folder(JOURNAL_FOLDER)
        names: list[SegmentName] = []
        for _ in range(LOOKS_MAX):
            names = segment_names(source, JOURNAL_FOLDER)
            if not names:
                raise JournalCorrupt("there is no journal here")
            link, size = _copy_segments(source, target, names)
            if segment_names(source, JOURNAL_FOLDER)[-1].number == names[-1].number:
                break
        target.sync_folder(JOURNAL_FOLDER)
    return Copied(link.next_sequence - 1, link.digest, len(names), size)


def _copy_segments(source: Disk, target: Disk, names: list[SegmentName]) -> tuple[Link, int]:
    link: Link | None = None
    size = 0
    for name in names:
        data = load_segment(source, JOURNAL_FOLDER, name)
        raw_name = SegmentName(name.number, name.first_sequence)
        header = parse_segment_header(data, raw_name)
        if link is not None and header.start != link:
            raise JournalCorrupt(f"{name} does not continue the segment before it")
        link, end = header.start, SEGMENT_HEADER_BYTES
        for offset, frame, after in walk(data, link, raw_name):
            link, end = after, offset + frame.size
        size += _copy(source, target, name, data[:end])
    assert link is not None
    return link, size


def _copy(source: Disk, target: Disk, name: SegmentName, frames: bytes) -> int:
    """A compressed segment as it is; of another one what is written, since a start adds the zeros behind it."""
    path = f"{JOURNAL_FOLDER}/{name}"
    data = read_file(source, path) if name.is_compressed else frames
    if name.is_compressed:
        raw_path = f"{JOURNAL_FOLDER}/{SegmentName(name.number, name.first_sequence)}"
        if target.exists(raw_path):  # it was the one in use when we were here before
            target.remove(raw_path)
    if not target.exists(path) or not name.is_compressed:
        _write(target, path, data)
    return len(data)


def _write(disk: Disk, path: str, data: bytes) -> None:
    file = disk.open(path, create=True)
    try:
        file.truncate(0)
        file.write(0, data)
        file.sync()
    finally:
        file.close()
