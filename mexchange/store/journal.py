"""The journal: everything that the engine was told, in order, durable before anybody hears of it.

    append ─► sync ─► (nothing queued) seal      one frame between two syncs, never more: see tail.py
    open   ─► tail put aside ─► EPOCH            close ─► CLOSED

One thread at a time calls `append`, `sync`, `seal`; `prepare_next_segment` and `compress_closed` may run in another;
the properties may be read from any. The journal never looks into a body and owns no clock.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from mexchange.store.compression import compress_segment
from mexchange.store.errors import NO_SPACE, DiskFailed, DiskFull, JournalCorrupt, JournalFull, disk_errors
from mexchange.store.frame import BODY_BYTES_MAX, FRAME_HEADER_BYTES, Body, FrameType, frame_bytes, pack
from mexchange.store.segment import (
    RESTORE,
    SEGMENT_HEADER_BYTES,
    Link,
    SegmentHeader,
    SegmentName,
    parse_segment_header,
    read_file,
    segment_names,
)
from mexchange.store.spare import Spare
from mexchange.store.tail import Torn, find_tail, put_aside
from mexchange.world.disk import Disk, File

JOURNAL_FOLDER: Final = "journal"
SEGMENT_BYTES: Final = 64 << 20
SEAL_BYTES: Final = FRAME_HEADER_BYTES
SEGMENT_BYTES_MIN: Final = SEGMENT_HEADER_BYTES + 8 * FRAME_HEADER_BYTES
assert SEGMENT_HEADER_BYTES + frame_bytes(BODY_BYTES_MAX) + SEAL_BYTES < SEGMENT_BYTES


class Journal:
    """An open journal, the only writer of its folder. The caller holds the lock of the data folder.

    After DiskFailed every further call raises it again: a disk that failed once cannot be asked what it kept.
    """

    def __init__(
        self,
        disk: Disk,
        folder: str = JOURNAL_FOLDER,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        free_bytes_min: int = 0,
    ) -> None:
        """Open or create; the tail is recovered and an EPOCH is durable when this returns.

        With less than `free_bytes_min` left on the disk the journal calls itself nearly full.
        JournalCorrupt, FormatTooNew (nothing was changed then), DiskFull, DiskFailed.
        """
        assert segment_bytes >= SEGMENT_BYTES_MIN
        self._disk = disk
        self._folder = folder
        self._spare = Spare(disk, folder, segment_bytes, free_bytes_min=free_bytes_min)
        self._failure: DiskFailed | None = None
        self._in_flight = False
        self._is_closed = False
        self.appended_bytes = 0
        """Frames written since it was opened; it only grows."""
        self._files_lock = threading.Lock()
        self._last_torn: Torn | None = None
        self.was_closed_cleanly = True
        """The previous writer wrote CLOSED, or there was none."""
        with self._guard("opening the journal"):
            disk.make_folder(folder)
            self._spare.adopt()
            names = segment_names(disk, folder)
            if names:
                self._file, self._header, self._position, self._link = self._reopen(names[-1])
            else:
                self._file, self._header = self._begin_segment(SegmentHeader(1, segment_bytes, Link()))
                self._position, self._link = SEGMENT_HEADER_BYTES, self._header.start
        self._closed_bytes = {name.number: self._size_of(name) for name in names[:-1]}
        self._epoch = self._link.epoch + 1
        self._append_mark(FrameType.EPOCH)

    # What stands where.

    @property
    def next_sequence(self) -> int:
        """The sequence that the next command gets."""
        return self._link.next_sequence

    @property
    def time_ns(self) -> int:
        """Time of the last frame; the next one's must be greater."""
        return self._link.time_ns

    @property
    def epoch(self) -> int:
        """Grows by one at each opening."""
        return self._epoch

    @property
    def digest(self) -> bytes:
        """Of the last frame: 16 bytes that stand for the whole history."""
        return self._link.digest

    @property
    def torn(self) -> Torn | None:
        """The unfinished write that opening found and put aside."""
        return self._last_torn

    @property
    def is_nearly_full(self) -> bool:
        """Too little space: refuse what can wait, keep the rest of the room for cancels.

        As `prepare_next_segment` found it the last time; it falls back to False when that finds space again.
        """
        return self._spare.is_refused

    @property
    def needs_segment(self) -> bool:
        """`prepare_next_segment` has something to do, or to look at again."""
        return not self._spare.is_ready or self._spare.is_refused

    def has_room(self, body_bytes: int) -> bool:
        """An `append` of that size needs no further space on the disk."""
        return self._fits(frame_bytes(body_bytes)) or self._spare.is_ready

    def size_bytes(self) -> int:
        """What the journal takes on the disk: closed segments, the one in use, the spare."""
        spare = self._spare.size_bytes if self._spare.is_ready else 0
        return sum(self._closed_bytes.values()) + self._header.capacity_bytes + spare

    def written_bytes(self) -> int:
        """What it holds: closed segments as they lie on the disk, the one in use up to its last frame."""
        return sum(self._closed_bytes.values()) + self._position

    # Writing.

    def append(self, body: Body, *, count: int, first_sequence: int, time_ns: int) -> None:
        """Write one group commit of `count` commands; durable only after `sync`. Nothing else may be in flight.

        JournalFull: nothing was written and later calls may succeed. DiskFailed.
        """
        assert count > 0, count
        assert first_sequence == self._link.next_sequence, (first_sequence, self._link.next_sequence)
        assert time_ns > self._link.time_ns, (time_ns, self._link.time_ns)
        assert len(body) <= BODY_BYTES_MAX
        self._append(FrameType.COMMANDS, body, count=count, time_ns=time_ns)

    def sync(self) -> None:
        """What was appended is durable when this returns. DiskFailed."""
        self._sync(self._file)
        self._in_flight = False

    def seal(self) -> None:
        """Write the unsynced mark that nothing followed the last frame. Call it after a sync with nothing queued."""
        assert not self._in_flight
        frame, _ = self._pack(FrameType.SEAL, b"", 0, self._link.time_ns)
        with suppress(DiskFull), self._guard("sealing the journal"):
            self._file.write(self._position, frame)

    def close(self) -> None:
        """A clean stop: CLOSED is durable when this returns. Left out after a failure, or with a frame in flight."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            if self._failure is None and not self._in_flight:
                with suppress(DiskFull):
                    self._append_mark(FrameType.CLOSED)
        finally:
            self._file.close()

    def append_skip(self, sequence: int) -> None:
        """From now on no replay applies `sequence`. Durable when this returns."""
        assert 0 < sequence < self._link.next_sequence, sequence
        self._append_mark(FrameType.SKIP, sequence.to_bytes(8, "little"))

    def append_feature(self, number: int) -> None:
        """A change of behaviour is in force from the next sequence on. Durable when this returns."""
        self._append_mark(FrameType.FEATURE, number.to_bytes(8, "little"))

    # In the background.

    def prepare_next_segment(self) -> bool:
        """Zero-write the next segment unless that is done, and look at the space that is left. DiskFailed.

        False: there is no further segment, as the disk is full. To be called about once a second.
        """
        try:
            with self._guard("preparing the next journal segment"):
                self._spare.prepare()
        except DiskFull:
            return False
        return True

    def compress_closed(self) -> int:
        """Compress the oldest closed segment that is not; returns the bytes saved, 0 if there was none.

        DiskFull leaves the segment as it was.
        """
        with self._files_lock, self._guard("compressing a journal segment"):
            for name in segment_names(self._disk, self._folder):
                if name.number < self._header.number and not name.is_compressed:
                    before = self._closed_bytes[name.number]
                    self._closed_bytes[name.number] = compress_segment(self._disk, self._folder, name)
                    return before - self._closed_bytes[name.number]
        return 0

    # Below.

    @contextmanager
    def _guard(self, what: str) -> Iterator[None]:
        """Refuse after a failure, and remember a new one."""
        if self._failure is not None:
            raise DiskFailed(str(self._failure)) from self._failure
        try:
            with disk_errors(what):
                yield
        except DiskFailed as failure:
            self._failure = failure
            raise

    def _reopen(self, name: SegmentName) -> tuple[File, SegmentHeader, int, Link]:
        if name.is_compressed:
            raise JournalCorrupt(f"{name} is closed, but the segment after it is missing: {RESTORE}")
        path = f"{self._folder}/{name}"
        data = read_file(self._disk, path)
        header = parse_segment_header(data, name)
        tail = find_tail(data, header, name)
        file = self._disk.open(path)
        self._last_torn = put_aside(self._disk, self._folder, file, name, tail)
        if len(data) < header.capacity_bytes:
            file.write(len(data), bytes(header.capacity_bytes - len(data)))
            file.sync()
        self.was_closed_cleanly = tail.last_type is FrameType.CLOSED
        return file, header, tail.position, tail.link

    def _begin_segment(self, header: SegmentHeader) -> tuple[File, SegmentHeader]:
        file = self._spare.take()
        file.write(0, header.pack())
        self._sync(file)
        self._spare.rename(f"{self._folder}/{header.name}")
        return file, header

    def _sync(self, file: File) -> None:
        """No error of a sync can be waited out, not even that of a full disk: what it dropped is unknown."""
        try:
            with self._guard("syncing the journal"):
                file.sync()
        except DiskFull as error:
            self._failure = DiskFailed(str(error))
            raise self._failure from error

    def _fits(self, size: int) -> bool:
        return self._position + size + SEAL_BYTES <= self._header.capacity_bytes

    def _pack(self, type: FrameType, body: Body, count: int, time_ns: int) -> tuple[bytes, bytes]:  # noqa: A002
        link = self._link
        return pack(
            type,
            body,
            count=count,
            epoch=self._epoch,
            first_sequence=link.next_sequence,
            time_ns=time_ns,
            previous=link.digest,
        )

    def _append_mark(self, type: FrameType, body: bytes = b"") -> None:  # noqa: A002 - the field's name
        self._append(type, body, count=0, time_ns=self._link.time_ns)
        self.sync()

    def _append(self, type: FrameType, body: Body, *, count: int, time_ns: int) -> None:  # noqa: A002
        assert not self._in_flight, "sync first: two frames in flight could not be told from damage"
        with self._guard("writing the journal"):
            if not self._fits(frame_bytes(len(body))):
                self._next_segment()
            frame, digest = self._pack(type, body, count, time_ns)
            assert self._fits(len(frame)), "a frame must fit into an empty segment"
            self._write(frame)
        self._in_flight = True
        self._position += len(frame)
        self.appended_bytes += len(frame)
        self._link = Link(digest, self._link.next_sequence + count, self._epoch, time_ns)

    def _write(self, frame: bytes) -> None:
        """A file system that copies on write may lack space even here; the bytes are then written over later."""
        try:
            self._file.write(self._position, frame)
        except OSError as error:
            self._spare.is_refused |= error.errno in NO_SPACE
            raise

    def _next_segment(self) -> None:
        """Everything in the old segment is durable, its SEAL too, before the new one gets its name."""
        self._sync(self._file)
        header = SegmentHeader(self._header.number + 1, self._spare.size_bytes, self._link)
        try:
            file, header = self._begin_segment(header)
        except DiskFull as error:
            raise JournalFull(f"the journal has no room left: {error}") from error
        self._file.close()
        self._closed_bytes[self._header.number] = self._header.capacity_bytes
        self._file, self._header, self._position = file, header, SEGMENT_HEADER_BYTES

    def _size_of(self, name: SegmentName) -> int:
        file = self._disk.open(f"{self._folder}/{name}")
        size = file.size()
        file.close()
        return size
