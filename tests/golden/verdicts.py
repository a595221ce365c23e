"""Makes the golden verdicts: what ingress makes of command payloads laid out in every way, good and broken.

    python -m tests.golden.verdicts

A line is a message type, a payload in hex, and the canonical block in hex or `malformed`. Run once, then never, as
make.py: both codecs must judge these bytes so for ever.
"""

import random
from pathlib import Path
from typing import Any, Final

from flatbuffers import Builder

from mexchange.codec import Malformed
from mexchange.codec._generated import MESSAGES, STRUCTS, TABLES, MessageType
from mexchange.codec.canonical import canonical
from mexchange.codec.commands import COMMAND_TYPES
from mexchange.codec.layout import Field, Kind
from mexchange.codec.table_writer import _table

VERDICTS: Final = Path(__file__).parent / "verdicts.txt"
MALFORMED: Final = "malformed"
SEED: Final = 20_261_124
PER_TYPE: Final = 24
ACCOUNT, ACTOR, CORRELATION = 99, 98, 7
_BITS: Final = {"b": 8, "B": 8, "H": 16, "I": 32, "q": 64, "Q": 64}


def verdict(message_type: int, payload: bytes) -> str:
    """Of the codec in Python."""
    try:
        block, _, _ = canonical(message_type, CORRELATION, payload, account=ACCOUNT, actor=ACTOR)
    except Malformed:
        return MALFORMED
    return block.hex()


def read_verdicts() -> list[tuple[int, bytes, str]]:
    """Message type, payload, verdict."""
    rows = [line.split() for line in VERDICTS.read_text().splitlines()]
    return [(int(number), bytes.fromhex(payload.strip("-")), said) for number, payload, said in rows]


def payload_at_random(rng: random.Random, name: str) -> bytes:
    """A table with any values, its fields in any order, defaults written or left out."""
    layout = TABLES[name]
    order = list(layout.write_order)
    rng.shuffle(order)
    builder = Builder(0)
    builder.ForceDefaults(rng.random() < 0.5)
    values = [value_at_random(rng, field) for field in layout.fields]
    builder.Finish(_table(builder, layout._replace(write_order=tuple(order)), values))
    return bytes(builder.Output())


def value_at_random(rng: random.Random, field: Field) -> Any:
    match field.kind:
        case Kind.SCALAR:
            bits = _BITS[field.of]
            low, high = (0, 2**bits - 1) if field.of.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
            return rng.choice([low, high, field.default, rng.randint(low, high)])
        case Kind.STRUCT:
            return rng.randbytes(field.size)
        case Kind.STRING:
            return "".join(rng.choice("AZ09äż€😀") for _ in range(rng.randrange(12)))
        case _:
            return rng.randbytes(STRUCTS[field.of].size * rng.randrange(3))


def broken(rng: random.Random, payload: bytes) -> bytes:
    """The same with a few bytes changed, cut out or put in, mostly where offsets are."""
    data = bytearray(payload)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(min(len(data), rng.choice([24, 64, len(data)])))
        match rng.randrange(5):
            case 0 | 1:
                data[at] ^= 1 << rng.randrange(8)
            case 2:
                data[at] = rng.choice([0, 1, 2, 4, 8, 12, 16, 255])
            case 3:
                data[at:at] = rng.randbytes(rng.choice([1, 4, 8]))
            case _:
                del data[at + 4 :]
        if not data:
            break
    return bytes(data)


def main() -> None:
    """Write the file, unless it is there."""
    rng = random.Random(SEED)
    lines = []
    for number in sorted(COMMAND_TYPES):
        for turn in range(PER_TYPE):
            payload = payload_at_random(rng, MESSAGES[MessageType(number)])
            payload = broken(rng, payload) if turn % 3 else payload
            lines.append(f"{int(number)} {payload.hex() or '-'} {verdict(number, payload)}\n")
    with VERDICTS.open("x") as file:
        file.writelines(lines)


if __name__ == "__main__":
    main()
