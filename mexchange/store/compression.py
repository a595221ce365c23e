"""Closed segments, compressed: they are kept for ever and mostly text-like.

    magic 8 | raw length u64 | BLAKE2b-128 of what follows | zlib stream

The compressed twin is verified and durable before the raw segment goes; whoever finds both takes the raw one.
"""

import struct
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from mexchange.store.errors import JournalCorrupt, disk_errors
from mexchange.store.frame import DIGEST_BYTES
from mexchange.store.segment import RESTORE, SegmentName, read_file
from mexchange.world.disk import Disk

COMPRESSED_MAGIC: Final = b"MXJZLIB1"
LEVEL: Final = 6
CHUNK_BYTES: Final = 1 << 20
RAW_BYTES_MAX: Final = 1 << 30

_FIELDS: Final = struct.Struct("<8sQ")
_HEADER_BYTES: Final = _FIELDS.size + DIGEST_BYTES


def load_segment(disk: Disk, folder: str, name: SegmentName) -> bytes:
    """The segment as it was written, raw or compressed. JournalCorrupt, DiskFailed."""
    try:
        data = read_file(disk, f"{folder}/{name}")
    except FileNotFoundError:  # compressed since the folder was listed
        name = SegmentName(name.number, name.first_sequence, is_compressed=True)
        data = read_file(disk, f"{folder}/{name}")
    return decompress(data, name) if name.is_compressed else data


def compress_segment(disk: Disk, folder: str, name: SegmentName) -> int:
    """Replace the raw segment by its compressed twin and return the twin's size. DiskFull leaves the raw one."""
    twin = SegmentName(name.number, name.first_sequence, is_compressed=True)
    path, raw_path, unfinished = f"{folder}/{twin}", f"{folder}/{name}", f"{folder}/{twin}.tmp"
    raw = read_file(disk, raw_path)
    packed = compress(raw)
    with disk_errors(f"compressing {name}"):
        file = disk.open(unfinished, create=True)
        try:
            file.write(0, packed)
            file.truncate(len(packed))
            file.sync()
        except OSError:
            disk.remove(unfinished)
            raise
        finally:
            file.close()
        if decompress(read_file(disk, unfinished), twin) != raw:
            raise JournalCorrupt(f"{unfinished} does not read back as it was written; the raw segment stays")
        disk.rename(unfinished, path)
        disk.sync_folder(folder)
        disk.remove(raw_path)
        disk.sync_folder(folder)
    return len(packed)


def compress(raw: bytes) -> bytes:
    """The whole compressed file for a raw segment."""
    stream = b"".join(_deflate(raw))
    return _FIELDS.pack(COMPRESSED_MAGIC, len(raw)) + blake2b(stream, digest_size=DIGEST_BYTES).digest() + stream


def decompress(data: bytes, name: SegmentName) -> bytes:
    """The raw segment. JournalCorrupt if any byte changed."""
    if len(data) < _HEADER_BYTES:
        raise JournalCorrupt(f"{name} is cut short: {RESTORE}")
    magic, raw_length = _FIELDS.unpack_from(data)
    stream = memoryview(data)[_HEADER_BYTES:]
    digest = blake2b(stream, digest_size=DIGEST_BYTES).digest()
    if magic != COMPRESSED_MAGIC or raw_length > RAW_BYTES_MAX or digest != data[_FIELDS.size : _HEADER_BYTES]:
        raise JournalCorrupt(f"{name} does not verify: {RESTORE}")
    raw = zlib.decompress(stream, bufsize=max(1, raw_length))
    if len(raw) != raw_length:
        raise JournalCorrupt(f"{name} unpacks to {len(raw)} bytes instead of {raw_length}: {RESTORE}")
    return raw


def _deflate(raw: bytes) -> Iterator[bytes]:
    """In pieces, so that no call keeps other threads waiting for long."""
    packer = zlib.compressobj(LEVEL)
    view = memoryview(raw)
    for offset in range(0, len(raw), CHUNK_BYTES):
        yield packer.compress(view[offset : offset + CHUNK_BYTES])
    yield packer.flush()
