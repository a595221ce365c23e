"""Commands with one field at an edge of what its type on the wire can carry, and blocks with some bytes changed."""

import random
from typing import Final

import msgspec

from mexchange.codec import Unencodable, encode
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import Command

EDGES: Final = sorted(
    {
        sign * (2**power + step)
        for power in (0, 7, 8, 16, 31, 32, 47, 48, 61, 62, 63, 64)
        for step in (-1, 0, 1)
        for sign in (1, -1)
    }
    | {0, 2, 3, 4, 5, 9, 10, 255, 256, 1_000_000, 1_000_001, 10**18}
)
BYTES: Final = [NO_ID, b"\xff" * 16, b"\x1f" + b"\xff" * 15, b"\0" * 15 + b"\1", b" " * 16, b"ok".ljust(16, b"\0")]
TEXTS: Final = ["", "A", "Z" * 10, "Z" * 11, "ä", "\0", "A\0", "a", "🙂", "X" * 1_000]


def bent(command: Command) -> list[bytes]:
    """Blocks of the command with one field at a time at each edge that fits."""
    blocks = []
    for name in command.__struct_fields__:
        for edge in _edges_of(getattr(command, name)):
            try:
                blocks.append(encode(msgspec.structs.replace(command, **{name: edge})))
            except Unencodable:
                continue
    return blocks


def bent_at_random(rng: random.Random, command: Command) -> Command:
    """The command with one field at an edge; as it is if that does not fit."""
    if not command.__struct_fields__:
        return command
    name = rng.choice(command.__struct_fields__)
    other: Command = msgspec.structs.replace(command, **{name: rng.choice(_edges_of(getattr(command, name)))})
    try:
        encode(other)
    except Unencodable:
        return command
    return other


def _edges_of(value: object) -> list[object]:
    if isinstance(value, bytes):
        return list(BYTES)
    return list(TEXTS) if isinstance(value, str) else list(EDGES)


def mutated(rng: random.Random, block: bytes) -> bytes:
    """Some bytes of the block changed, or its end cut off, or zeros behind it; mostly with a length that fits."""
    data = bytearray(block)
    match rng.randrange(8):
        case 0:
            del data[rng.randrange(len(data)) :]
        case 1:
            data += bytes(8 * rng.randint(1, 3))
            data[:2] = (len(data) - 8).to_bytes(2, "little")
        case 2 if len(data) > 16:
            del data[-8 * rng.randint(1, (len(data) - 8) // 8) :]
            data[:2] = (len(data) - 8).to_bytes(2, "little")
        case _:
            for _ in range(rng.randint(1, 3)):
                place = rng.randrange(len(data)) if rng.random() < 0.1 else rng.randrange(8, len(data))
                data[place] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, data[place] ^ 1 << rng.randrange(8)))
    return bytes(data)


def mutated_payload(rng: random.Random, block: bytes) -> bytes:
    """Some bytes of the payload changed: still one block, as `query` demands."""
    data = bytearray(block)
    for _ in range(rng.randint(1, 3)):
        data[rng.randrange(8, len(data))] = rng.randrange(256)
    return bytes(data)
