"""The official FlatBuffers classes, generated for the test by flatc from schemas/*.fbs: the oracle of our codec.

Three independent things come from them: bytes in our write order, bytes in the order and brevity of the official object
interface, and a reader.
"""

import importlib
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flatbuffers import Builder

SCHEMAS = Path(__file__).parents[3] / "schemas"
WIDTHS = {"bool": 1, "byte": 1, "ubyte": 1, "short": 2, "ushort": 2, "int": 4, "uint": 4, "long": 8, "ulong": 8}
EVENT = struct.Struct("<QBBHIQqqqqq")
CLIENT_ID = struct.Struct("<QQ")


def flatc() -> Path:
    """The schema compiler, which a development requirement brings along."""
    package = find_spec("autobahn._flatc")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "bin" / "flatc"


def run_flatc(*arguments: str | Path, includes: Path = SCHEMAS) -> subprocess.CompletedProcess[str]:
    """The finished process; `includes` is where included schemas are looked for."""
    return subprocess.run([flatc(), "-I", includes, *arguments], capture_output=True, text=True, check=False)


class Official:
    """The classes, imported from a folder where flatc put them."""

    def __init__(self, folder: Path) -> None:
        done = run_flatc("--python", "--gen-object-api", "-o", folder, *sorted(SCHEMAS.glob("*.fbs")))
        assert done.returncode == 0, done.stderr
        sys.path.insert(0, str(folder))
        self._fields = table_fields()

    def build(self, name: str, message: Any) -> bytes:
        """The payload from the official builder, every default written, widest values last in memory."""
        builder = Builder(64)
        builder.ForceDefaults(True)
        builder.Finish(self._table(builder, name, self.tree(name, message)))
        return bytes(builder.Output())

    def pack(self, name: str, message: Any) -> bytes:
        """The payload as the official object interface lays it out, defaults left away."""
        builder = Builder(64)
        builder.Finish(self.tree(name, message).Pack(builder))
        return bytes(builder.Output())

    def read(self, name: str, payload: bytes) -> Any:
        """The object tree that the official reader makes of a payload."""
        return self._cls(name).InitFromPackedBuf(payload)

    def tree(self, name: str, message: Any) -> Any:
        """The official objects for one of our messages or rows."""
        cls = self._cls(name)
        values = []
        for field, kind in self._fields[name]:
            value = 0 if field == "unused" or field.startswith("pad") else getattr(message, field)
            values.append(self._branch(kind, value))
        return cls(*values)

    def _branch(self, kind: str, value: Any) -> Any:
        match kind:
            case "string":
                return value
            case "[ubyte]":
                return list(value)
            case "ClientId":
                return self._cls("ClientId")(*CLIENT_ID.unpack(value))
            case "[EventS]":
                return [self._cls("EventS")(*slots) for slots in EVENT.iter_unpack(value)]
            case "[RecordS]":
                return [self._record(value[at : at + 80]) for at in range(0, len(value), 80)]
            case _ if kind.startswith("["):
                return [self.tree(kind[1:-1], each) for each in value]
            case _:
                return value

    def _record(self, record: bytes) -> Any:
        head = struct.unpack_from("<QQ", record)
        return self._cls("RecordS")(*head, self._cls("EventS")(*EVENT.unpack(record[16:])))

    def _table(self, builder: Builder, name: str, tree: Any) -> int:
        module = importlib.import_module(f"mx.{name}")
        fields = self._fields[name]
        values = list(vars(tree).values())
        children = {
            slot: self._child(builder, module, field, kind, values[slot])
            for slot, (field, kind) in reversed(list(enumerate(fields)))
            if kind == "string" or kind.startswith("[")
        }
        getattr(module, f"{name}Start")(builder)
        for slot in sorted(range(len(fields)), key=lambda slot: (slot in children, -align(fields[slot][1]), -slot)):
            field, kind = fields[slot]
            value = children.get(slot, values[slot])
            if kind == "ClientId":
                value = value.Pack(builder)
            getattr(module, f"{name}Add{pascal(field)}")(builder, value)
        return int(getattr(module, f"{name}End")(builder))

    def _child(self, builder: Builder, module: Any, field: str, kind: str, value: Any) -> int:
        if kind == "string":
            return int(builder.CreateString(value))
        if kind == "[ubyte]":
            return int(builder.CreateByteVector(bytes(value)))
        name = kind[1:-1]
        start: Callable[[Builder, int], None] = getattr(module, f"Start{pascal(field)}Vector")
        if name in structs():
            start(builder, len(value))
            for row in reversed(value):
                row.Pack(builder)
        else:
            tables = [self._table(builder, name, each) for each in reversed(value)]
            start(builder, len(value))
            for table in tables:
                builder.PrependUOffsetTRelative(table)
        return int(builder.EndVector())

    def _cls(self, name: str) -> Any:
        return getattr(importlib.import_module(f"mx.{name}"), f"{name}T")


def plain(tree: Any) -> Any:
    """An official object tree as values that can be compared; texts are text, vectors of bytes lists of numbers."""
    if isinstance(tree, int):
        return int(tree)
    if isinstance(tree, bytes):
        return tree.decode()
    if isinstance(tree, (list, tuple)) or type(tree).__name__ == "ndarray":
        return [plain(each) for each in tree]
    if hasattr(tree, "__dict__"):
        return {name: plain(value) for name, value in vars(tree).items()}
    return tree


def align(kind: str) -> int:
    """Alignment of a field of this type in its table."""
    if kind == "ClientId":
        return 8
    return 4 if kind == "string" or kind.startswith("[") else WIDTHS.get(kind, 1)


def pascal(name: str) -> str:
    """`order_id` as `OrderId`, as flatc names functions."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


@cache
def table_fields() -> dict[str, list[tuple[str, str]]]:
    """Name and type of each field of each table and struct, by a reading of the schemas' text."""
    found = {}
    for source in SCHEMAS.glob("*.fbs"):
        text = re.sub(r"//.*", "", source.read_text())
        for _, name, body in re.findall(r"(table|struct) (\w+) \{(.*?)\}", text, re.S):
            found[name] = re.findall(r"(\w+)\s*:\s*(\[?\w+\]?)[^;]*;", body)
    return found


@cache
def structs() -> set[str]:
    """Names of the structs."""
    return {name for source in SCHEMAS.glob("*.fbs") for name in re.findall(r"struct (\w+)", source.read_text())}
