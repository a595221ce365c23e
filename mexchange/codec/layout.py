"""What the schemas say about bytes, as data: the types of the generated tables in `_generated.py`."""

from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a field of a table is."""

    SCALAR = 1
    """`of` is a format character of the struct module."""
    STRUCT = 2
    """Inline, as bytes; `of` names the struct."""
    STRING = 3
    BYTES = 4
    """A vector of bytes."""
    STRUCTS = 5
    """A vector of structs; `of` names the struct."""
    TABLES = 6
    """A vector of tables; `of` names the table."""


class StructLayout(NamedTuple):
    """A fixed run of bytes. Padding is skipped; a struct within a struct is opaque bytes."""

    format: str
    """Of the struct module, little-endian."""
    size: int
    """Bytes, a multiple of 8."""
    fields: tuple[str, ...]


class Field(NamedTuple):
    """A field of a table; its place in the table's tuple is its slot."""

    name: str
    kind: Kind
    of: str
    default: int
    size: int
    """Bytes inline: of the scalar, the struct, or the offset."""
    align: int


class FixedLayout(NamedTuple):
    """The one layout in which we write a table of scalars, structs and at most one vector of structs.

    prefix    root offset, vtable, offset to vtable, offset to vector: the same in every message
    fields    in `order`
    count     u32, if there is a vector
    rows      the vector
    """

    prefix: bytes
    fields: str
    """Format of fields and count, padding included."""
    order: tuple[str, ...]
    """Names of the fields as they lie in memory, the vector not among them."""
    rows: str
    """Name of the field that is the vector, or nothing."""


class TableLayout(NamedTuple):
    """A table: its fields by slot; the slots in the order in which we write them; its fixed layout if it has one."""

    fields: tuple[Field, ...]
    write_order: tuple[int, ...]
    fixed: FixedLayout | None
