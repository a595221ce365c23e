"""The struct formats of a record: 80 bytes, of which the last 64 are the event. Slots by kind: schemas/events.fbs.

    account u64 | account_sequence u64
    sequence u64 | kind u8 | flags u8 | info u16 | market u32 | order_id u64 | v0 .. v4

A record has one of three shapes: a client order id and three values; five values; or five values of which the first is
an id without sign.
"""

import struct
from typing import Final

from mexchange.codec._generated import STRUCTS

RECORD_SIZE: Final = STRUCTS["RecordS"].size
EVENT_SIZE: Final = STRUCTS["EventS"].size
EVENT_AT: Final = RECORD_SIZE - EVENT_SIZE
"""Where the event begins in its record."""
KIND_AT: Final = EVENT_AT + 8
"""Where the kind stands in a record."""

SIDE_BITS: Final = 3
MAKER_BIT: Final = 4
KEEPS_PLACE_BIT: Final = 8

_HEAD: Final = "QQQBBHIQ"
NAMED: Final = struct.Struct(f"<{_HEAD}16sqqq")
"""v0 and v1 are a client order id."""
OWNED: Final = struct.Struct(f"<{_HEAD}16sQqq")
"""As NAMED, v2 without sign: an owner."""
LINKED: Final = struct.Struct(f"<{_HEAD}Qqqqq")
"""v0 is the id of a trade or an order."""
PLAIN: Final = struct.Struct(f"<{_HEAD}qqqqq")
EVENT_HEAD: Final = struct.Struct("<QQ")
"""Account and account sequence, before the event."""
RECORD: Final = struct.Struct(f"<QQ{EVENT_SIZE}s")
"""A whole record: account, account sequence, event."""

assert {shape.size for shape in (NAMED, OWNED, LINKED, PLAIN)} == {RECORD_SIZE}
assert EVENT_HEAD.size == EVENT_AT
assert RECORD.size == RECORD_SIZE
