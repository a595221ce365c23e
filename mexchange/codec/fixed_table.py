"""Hot tables at the speed of the struct module: scalars and at most one vector of structs.

We write each of them in one layout, byte for byte what the official builder makes with all defaults written: a
constant prefix, the fields, the rows. Bytes with this prefix are read at fixed places; any other layout that
FlatBuffers allows goes through `table_reader`.
"""

import struct
from operator import itemgetter
from typing import Any

from mexchange.codec._generated import STRUCTS, TABLES
from mexchange.codec.errors import Malformed, Unencodable
from mexchange.codec.layout import Kind
from mexchange.codec.table_reader import read_table


class FixedTable:
    """Writer and reader of one table."""

    def __init__(self, name: str) -> None:
        layout = TABLES[name]
        assert layout.fixed is not None, f"{name} has no fixed layout"
        self.name = name
        self.order = layout.fixed.order
        """Names of the values as they are written and read, rows apart."""
        self.rows_name = layout.fixed.rows
        self.prefix = layout.fixed.prefix
        self._fields = struct.Struct(layout.fixed.fields)
        self._head = struct.Struct(f"<{len(self.prefix)}s{layout.fixed.fields[1:]}")
        self.head_size = self._head.size
        """Bytes before the rows."""
        slots = {field.name: slot for slot, field in enumerate(layout.fields)}
        names = (*self.order, self.rows_name) if self.rows_name else self.order
        self._by_order = [slots[each] for each in names]
        rows = [field.of for field in layout.fields if field.kind is Kind.STRUCTS]
        self.row = struct.Struct(STRUCTS[rows[0]].format) if rows else struct.Struct("<")
        """Format of one row; empty for tables without rows."""

    def write(self, values: tuple[Any, ...], rows: bytes = b"") -> bytes:
        """The payload, from the values in `order` and the rows as bytes. Raises Unencodable."""
        try:
            if not self.rows_name:
                return self._head.pack(self.prefix, *values)
            return self._head.pack(self.prefix, *values, len(rows) // self.row.size) + rows
        except struct.error as error:
            raise Unencodable(f"{self.name}: {error}") from None

    def read(self, payload: bytes) -> tuple[Any, ...]:
        """The values in `order`, then the rows as bytes if the table has rows. Raises Malformed."""
        if not payload.startswith(self.prefix) or len(payload) < self.head_size:
            slots = read_table(payload, self.name)
            return tuple([slots[slot] for slot in self._by_order])
        values: tuple[Any, ...] = self._fields.unpack_from(payload, len(self.prefix))
        if not self.rows_name:
            return values
        start = self.head_size
        end = start + values[-1] * self.row.size
        if end > len(payload):
            raise Malformed(f"{self.name}: {values[-1]} rows in {len(payload)} bytes")
        return (*values[:-1], payload[start:end])


def picker(wanted: tuple[str, ...], given: tuple[str, ...]) -> "itemgetter[Any]":
    """A function that puts a tuple of values named `given` into the order `wanted`; there are two names at least."""
    assert len(wanted) >= 2
    return itemgetter(*(given.index(name) for name in wanted))
