"""The end of the journal after a crash: what counts, and what was on its way.

There is never more than one frame between two syncs, so a power loss can leave at most one broken frame, with nothing
valid behind it. A broken place with a valid frame behind it is therefore not a torn write but a change of committed
bytes, and is never repaired. What is left open is one window: the last acknowledged frame rots, and its SEAL was lost
or being overwritten when the power went.
"""

from typing import Final

import msgspec

from mexchange.store.errors import JournalCorrupt, disk_errors
from mexchange.store.frame import FrameType, find_frame
from mexchange.store.segment import RESTORE, SEGMENT_HEADER_BYTES, Link, SegmentHeader, SegmentName, walk
from mexchange.world.disk import Disk, File

_ZEROS: Final = bytes(1 << 20)


class Tail(msgspec.Struct, frozen=True):
    """How a segment ends. Offsets are bytes in the file; `torn_from == torn_to` if nothing is torn."""

    position: int
    """Where the next frame goes; a SEAL may stand there."""
    link: Link
    last_type: FrameType | None
    torn_from: int
    torn_to: int


class Torn(msgspec.Struct, frozen=True):
    """What recovery put aside: an unfinished, never acknowledged write."""

    path: str
    size_bytes: int


def find_tail(data: bytes, header: SegmentHeader, name: SegmentName) -> Tail:
    """The end of the newest segment. JournalCorrupt if a valid frame stands behind the first broken place."""
    position, end, link, last_type = SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES, header.start, None
    for offset, frame, after in walk(data, header.start, name):
        end = offset + frame.size
        position = offset if frame.type is FrameType.SEAL else end
        link, last_type = after, frame.type
    return Tail(position, link, last_type, end, find_torn_end(data, end, link, name))


def find_torn_end(data: bytes, end: int, link: Link, name: SegmentName) -> int:
    """Where the bytes behind the last good one, `end`, turn to zeros. JournalCorrupt if a valid frame is among them."""
    torn_to = _written_to(data, end)
    if torn_to > end and (later := find_frame(data, end)) is not None:
        raise JournalCorrupt(
            f"{name} is damaged at byte {end}, and a valid frame follows at byte {later}: "
            f"committed commands from sequence {link.next_sequence} on changed on disk; {RESTORE}"
        )
    return torn_to


def _written_to(data: bytes, end: int) -> int:
    """Where the zeros at the end begin, at `end` at the earliest. By comparing chunks: a start waits for this."""
    high = len(data)
    while high > end:
        low = max(end, high - len(_ZEROS))
        chunk = data[low:high]
        if chunk != _ZEROS[: high - low]:
            return low + len(chunk.rstrip(b"\0"))
        high = low
    return end


def put_aside(disk: Disk, folder: str, file: File, name: SegmentName, tail: Tail) -> Torn | None:
    """Copy the torn bytes into a file of their own, then zero them in place. Space is needed for the copy alone."""
    size = tail.torn_to - tail.torn_from
    if size == 0:
        return None
    with disk_errors("putting a torn journal tail aside"):
        path = _free_path(disk, f"{folder}/{name}-{tail.torn_from}")
        aside = disk.open(path, create=True)
        try:
            aside.write(0, file.read(tail.torn_from, size))
            aside.sync()
        finally:
            aside.close()
        disk.sync_folder(folder)
        file.write(tail.torn_from, bytes(size))
        file.sync()
    return Torn(path, size)


def _free_path(disk: Disk, stem: str) -> str:
    number = 1
    while disk.exists(path := f"{stem}.{number}.torn"):
        number += 1
    return path
