"""The Rust half of tools/generate_codec.py: the same layouts, as macro calls for native/engine/src/codec.

The file says which fields there are and where they lie; how they are read and written is in the macros.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tools.reflection import upper_name

if TYPE_CHECKING:
    from mexchange.codec.layout import Field, FixedLayout, StructLayout, TableLayout

HEADER = """\
//! Generated from schemas/*.fbs by schemas/generate.sh. Do not edit.

use super::row::row;
use super::table::{messages, table};
"""
SCALARS = {"?": "bool", "b": "i8", "B": "u8", "h": "i16", "H": "u16", "i": "i32", "I": "u32", "q": "i64", "Q": "u64"}
KEYWORDS = frozenset(["as", "box", "final", "in", "loop", "match", "mod", "move", "ref", "self", "type", "use"])
"""Words of the language that a schema might use for a field."""


def render(
    enums: Mapping[str, Mapping[str, int]],
    structs: Mapping[str, "StructLayout"],
    tables: Mapping[str, "TableLayout"],
) -> str:
    """The text of the generated module."""
    lines = [HEADER]
    for name, values in sorted(enums.items()):
        scalar = "u16" if name == "MessageType" else "u8"
        lines += [f"/// `{name}` of the schemas.", f"pub mod {upper_name(name).lower()} {{"]
        lines += [f"    pub const {upper_name(key)}: {scalar} = {value};" for key, value in values.items()]
        lines += ["}", ""]
    for name, layout in sorted(structs.items()):
        lines += [f"row! {{ {name}, {layout.size};"]
        lines += [f"    {at}, {field}: {kind};" for field, kind, at in row_fields(layout)]
        lines += ["}", ""]
    for name, table in sorted(tables.items()):
        lines += [f"table! {{ {name};"]
        lines += [f"    {slot}, {table_field(field)};" for slot, field in enumerate(table.fields)]
        lines += [f"    order [{', '.join(map(str, table.write_order))}]"]
        if table.fixed is not None:
            lines += [f"    {fixed_layout(table, table.fixed)}"]
        lines += ["}", ""]
    lines += ["messages! {"]
    lines += [f"    {number}, {name};" for name, number in enums["MessageType"].items() if name in tables]
    lines += ["}", ""]
    return "\n".join(lines)


def row_fields(layout: "StructLayout") -> Iterator[tuple[str, str, int]]:
    """Name, type and place of each field; a struct within a struct is bytes."""
    names, at, count = iter(layout.fields), 0, ""
    for code in layout.format[1:]:
        if code.isdigit():
            count += code
            continue
        size = struct.calcsize(f"<{count}{code}")
        if code != "x":
            yield field_name(next(names)), f"[u8; {size}]" if code == "s" else SCALARS[code], at
        at, count = at + size, ""
    assert at == layout.size


def table_field(field: "Field") -> str:
    """`name: type = value when absent`."""
    kind, absent = {
        "SCALAR": (SCALARS.get(field.of), str(field.default)),
        "STRUCT": (f"[u8; {field.size}]", f"[0; {field.size}]"),
        "STRING": ("String", "String::new()"),
        "BYTES": ("Vec<u8>", "Vec::new()"),
        "STRUCTS": (f"Vec<{field.of}>", "Vec::new()"),
        "TABLES": (f"Vec<{field.of}>", "Vec::new()"),
    }[field.kind.name]
    if kind == "bool":
        absent = "true" if field.default else "false"
    return f"{field_name(field.name)}: {kind} = {absent}"


def fixed_layout(table: "TableLayout", fixed: "FixedLayout") -> str:
    """The constant prefix, where the fields lie by slot (0: the vector), and the bytes before the rows."""
    places, at = {}, len(fixed.prefix)
    names, count = iter(fixed.order), ""
    for code in fixed.fields[1:]:
        if code.isdigit():
            count += code
            continue
        name = next(names, "") if code != "x" else ""
        if name:
            places[name] = at
        at, count = at + struct.calcsize(f"<{count}{code}"), ""
    prefix = "".join(f"\\x{byte:02x}" for byte in fixed.prefix)
    slots = ", ".join(str(places.get(field.name, 0)) for field in table.fields)
    return f'fixed b"{prefix}", [{slots}], {at}'


def field_name(name: str) -> str:
    return f"r#{name}" if name in KEYWORDS else name
