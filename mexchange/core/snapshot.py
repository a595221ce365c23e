"""State to canonical bytes, back, and their hash: equal states are equal bytes, in every engine."""

from hashlib import blake2b

from mexchange.core.snapshot_reader import BadSnapshot, load
from mexchange.core.snapshot_writer import dump

__all__ = ["BadSnapshot", "dump", "hash_of", "load"]


def hash_of(snapshot: bytes) -> bytes:
    """BLAKE2b-256 of a snapshot's bytes: the state hash."""
    return blake2b(snapshot, digest_size=32).digest()
