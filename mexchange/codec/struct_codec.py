"""Binds a frozen struct class to the table of the same name: attributes to fields, lists to vectors.

Hot tables go through `FixedTable`, cold ones through the official builder; both kinds have `encode` and `decode`.
"""

import struct
from collections.abc import Callable, Mapping
from itertools import starmap
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from mexchange.codec._generated import STRUCTS, TABLES
from mexchange.codec.errors import Unencodable
from mexchange.codec.fixed_table import FixedTable, picker
from mexchange.codec.layout import Field, Kind
from mexchange.codec.table_reader import read_table
from mexchange.codec.table_writer import write_table

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

UNUSED = "unused"
"""The field of tables that say nothing; always 0, and not in the class."""


class StructCodec(Protocol[T_co]):
    """Payload of one message and back."""

    def encode(self, message: Any) -> bytes:
        """The payload. Raises Unencodable."""

    def decode(self, payload: bytes) -> T_co:
        """The message. Raises Malformed."""


def codec_for(cls: type[T], rows: Mapping[str, type], nested: Mapping[str, type]) -> StructCodec[T]:
    """The codec of the table named like `cls`.

    `rows` gives the classes of structs in vectors, `nested` those of tables; a struct without a class stays bytes.
    """
    if TABLES[cls.__name__].fixed is not None:
        return FixedCodec(cls, rows)
    return FlexibleCodec(cls, rows, nested)


class FixedCodec(Generic[T]):
    """A table of scalars and at most one vector of structs."""

    def __init__(self, cls: type[T], rows: Mapping[str, type]) -> None:
        self._cls = cls
        self._table = table = FixedTable(cls.__name__)
        names = (*table.order, table.rows_name) if table.rows_name else table.order
        self._values = _getter(table.order)
        self._arguments = _arguments(_field_names(cls), names)
        self._check = _inline_check(cls.__name__)
        self._rows = RowsCodec(_field(cls.__name__, table.rows_name), rows) if table.rows_name else None

    def encode(self, message: Any) -> bytes:
        """The payload. Raises Unencodable."""
        if self._check is not None:
            self._check(message)
        if self._rows is None:
            return self._table.write(self._values(message))
        return self._table.write(self._values(message), self._rows.encode(getattr(message, self._table.rows_name)))

    def decode(self, payload: bytes) -> T:
        """The message. Raises Malformed."""
        values = self._table.read(payload)
        if self._rows is not None:
            values = (*values[:-1], self._rows.decode(values[-1]))
        return self._cls(*self._arguments(values))


class FlexibleCodec(Generic[T]):
    """A table with strings, vectors of bytes or of tables, or several vectors."""

    def __init__(self, cls: type[T], rows: Mapping[str, type], nested: Mapping[str, type]) -> None:
        self._cls = cls
        self._name = cls.__name__
        self._fields = TABLES[self._name].fields
        self._check = _inline_check(self._name)
        self._rows = {field.name: RowsCodec(field, rows) for field in self._fields if field.kind is Kind.STRUCTS}
        self._nested = {field.name: nested[field.of] for field in self._fields if field.kind is Kind.TABLES}

    def encode(self, message: Any) -> bytes:
        """The payload. Raises Unencodable."""
        if self._check is not None:
            self._check(message)
        return write_table(self._name, [self._outward(field, getattr(message, field.name)) for field in self._fields])

    def decode(self, payload: bytes) -> T:
        """The message. Raises Malformed."""
        values = read_table(payload, self._name)
        named = {f.name: self._inward(f, value) for f, value in zip(self._fields, values, strict=True)}
        return self._cls(**named)

    def _outward(self, field: Field, value: Any) -> Any:
        if field.kind is Kind.STRUCTS:
            return self._rows[field.name].encode(value)
        if field.kind is Kind.TABLES:
            return [[getattr(each, inner.name) for inner in TABLES[field.of].fields] for each in value]
        return value

    def _inward(self, field: Field, value: Any) -> Any:
        if field.kind is Kind.STRUCTS:
            return self._rows[field.name].decode(value)
        if field.kind is Kind.TABLES:
            return list(starmap(self._nested[field.name], value))
        return value


class RowsCodec:
    """A vector of structs: a list of row objects, or its plain bytes where the struct has no class."""

    def __init__(self, field: Field, classes: Mapping[str, type]) -> None:
        layout = STRUCTS[field.of]
        self._name = field.of
        self._format = struct.Struct(layout.format)
        self._cls = classes.get(field.of)
        self._id_at = layout.fields.index("client_order_id") if "client_order_id" in layout.fields else None

    def encode(self, rows: Any) -> bytes:
        """The bytes of the rows. Raises Unencodable."""
        if self._cls is None:
            if len(rows) % self._format.size:
                raise Unencodable(f"{len(rows)} bytes are not whole {self._name}")
            return bytes(rows)
        tuples = [msgspec.structs.astuple(row) for row in rows]
        if self._id_at is not None:
            for each in tuples:
                check_id(each[self._id_at])
        try:
            return b"".join(starmap(self._format.pack, tuples))
        except struct.error as error:
            raise Unencodable(f"{self._name}: {error}") from None

    def decode(self, data: bytes) -> Any:
        """Inverse of `encode`; `data` is whole rows."""
        if self._cls is None:
            return data
        return list(starmap(self._cls, self._format.iter_unpack(data)))


def check_id(client_order_id: bytes) -> None:
    """Raise Unencodable unless it is 16 bytes: the struct module would cut or fill it silently."""
    if len(client_order_id) != ID_SIZE:
        raise Unencodable(f"a client order id of {len(client_order_id)} bytes")


ID_SIZE = STRUCTS["ClientId"].size


def _field(table: str, name: str) -> Field:
    return next(field for field in TABLES[table].fields if field.name == name)


def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(cls))


def _inline_check(table: str) -> Callable[[Any], None] | None:
    """A check of the table's inline structs, which all are client order ids, or None."""
    names = [field.name for field in TABLES[table].fields if field.kind is Kind.STRUCT]
    if not names:
        return None
    (name,) = names
    return lambda message: check_id(getattr(message, name))


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that gives the attributes of these names as a tuple."""
    if names == (UNUSED,):
        return lambda message: (0,)
    if len(names) == 1:
        get = attrgetter(names[0])
        return lambda message: (get(message),)
    return attrgetter(*names)


def _arguments(wanted: tuple[str, ...], given: tuple[str, ...]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """A function that puts values named `given` into the order `wanted`."""
    if given == (UNUSED,):
        return lambda values: ()
    if wanted == given:
        return lambda values: values
    return picker(wanted, given)
