"""What ingress does to a block of commands before it is sequenced: judge its bytes, and write in who asked.

Senders may lay out a message as they like, within FlatBuffers; the journal and the engine see one layout only.
"""

from collections.abc import Callable
from typing import Any, Final

from mexchange.codec._generated import MESSAGES, TABLES
from mexchange.codec.blocks import pack
from mexchange.codec.commands import BATCH_TYPES, COMMAND_TYPES
from mexchange.codec.errors import Malformed, UnknownMessage
from mexchange.codec.fixed_table import FixedTable
from mexchange.codec.table_reader import read_table
from mexchange.codec.table_writer import write_table

Names = tuple[str, ...]
Reader = Callable[[bytes], tuple[Any, ...]]
Writer = Callable[[tuple[Any, ...]], bytes]


def canonical(
    message_type: int, correlation: int, payload: bytes, *, account: int | None, actor: int
) -> tuple[bytes, int, int]:
    """The block that goes into the journal, how many commands it holds, and their deadline in ns (0: none).

    `account` is written in unless it is None, as for operators' commands that name the account they act on; `actor` is
    written in where the command has one. Says nothing about enums, amounts or rights. Raises UnknownMessage if the
    type is not a command's, Malformed if the bytes are bad or hold no command.
    """
    batch = BATCH_TYPES.get(message_type)
    if batch is not None:
        given, _, deadline_ns, rows = batch.read(payload)
        if not rows:
            raise Malformed(f"{batch.name} without a command")
        values = (given if account is None else account, actor, deadline_ns)
        count = len(rows) // batch.row.size
        return pack(message_type, batch.write(values, rows), correlation), count, deadline_ns
    if message_type not in COMMAND_TYPES:
        raise UnknownMessage(message_type)
    names, read, write = _SINGLE[message_type]
    named = dict(zip(names, read(payload), strict=True))
    if "account" in named and account is not None:
        named["account"] = account
    if "actor" in named:
        named["actor"] = actor
    return pack(message_type, write(tuple(named.values())), correlation), 1, named.get("deadline_ns", 0)


def _single(name: str) -> tuple[Names, Reader, Writer]:
    """Names of a command's values, and the functions that read and write them in that order."""
    layout = TABLES[name]
    if layout.fixed is not None:
        table = FixedTable(name)
        return table.order, table.read, table.write
    names = tuple(field.name for field in layout.fields)
    return names, lambda payload: tuple(read_table(payload, name)), lambda values: write_table(name, values)


_SINGLE: Final[dict[int, tuple[Names, Reader, Writer]]] = {
    number: _single(name) for number, name in MESSAGES.items() if number in COMMAND_TYPES and number not in BATCH_TYPES
}
