"""Reading the journal back, from any sequence on, raw and compressed segments alike.

With a writer at work the reader sees some moment of the last segment, frames that are not yet synced included;
`until_sequence` keeps it away from those.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import msgspec

from mexchange.store.compression import load_segment
from mexchange.store.errors import JournalCorrupt, JournalGap
from mexchange.store.frame import Frame, FrameType, parse, peek
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.segment import (
    RESTORE,
    SEGMENT_HEADER_BYTES,
    Link,
    SegmentName,
    parse_segment_header,
    segment_names,
    walk,
)
from mexchange.store.tail import find_tail, find_torn_end
from mexchange.world.disk import Disk

LOOKS_MAX: Final = 10
"""At a tail that changes while it is read."""


class Feature(msgspec.Struct, frozen=True):
    """A change of behaviour, in force from `first_sequence` on."""

    first_sequence: int
    number: int


def read_frames(
    disk: Disk, folder: str = JOURNAL_FOLDER, *, from_sequence: int = 1, until_sequence: int | None = None
) -> Iterator[Frame]:
    """Every frame whose commands reach `from_sequence`, and the marks from there on, in order; the chain is verified.

    Ends with the journal, or with the frame that reaches `until_sequence`; what is being written behind it is not
    looked at. Unfinished bytes at the end are left out. JournalGap if the journal begins later; JournalCorrupt;
    FormatTooNew.
    """
    for frame in read_whole_segments(disk, folder, from_sequence=from_sequence):
        if until_sequence is not None and frame.next_sequence > until_sequence + 1:
            return
        if frame.next_sequence > from_sequence or (frame.count == 0 and frame.next_sequence == from_sequence):
            yield frame
        if frame.next_sequence - 1 == until_sequence:
            return


def read_whole_segments(disk: Disk, folder: str = JOURNAL_FOLDER, *, from_sequence: int = 1) -> Iterator[Frame]:
    """As `read_frames`, but from the beginning of the segment that holds `from_sequence`."""
    names = _names_from(disk, folder, from_sequence)
    link: Link | None = None
    end = 0
    for name in names:
        data = load_segment(disk, folder, name)
        header = parse_segment_header(data, name)
        if link is not None and header.start != link:
            raise JournalCorrupt(
                f"{name} does not continue the segment before it, of which nothing is valid from byte {end} on, "
                f"after sequence {link.next_sequence - 1}: {RESTORE}"
            )
        link, end = header.start, SEGMENT_HEADER_BYTES
        for offset, frame, after in walk(data, link, name):
            link, end = after, offset + frame.size
            yield frame
        if name is names[-1]:
            _check_end(disk, folder, name, data, end, link)


def read_marks(
    disk: Disk, folder: str = JOURNAL_FOLDER, *, from_sequence: int = 1
) -> tuple[frozenset[int], tuple[Feature, ...]]:
    """The skipped sequences and the features that stand in the journal from `from_sequence` on.

    Hops over the commands without verifying them: the replay that follows does.
    """
    skipped: set[int] = set()
    features: list[Feature] = []
    for name in _names_from(disk, folder, from_sequence):
        for frame in _marks(load_segment(disk, folder, name)):
            number = int.from_bytes(frame.body[:8], "little")
            if frame.type is FrameType.SKIP:
                skipped.add(number)
            elif frame.type is FrameType.FEATURE and frame.first_sequence >= from_sequence:
                features.append(feature_of(frame))
    return frozenset(skipped), tuple(features)


def feature_of(frame: Frame) -> Feature:
    """What a frame of type FEATURE says."""
    return Feature(frame.first_sequence, int.from_bytes(frame.body[:8], "little"))


def _check_end(disk: Disk, folder: str, name: SegmentName, data: bytes, end: int, link: Link) -> None:
    """JournalCorrupt if a valid frame stands behind the last good one, unless a writer is at work.

    A file that is read while it is written may show a later frame without an earlier one; looked at again, the earlier
    one has come.
    """
    try:
        find_torn_end(data, end, link, name)
        return
    except JournalCorrupt:
        again = load_segment(disk, folder, name)
        if again == data:
            raise
    for _ in range(LOOKS_MAX):
        with suppress(JournalCorrupt):
            find_tail(again, parse_segment_header(again, name), name)
            return
        again = load_segment(disk, folder, name)
    find_tail(again, parse_segment_header(again, name), name)


def _names_from(disk: Disk, folder: str, from_sequence: int) -> list[SegmentName]:
    """The segments from the last one that begins at or before `from_sequence`."""
    names = segment_names(disk, folder)
    if names and names[0].first_sequence > from_sequence:
        raise JournalGap(
            f"the journal begins at sequence {names[0].first_sequence}, but {from_sequence} is needed: "
            "bring back the pruned segments or a newer snapshot"
        )
    begin = max((i for i, name in enumerate(names) if name.first_sequence <= from_sequence), default=0)
    while begin > 0 and names[begin].first_sequence == from_sequence:
        begin -= 1  # marks at this very sequence may stand at the end of the segment before
    return names[begin:]


def _marks(data: bytes) -> Iterator[Frame]:
    offset = SEGMENT_HEADER_BYTES
    while (found := peek(data, offset)) is not None:
        code, size = found
        if code in (FrameType.SKIP, FrameType.FEATURE) and (frame := parse(data, offset)) is not None:
            yield frame
        offset += size
