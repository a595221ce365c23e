"""Closed segments, compressed: they are kept for ever and mostly text-like.

    magic 8 | raw length u64 | BLAKE2b-128 of what follows | zlib stream

The compressed twin is verified and durable before the raw segment goes; whoever finds both takes the raw one.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import chain
from typing import Final

from mexchange.store.errors import JournalCorrupt, disk_errors
from mexchange.store.frame import DIGEST_BYTES
from mexchange.store.segment import RESTORE, SegmentName, read_file
from mexchange.world.disk import Disk, File

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
    """Replace the raw segment by its compressed twin and return the twin's size. DiskFull leaves the raw one.

    Works in pieces, so that it takes little memory and keeps no other thread waiting.
    """
    twin = SegmentName(name.number, name.first_sequence, is_compressed=True)
    path, raw_path, unfinished = f"{folder}/{twin}", f"{folder}/{name}", f"{folder}/{twin}.tmp"
    with disk_errors(f"compressing {name}"):
        raw = disk.open(raw_path)
        file = disk.open(unfinished, create=True)
        try:
            size = _pack(raw, file)
            file.sync()
            if not _is_twin(file, raw):
                disk.remove(unfinished)
                raise JournalCorrupt(f"{unfinished} does not read back as it was written; the raw segment stays")
        except OSError:
            with suppress(OSError):
                disk.remove(unfinished)
            raise
        finally:
            file.close()
            raw.close()
        disk.rename(unfinished, path)
        disk.sync_folder(folder)
        disk.remove(raw_path)
        disk.sync_folder(folder)
    return size


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


def _pack(raw: File, file: File) -> int:
    """Write the whole compressed file; its size."""
    packer, digest, end = zlib.compressobj(LEVEL), blake2b(digest_size=DIGEST_BYTES), _HEADER_BYTES
    file.truncate(0)
    for piece in chain(map(packer.compress, _pieces(raw)), map(packer.flush, (zlib.Z_FINISH,))):
        file.write(end, piece)
        digest.update(piece)
        end += len(piece)
    file.write(0, _FIELDS.pack(COMPRESSED_MAGIC, raw.size()) + digest.digest())
    return end


def _is_twin(file: File, raw: File) -> bool:
    """Does the compressed file verify, and unpack to the raw one."""
    digest, found, wanted = blake2b(digest_size=DIGEST_BYTES), blake2b(), blake2b()
    for piece in _pieces(file, _HEADER_BYTES):
        digest.update(piece)
    header = _FIELDS.pack(COMPRESSED_MAGIC, raw.size()) + digest.digest()
    if file.read(0, _HEADER_BYTES) != header:
        return False
    for piece in _unpack(file):
        found.update(piece)
    for piece in _pieces(raw):
        wanted.update(piece)
    return found.digest() == wanted.digest()


def _unpack(file: File) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for piece in _pieces(file, _HEADER_BYTES):
        yield unpacker.decompress(piece, CHUNK_BYTES)
        while unpacker.unconsumed_tail:
            yield unpacker.decompress(unpacker.unconsumed_tail, CHUNK_BYTES)
    yield unpacker.flush()


def _pieces(file: File, offset: int = 0) -> Iterator[bytes]:
    while piece := file.read(offset, CHUNK_BYTES):
        yield piece
        offset += len(piece)
