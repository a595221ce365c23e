"""Writes what both engines know of schemas/*.fbs, by way of the schema compiler's reflection.

Run by schemas/generate.sh only. The generated modules are data: enums, struct formats, table layouts, and for each
table without strings the constant bytes that precede its values.

    python tools/generate_codec.py --flatc FLATC --schemas schemas --python FILE --rust FILE
"""

import argparse
import runpy
import struct
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tools import rust_codec
from tools.reflection import BaseType, FieldNode, ObjectNode, SchemaNode, upper_name

if TYPE_CHECKING:
    from mexchange.codec.layout import Field, FixedLayout, Kind, StructLayout, TableLayout
else:
    # By path: the package cannot be imported before its generated module is there and right.
    _LAYOUT = runpy.run_path(str(Path(__file__).parent.parent / "mexchange" / "codec" / "layout.py"))
    Field, FixedLayout, Kind, StructLayout, TableLayout = (
        _LAYOUT[name] for name in ("Field", "FixedLayout", "Kind", "StructLayout", "TableLayout")
    )

SCALARS = {
    BaseType.BOOL: ("?", 1),
    BaseType.BYTE: ("b", 1),
    BaseType.UBYTE: ("B", 1),
    BaseType.SHORT: ("h", 2),
    BaseType.USHORT: ("H", 2),
    BaseType.INT: ("i", 4),
    BaseType.UINT: ("I", 4),
    BaseType.LONG: ("q", 8),
    BaseType.ULONG: ("Q", 8),
}
"""Format character and size. No floats: a schema that has one does not compile here."""

OFFSET_SIZE = 4
HEADER = '''"""Generated from schemas/*.fbs by schemas/generate.sh. Do not edit."""

from enum import IntEnum
from typing import Final

from mexchange.codec.layout import Field, FixedLayout, Kind, StructLayout, TableLayout
'''


def main() -> None:
    """Read the arguments, write the modules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flatc", required=True)
    parser.add_argument("--schemas", type=Path, required=True)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--rust", type=Path, required=True)
    arguments = parser.parse_args()
    layouts = read_schemas(arguments.flatc, arguments.schemas)
    arguments.python.write_text(render(*layouts))
    arguments.rust.write_text(rust_codec.render(*layouts))


Layouts = tuple[dict[str, dict[str, int]], dict[str, StructLayout], dict[str, TableLayout]]
"""Enums, structs and tables by name."""


def read_schemas(flatc: str, schemas: Path) -> Layouts:
    """What all the schemas say."""
    enums: dict[str, dict[str, int]] = {}
    structs: dict[str, StructLayout] = {}
    tables: dict[str, TableLayout] = {}
    for schema in reflect(flatc, schemas):
        enums |= schema.enums
        for each in schema.objects:
            if each.is_struct:
                structs[each.name] = struct_layout(each, schema.objects)
            else:
                tables[each.name] = table_layout(each, schema.objects)
    return enums, structs, tables


def reflect(flatc: str, schemas: Path) -> Iterable[SchemaNode]:
    """The compiled reflection of each schema file, in the order of their names."""
    for source in sorted(schemas.glob("*.fbs")):
        with tempfile.TemporaryDirectory() as folder:
            command = [flatc, "--binary", "--schema", "-I", str(schemas), "-o", folder, str(source)]
            subprocess.run(command, check=True)
            yield SchemaNode((Path(folder) / f"{source.stem}.bfbs").read_bytes())


def struct_layout(definition: ObjectNode, objects: list[ObjectNode]) -> StructLayout:
    """Format and names of a struct; fields named pad are skipped on reading and zero on writing."""
    layout, names = "<", []
    for field in definition.fields:
        is_struct = field.base_type == BaseType.OBJECT
        code = f"{objects[field.index].size}s" if is_struct else SCALARS[field.base_type][0]
        if field.name.startswith("pad"):
            code = f"{struct.calcsize(code)}x"
        else:
            names.append(field.name)
        layout += code
        assert field.padding == 0, f"{definition.name}: padding is written down as a field"
    assert struct.calcsize(layout) == definition.size
    assert definition.size % 8 == 0, f"{definition.name}: rows keep the alignment of 8"
    return StructLayout(layout, definition.size, tuple(names))


def table_layout(definition: ObjectNode, objects: list[ObjectNode]) -> TableLayout:
    """Slots in order, write order, and the fixed layout where there is one."""
    assert [field.slot for field in definition.fields] == list(range(len(definition.fields)))
    assert not any(field.is_special for field in definition.fields)
    fields = [table_field(field, objects) for field in definition.fields]
    order = write_order(fields)
    return TableLayout(tuple(fields), order, fixed_layout(fields, order))


def table_field(field: FieldNode, objects: list[ObjectNode]) -> Field:
    """One field with its kind, inline size and alignment."""
    if field.base_type in SCALARS:
        code, size = SCALARS[field.base_type]
        return Field(field.name, Kind.SCALAR, code, field.default, size, size)
    if field.base_type == BaseType.STRING:
        return Field(field.name, Kind.STRING, "", 0, OFFSET_SIZE, OFFSET_SIZE)
    if field.base_type == BaseType.OBJECT:
        target = objects[field.index]
        assert target.is_struct, f"{field.name}: tables within tables are in vectors"
        return Field(field.name, Kind.STRUCT, target.name, 0, target.size, target.align)
    assert field.base_type == BaseType.VECTOR, f"{field.name}: neither unions nor arrays"
    if field.element == BaseType.UBYTE:
        return Field(field.name, Kind.BYTES, "", 0, OFFSET_SIZE, OFFSET_SIZE)
    assert field.element == BaseType.OBJECT, f"{field.name}: vectors are of bytes, structs or tables"
    target = objects[field.index]
    return Field(
        field.name, Kind.STRUCTS if target.is_struct else Kind.TABLES, target.name, 0, OFFSET_SIZE, OFFSET_SIZE
    )


def write_order(fields: list[Field]) -> tuple[int, ...]:
    """Slots from the end of the table to its start: the widest values last in memory, offsets first."""

    def rank(slot: int) -> tuple[bool, int, int]:
        is_offset = fields[slot].kind not in (Kind.SCALAR, Kind.STRUCT)
        return is_offset, -fields[slot].align, -slot

    return tuple(sorted(range(len(fields)), key=rank))


def fixed_layout(fields: list[Field], order: tuple[int, ...]) -> FixedLayout | None:
    """Where a builder puts the bytes of a table of scalars, structs and at most one vector of structs.

    Builders write backwards, so places are counted from the end of the buffer; rows are a multiple of 8 bytes and
    change no alignment, so they count as nothing.
    """
    offsets = [slot for slot in order if fields[slot].kind not in (Kind.SCALAR, Kind.STRUCT)]
    if len(offsets) > 1 or any(fields[slot].kind is not Kind.STRUCTS for slot in offsets):
        return None
    end = OFFSET_SIZE if offsets else 0
    table_end, place = end, {}
    align_max = max([OFFSET_SIZE, *(field.align for field in fields), 8 if offsets else 0])
    for slot in order:
        end = -(-(end + fields[slot].size) // fields[slot].align) * fields[slot].align
        place[slot] = end
    end = -(-(end + OFFSET_SIZE) // OFFSET_SIZE) * OFFSET_SIZE
    table = end
    places = [table - place[slot] for slot in range(len(fields))]
    vtable = struct.pack(f"<{2 + len(fields)}H", 4 + 2 * len(fields), table - table_end, *places)
    total = -(-(table + len(vtable) + OFFSET_SIZE) // align_max) * align_max
    root = total - table
    prefix = struct.pack("<I", root).ljust(root - len(vtable), b"\0") + vtable + struct.pack("<i", len(vtable))
    if offsets:
        prefix += struct.pack("<I", place[offsets[0]] - OFFSET_SIZE)
    layout, names = fixed_fields(fields, place, total, len(prefix), offsets)
    return FixedLayout(prefix, layout, names, fields[offsets[0]].name if offsets else "")


def fixed_fields(
    fields: list[Field], place: dict[int, int], total: int, prefix_size: int, offsets: list[int]
) -> tuple[str, tuple[str, ...]]:
    """Format of what follows the prefix, the names in memory order."""
    layout, position, names = "<", prefix_size, []
    for slot in sorted(set(place) - set(offsets), key=lambda slot: -place[slot]):
        start = total - place[slot]
        layout += f"{start - position}x" if start > position else ""
        layout += fields[slot].of if fields[slot].kind is Kind.SCALAR else f"{fields[slot].size}s"
        position = start + fields[slot].size
        names.append(fields[slot].name)
    tail = total - (OFFSET_SIZE if offsets else 0)
    layout += f"{tail - position}x" if tail > position else ""
    return layout + ("I" if offsets else ""), tuple(names)


def render(enums: dict[str, dict[str, int]], structs: dict[str, StructLayout], tables: dict[str, TableLayout]) -> str:
    """The module's text."""
    lines = [HEADER]
    for name, values in sorted(enums.items()):
        lines += ["", f"class {name}(IntEnum):", f'    """{name} of the schemas."""', ""]
        lines += [f"    {upper_name(key)} = {value}" for key, value in values.items()]
        lines.append("")
    lines += ["", "STRUCTS: Final[dict[str, StructLayout]] = {"]
    lines += [f'    "{name}": {layout!r},' for name, layout in sorted(structs.items())]
    numbers = enums["MessageType"]
    lines += ["}", "", "MESSAGES: Final[dict[MessageType, str]] = {"]
    lines += [f'    MessageType.{upper_name(name)}: "{name}",' for name in numbers if name in tables]
    lines += ["}", '"""The table of each message; numbers without one are reserved."""']
    lines += ["", "TABLES: Final[dict[str, TableLayout]] = {"]
    for name, table in sorted(tables.items()):
        lines += [f'    "{name}": TableLayout(', "        fields=("]
        lines += [f"            {render_field(field)}," for field in table.fields]
        lines += [
            "        ),",
            f"        write_order={table.write_order!r},",
            f"        fixed={table.fixed!r},",
            "    ),",
        ]
    lines += ["}", ""]
    return "\n".join(lines)


def render_field(field: Field) -> str:
    return f'Field("{field.name}", Kind.{field.kind.name}, {field.of!r}, {field.default}, {field.size}, {field.align})'


if __name__ == "__main__":
    main()
