"""Reads any layout of a table that FlatBuffers allows, trusting nothing.

Every offset is followed only after its target is known to lie within the buffer; the parts of a message (tables,
vtables, vectors, strings) may be shared whole but never overlap; vectors are bounded by the bytes that hold them, so
work is bounded by the size of the payload. Tables nest one deep. Whatever is wrong raises Malformed.
"""

import struct
from functools import lru_cache
from typing import Any, Final

from mexchange.codec._generated import STRUCTS, TABLES
from mexchange.codec.errors import Malformed
from mexchange.codec.layout import Field, Kind, TableLayout

STRING_BYTES_MAX: Final = 4_096
VTABLES_KEPT: Final = 256
"""Checked vtables that are remembered. Anybody can send new ones, so the number is bounded."""
DEPTH_MAX: Final = 1

_U16 = struct.Struct("<H")
_U32 = struct.Struct("<I")
_I32 = struct.Struct("<i")
_U32_SIZE: Final = 4
_VTABLE_HEADER: Final = 4
_SCALARS: Final = {code: struct.Struct(f"<{code}") for code in "?bBhHiIqQ"}


def read_table(payload: bytes, name: str) -> list[Any]:
    """The root table's values by slot.

    Scalars are int or bool, inline structs and vectors of bytes are bytes, strings are str, vectors of structs are the
    bytes of their rows, vectors of tables are lists of lists like this one. What is absent has its default.
    """
    return _Reader(payload).root(name)


class _Reader:
    def __init__(self, payload: bytes) -> None:
        self._data = payload
        self._size = len(payload)
        self._spans: set[tuple[int, int]] = set()

    def root(self, name: str) -> list[Any]:
        self._claim(0, _U32_SIZE)
        values = self._table(_U32.unpack_from(self._data, 0)[0], TABLES[name], depth=0)
        self._check_overlaps()
        return values

    def _table(self, position: int, layout: TableLayout, depth: int) -> list[Any]:
        if depth > DEPTH_MAX:
            raise Malformed("tables are nested too deep")
        self._check(position, _U32_SIZE)
        vtable = position - _I32.unpack_from(self._data, position)[0]
        self._check(vtable, _VTABLE_HEADER)
        vtable_size = _U16.unpack_from(self._data, vtable)[0]
        self._claim(vtable, vtable_size)
        size, places = _places(self._data[vtable : vtable + vtable_size], layout)
        self._claim(position, size)
        return [
            self._value(position + place, field, depth) if place else _default(field)
            for field, place in zip(layout.fields, places, strict=True)
        ]

    def _value(self, position: int, field: Field, depth: int) -> Any:
        """`position` is in the claimed span of its table, with room for the field."""
        match field.kind:
            case Kind.SCALAR:
                return _SCALARS[field.of].unpack_from(self._data, position)[0]
            case Kind.STRUCT:
                return self._data[position : position + field.size]
            case Kind.STRING:
                return self._string(position)
            case Kind.BYTES:
                start, end = self._vector(position, 1)
                return self._data[start:end]
            case Kind.STRUCTS:
                start, end = self._vector(position, STRUCTS[field.of].size)
                return self._data[start:end]
            case Kind.TABLES:
                start, end = self._vector(position, _U32_SIZE)
                layout = TABLES[field.of]
                places = range(start, end, _U32_SIZE)
                return [self._table(self._target(place), layout, depth + 1) for place in places]

    def _string(self, position: int) -> str:
        start, end = self._vector(position, 1, tail=1)
        if end - start > STRING_BYTES_MAX:
            raise Malformed(f"a string of {end - start} bytes")
        if self._data[end]:
            raise Malformed("a string without its final zero")
        try:
            return self._data[start:end].decode()
        except UnicodeDecodeError:
            raise Malformed("a string that is not UTF-8") from None

    def _vector(self, position: int, element_size: int, tail: int = 0) -> tuple[int, int]:
        """Start and end of the elements of the vector whose offset is at `position`."""
        vector = self._target(position)
        start = vector + _U32_SIZE
        end = start + _U32.unpack_from(self._data, vector)[0] * element_size
        self._claim(vector, end + tail - vector)
        return start, end

    def _target(self, position: int) -> int:
        target: int = position + _U32.unpack_from(self._data, position)[0]
        self._check(target, _U32_SIZE)
        return target

    def _check(self, start: int, size: int) -> None:
        if start < 0 or start + size > self._size:
            raise Malformed(f"{size} bytes at {start} of {self._size}")

    def _claim(self, start: int, size: int) -> None:
        self._check(start, size)
        self._spans.add((start, start + size))

    def _check_overlaps(self) -> None:
        last = 0
        for start, end in sorted(self._spans):
            if start < last:
                raise Malformed(f"two parts of the message share the bytes from {start}")
            last = end


@lru_cache(maxsize=VTABLES_KEPT)
def _places(vtable: bytes, layout: TableLayout) -> tuple[int, tuple[int, ...]]:
    """Size of the table, and the place of each known field from the table's start, 0 if absent."""
    if len(vtable) < _VTABLE_HEADER or len(vtable) % 2:
        raise Malformed(f"a vtable of {len(vtable)} bytes")
    _, size, *given = struct.unpack(f"<{len(vtable) // 2}H", vtable)
    if size < _U32_SIZE:
        raise Malformed(f"a table of {size} bytes")
    known = len(layout.fields)
    places = tuple(given[:known]) + (0,) * (known - len(given))
    last = _U32_SIZE
    for place, field in sorted(zip(places, layout.fields, strict=True), key=lambda pair: pair[0]):
        if place and (place < last or place + field.size > size):
            raise Malformed(f"{field.name} at {place} of a table of {size} bytes")
        last = place + field.size if place else last
    return size, places


def _default(field: Field) -> Any:
    match field.kind:
        case Kind.SCALAR:
            return bool(field.default) if field.of == "?" else field.default
        case Kind.STRUCT:
            return bytes(field.size)
        case Kind.STRING:
            return ""
        case Kind.BYTES | Kind.STRUCTS:
            return b""
        case Kind.TABLES:
            return []
