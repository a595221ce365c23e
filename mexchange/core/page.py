"""What all answers to questions share: how much a datagram takes, and how to say no."""

from typing import Final

from mexchange.codec import encode
from mexchange.codec.blocks import DATAGRAM_BLOCKS_MAX
from mexchange.codec.messages import Message, QueryRefused
from mexchange.domain.rejects import REJECTS, RejectReason

_FIELDS_SIZE: Final = 40
"""What lists and a cursor add to a page besides their rows, padding included."""


def room(page: Message, row_size: int) -> int:
    """How many rows of this size still fit into a datagram with the page."""
    return (DATAGRAM_BLOCKS_MAX - len(encode(page)) - _FIELDS_SIZE) // row_size


def refused(reason: RejectReason) -> QueryRefused:
    """No such thing."""
    return QueryRefused(REJECTS[reason].code, REJECTS[reason].text)
