"""The exchange's numbers as UUIDs, which older programs expect, and back: nothing is looked up.

6d786f72-SSSS-8000-8000-CCCCCCCCCCCC      version 8 (RFC 9562): four letters say what it is, then the number's
││││││││ └─ upper 16 bits    └─ lower 48  upper and lower bits
"""

import uuid
from typing import Final

ORDER: Final = b"mxor"
OWNER: Final = b"mxow"
TRADE: Final = b"mxtr"
_FIXED: Final = 0x8000_8000
_LOW_BITS: Final = 48
_LOW: Final = (1 << _LOW_BITS) - 1


def show(kind: bytes, number: int) -> str:
    """The UUID of a number of 64 bits."""
    high, low = number >> _LOW_BITS, number & _LOW
    return str(uuid.UUID(int=int.from_bytes(kind, "big") << 96 | high << 80 | _FIXED << 48 | low))


def parse(kind: bytes, shown: str) -> int | None:
    """The number of a UUID that `show` made; None for any other text."""
    try:
        value = uuid.UUID(shown).int
    except ValueError:
        return None
    if value >> 96 != int.from_bytes(kind, "big") or value >> 48 & 0xFFFF_FFFF != _FIXED:
        return None
    return (value >> 80 & 0xFFFF) << _LOW_BITS | value & _LOW


def trade(market: int, trade_id: int) -> str:
    """The UUID of a trade: trade ids count within their market."""
    return show(TRADE, (market & 0xFFFF) << _LOW_BITS | trade_id & _LOW)
