"""Walk everything that is stored and say what is there: for `mx daemon verify`. Changes nothing.

A writer may be at work: then the report is that of some moment.
"""

from typing import Final

import msgspec

from mexchange.store.compression import load_segment
from mexchange.store.errors import StoreError
from mexchange.store.frame import Frame, FrameType
from mexchange.store.journal import JOURNAL_FOLDER
from mexchange.store.reader import read_whole_segments
from mexchange.store.segment import parse_segment_header, segment_names
from mexchange.store.snapshots import SNAPSHOTS_FOLDER, Snapshots
from mexchange.store.tail import find_tail
from mexchange.world.disk import Disk

TORN_SUFFIX: Final = ".torn"


class JournalReport(msgspec.Struct):
    """What stands in a journal, up to `problem` if there is one."""

    segments: int = 0
    compressed_segments: int = 0
    size_bytes: int = 0
    """All files of the folder."""
    frames: int = 0
    commands: int = 0
    first_sequence: int = 0
    """0 if there are no commands. More than 1: the front was pruned."""
    last_sequence: int = 0
    first_time_ns: int = 0
    last_time_ns: int = 0
    epochs: int = 0
    """Times that a writer opened it."""
    skipped: list[int] = []
    features: list[int] = []
    digest: bytes = b""
    """Of the last frame: equal digests mean equal journals. Empty if the walk stopped."""
    is_closed: bool = False
    """The last writer stopped cleanly."""
    unfinished_bytes: int = 0
    """A torn write at the end, which the next start puts aside."""
    torn_files: list[str] = []
    """What earlier starts put aside."""
    problem: str | None = None
    """Why the walk stopped."""


class SnapshotReport(msgspec.Struct, frozen=True):
    """One snapshot file."""

    sequence: int
    size_bytes: int = 0
    state_hash: bytes = b""
    problem: str | None = None


def verify_journal(disk: Disk, folder: str = JOURNAL_FOLDER) -> JournalReport:
    """Every digest, every link, every sequence. DiskFailed if it cannot be read; damage is reported, not raised."""
    report = JournalReport(torn_files=[name for name in disk.names(folder) if name.endswith(TORN_SUFFIX)])
    report.size_bytes = sum(_size_of(disk, f"{folder}/{name}") for name in disk.names(folder))
    try:
        names = segment_names(disk, folder)
        report.segments = len(names)
        report.compressed_segments = sum(name.is_compressed for name in names)
        if names:
            for frame in read_whole_segments(disk, folder, from_sequence=names[0].first_sequence):
                _count(report, frame)
            _look_at_the_tail(report, disk, folder)
    except StoreError as error:
        report.problem = str(error)
    return report


def verify_snapshots(disk: Disk, folder: str = SNAPSHOTS_FOLDER) -> list[SnapshotReport]:
    """All snapshots, newest first. Says nothing of their meaning: the engine compares the state hash."""
    snapshots = Snapshots(disk, folder)
    reports = []
    for sequence in snapshots.sequences():
        try:
            snapshot = snapshots.read(sequence)
        except StoreError as error:
            reports.append(SnapshotReport(sequence, problem=str(error)))
        else:
            size = len(snapshot.engine) + len(snapshot.views)
            reports.append(SnapshotReport(sequence, size, snapshot.state_hash))
    return reports


def _count(report: JournalReport, frame: Frame) -> None:
    report.frames += frame.type is not FrameType.SEAL
    report.is_closed = frame.type is FrameType.CLOSED
    report.last_time_ns = frame.time_ns
    number = int.from_bytes(frame.body[:8], "little")
    match frame.type:
        case FrameType.COMMANDS:
            if report.commands == 0:
                report.first_sequence, report.first_time_ns = frame.first_sequence, frame.time_ns
            report.commands += frame.count
            report.last_sequence = frame.next_sequence - 1
        case FrameType.EPOCH:
            report.epochs += 1
        case FrameType.SKIP:
            report.skipped.append(number)
        case FrameType.FEATURE:
            report.features.append(number)
        case FrameType.SEAL | FrameType.CLOSED:
            pass


def _look_at_the_tail(report: JournalReport, disk: Disk, folder: str) -> None:
    name = segment_names(disk, folder)[-1]
    data = load_segment(disk, folder, name)
    tail = find_tail(data, parse_segment_header(data, name), name)
    report.digest = tail.link.digest
    report.unfinished_bytes = tail.torn_to - tail.torn_from


def _size_of(disk: Disk, path: str) -> int:
    try:
        file = disk.open(path)
    except FileNotFoundError:  # renamed or compressed since the folder was listed
        return 0
    size = file.size()
    file.close()
    return size
