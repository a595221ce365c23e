"""Reads what `flatc --binary --schema` writes: the reflection of a schema, for tools/generate_codec.py.

Slots and numbers are those of reflection.fbs, which ships with the schema compiler.
"""

from enum import IntEnum
from functools import cached_property

from flatbuffers import number_types
from flatbuffers.table import Table


class BaseType(IntEnum):
    """The types that our schemas use."""

    NONE = 0
    BOOL = 2
    BYTE = 3
    UBYTE = 4
    SHORT = 5
    USHORT = 6
    INT = 7
    UINT = 8
    LONG = 9
    ULONG = 10
    STRING = 13
    VECTOR = 14
    OBJECT = 15


class Node:
    """A table of the reflection; values by slot."""

    def __init__(self, data: bytes, position: int) -> None:
        self._table = Table(data, position)

    def number(self, slot: int, flags: type = number_types.Int32Flags, default: int = 0) -> int:
        """A scalar."""
        place = self._table.Offset(4 + 2 * slot)
        return int(self._table.Get(flags, place + self._table.Pos)) if place else default

    def text(self, slot: int) -> str:
        """A string."""
        return str(self._table.String(self._table.Pos + self._table.Offset(4 + 2 * slot)).decode())

    def node(self, slot: int) -> "Node":
        """A table."""
        return Node(self._table.Bytes, self._table.Indirect(self._table.Pos + self._table.Offset(4 + 2 * slot)))

    def nodes(self, slot: int) -> list["Node"]:
        """A vector of tables."""
        place = self._table.Offset(4 + 2 * slot)
        start = self._table.Vector(place)
        return [
            Node(self._table.Bytes, self._table.Indirect(start + 4 * i)) for i in range(self._table.VectorLen(place))
        ]


class FieldNode:
    """A field of a table or struct."""

    def __init__(self, node: Node) -> None:
        kind = node.node(1)
        self.name = node.text(0)
        self.base_type = BaseType(kind.number(0, number_types.Int8Flags))
        self.element = kind.number(1, number_types.Int8Flags)
        self.index = kind.number(2, default=-1)
        self.slot = node.number(2, number_types.Uint16Flags)
        self.offset = node.number(3, number_types.Uint16Flags)
        self.default = node.number(4, number_types.Int64Flags)
        is_scalar = self.base_type < BaseType.STRING
        slots = (6, 7, 8, 11) if is_scalar else (6, 7, 8)
        self.is_special = any(node.number(slot, number_types.BoolFlags) for slot in slots)
        """Deprecated, required, key, or a scalar that may be absent."""
        self.padding = node.number(12, number_types.Uint16Flags)


class ObjectNode:
    """A table or a struct."""

    def __init__(self, node: Node) -> None:
        self.name = node.text(0).removeprefix("mx.")
        self.fields = sorted(map(FieldNode, node.nodes(1)), key=lambda field: field.offset)
        self.is_struct = bool(node.number(2, number_types.BoolFlags))
        self.align = node.number(3)
        self.size = node.number(4)


class SchemaNode:
    """One schema file with all that it includes."""

    def __init__(self, data: bytes) -> None:
        self._root = Node(data, int.from_bytes(data[:4], "little"))

    @cached_property
    def objects(self) -> list[ObjectNode]:
        """Tables and structs; fields refer to them by index."""
        return [ObjectNode(node) for node in self._root.nodes(0)]

    @cached_property
    def enums(self) -> dict[str, dict[str, int]]:
        """Names and values by enum."""
        return {
            enum.text(0).removeprefix("mx."): {
                value.text(0): value.number(1, number_types.Int64Flags) for value in enum.nodes(1)
            }
            for enum in self._root.nodes(1)
        }


def upper_name(name: str) -> str:
    """`UnknownKey` as `UNKNOWN_KEY`."""
    return "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(name)).upper()
