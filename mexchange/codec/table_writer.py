"""Cold tables, those with strings or several vectors, through the official FlatBuffers builder.

Everything is written, defaults too, in one order, so that equal messages are equal bytes.
"""

import struct
from collections.abc import Sequence
from typing import Any

from mexchange.codec._generated import STRUCTS, TABLES
from mexchange.codec.errors import Unencodable
from mexchange.codec.layout import Field, Kind, TableLayout
from mexchange.codec.table_reader import STRING_BYTES_MAX

_STRUCT_ALIGNMENT = 8


def write_table(name: str, values: Sequence[Any]) -> bytes:
    """The payload of a table from its values by slot, shaped as `table_reader.read_table` returns them.

    Raises Unencodable.
    """
    from flatbuffers import Builder  # late: many programs start without it

    builder = Builder(1024)
    builder.ForceDefaults(True)
    try:
        builder.Finish(_table(builder, TABLES[name], values))
    except (TypeError, struct.error, UnicodeEncodeError) as error:
        raise Unencodable(f"{name}: {error}") from None
    return bytes(builder.Output())


def _table(builder: Any, layout: TableLayout, values: Sequence[Any]) -> int:
    """Position of the written table. What it refers to is written first, last slot first."""
    slots = range(len(layout.fields))
    offsets = {slot: _child(builder, layout.fields[slot], values[slot]) for slot in reversed(slots)}
    builder.StartObject(len(layout.fields))
    for slot in layout.write_order:
        field = layout.fields[slot]
        match field.kind:
            case Kind.SCALAR:
                _scalar(builder, slot, field, values[slot])
            case Kind.STRUCT:
                builder.Prep(field.align, field.size)
                _words(builder, values[slot])
                builder.PrependStructSlot(slot, builder.Offset(), 0)
            case _:
                builder.PrependUOffsetTRelativeSlot(slot, offsets[slot], 0)
    return int(builder.EndObject())


def _child(builder: Any, field: Field, value: Any) -> int:
    match field.kind:
        case Kind.SCALAR | Kind.STRUCT:
            return 0
        case Kind.STRING:
            if len(value.encode()) > STRING_BYTES_MAX:
                raise Unencodable(f"{field.name} is longer than {STRING_BYTES_MAX} bytes")
            return int(builder.CreateString(value))
        case Kind.BYTES:
            return int(builder.CreateByteVector(value))
        case Kind.STRUCTS:
            return _structs(builder, field, value)
        case Kind.TABLES:
            tables = [_table(builder, TABLES[field.of], each) for each in reversed(value)]
            builder.StartVector(field.size, len(tables), field.align)
            for table in tables:
                builder.PrependUOffsetTRelative(table)
            return int(builder.EndVector())


def _structs(builder: Any, field: Field, rows: bytes) -> int:
    size = STRUCTS[field.of].size
    builder.StartVector(size, len(rows) // size, _STRUCT_ALIGNMENT)
    _words(builder, rows)
    return int(builder.EndVector())


def _words(builder: Any, data: bytes) -> None:
    """Structs are multiples of 8 bytes: written as words, so that no part of the builder is bypassed."""
    for word in reversed(struct.unpack(f"<{len(data) // 8}Q", data)):
        builder.PrependUint64(word)


def _scalar(builder: Any, slot: int, field: Field, value: Any) -> None:
    prepend = {
        "?": builder.PrependBoolSlot,
        "b": builder.PrependInt8Slot,
        "B": builder.PrependUint8Slot,
        "h": builder.PrependInt16Slot,
        "H": builder.PrependUint16Slot,
        "i": builder.PrependInt32Slot,
        "I": builder.PrependUint32Slot,
        "q": builder.PrependInt64Slot,
        "Q": builder.PrependUint64Slot,
    }[field.of]
    prepend(slot, value, field.default)
