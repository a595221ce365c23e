"""Client order ids: sixteen opaque bytes that make a command idempotent.

First byte below 0x20: a UUID (version 7 when we mint it), shown as one. Otherwise one to sixteen characters of
`[A-Za-z0-9._:-]`, padded with NUL, shown as text. The engine compares bytes and nothing else.
"""

import re
import uuid
from typing import Final, NewType

ClientOrderId = NewType("ClientOrderId", bytes)

SIZE: Final = 16
NO_ID: Final = ClientOrderId(bytes(SIZE))
"""All zero: "no client order id". Refused where one is needed."""

_TEXT: Final = re.compile(r"[A-Za-z0-9._:-]{1,16}")


class BadClientOrderId(ValueError):
    """The text is neither a UUID nor a legal client order id."""


def is_uuid(client_order_id: bytes) -> bool:
    """Does the id sort by time, as UUIDv7 do, so that old ones can be refused as stale."""
    return client_order_id[0] < 0x20


def is_valid(client_order_id: bytes) -> bool:
    """May the engine remember this id: not all zero; a text id is legal characters, then only NULs."""
    if client_order_id[0] < 0x20:
        return client_order_id != NO_ID
    return _TEXT.fullmatch(client_order_id.rstrip(b"\0").decode("latin-1")) is not None


def mint(time_ms: int, random: int) -> ClientOrderId:
    """A UUIDv7 for a Unix time in milliseconds and at least 74 random bits.

    The first byte is below 0x20 until the year 3084. Source: RFC 9562, section 5.7.
    """
    value = (time_ms & (2**48 - 1)) << 80
    value |= 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (2**62 - 1)
    return ClientOrderId(value.to_bytes(SIZE, "big"))


def minted_ms(client_order_id: bytes) -> int:
    """When a UUIDv7 was minted, by the clock of whoever did: Unix time in milliseconds. 0: the id does not say."""
    if not is_uuid(client_order_id) or client_order_id[6] >> 4 != 7:
        return 0
    return int.from_bytes(client_order_id[:6], "big")


def parse(text: str) -> ClientOrderId:
    """A UUID or a text id from what a person typed. Raises BadClientOrderId."""
    try:
        candidate = uuid.UUID(text).bytes
    except ValueError:
        candidate = b""
    if candidate and is_uuid(candidate) and candidate != NO_ID:
        return ClientOrderId(candidate)
    if _TEXT.fullmatch(text) is None:
        raise BadClientOrderId(f"{text!r} is not a UUID and not 1 to 16 of the characters A-Z a-z 0-9 . _ : -")
    return ClientOrderId(text.encode().ljust(SIZE, b"\0"))


def show(client_order_id: bytes) -> str:
    """The text form: a UUID, or the text itself. Inverse of `parse`."""
    if is_uuid(client_order_id):
        return str(uuid.UUID(bytes=client_order_id))
    return client_order_id.rstrip(b"\0").decode("latin-1")
