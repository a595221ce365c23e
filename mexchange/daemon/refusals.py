"""A "no" given before the journal: a Rejected event per command, with no sequence, to the asker alone."""

from mexchange.codec import CodecError, MessageType, decode_commands, encode
from mexchange.codec.events import EVENT_AT, pack_rejected
from mexchange.codec.messages import Reports
from mexchange.codec.raw import AMENDS, CANCELS, NEW_ORDERS
from mexchange.daemon.reports import EVENTS_PER_BLOCK
from mexchange.domain.client_id import NO_ID
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, TimeNs

Named = tuple[int, int, bytes]
"""Market, order id and client order id of a command, as far as it has them."""


def refusal_blocks(
    message_type: int, correlation: int, payload: bytes, *, account: int, reason: RejectReason, time_ns: int
) -> list[bytes]:
    """The Reports that refuse every command of a block; one without a name if the block cannot be read."""
    events = [
        pack_rejected(account, 0, 0, market, order_id, client_order_id, reason, 0)[EVENT_AT:]
        for market, order_id, client_order_id in _named(message_type, payload)
    ]
    return [
        encode(
            Reports(AccountId(account), 0, TimeNs(time_ns), b"".join(events[at : at + EVENTS_PER_BLOCK])), correlation
        )
        for at in range(0, len(events), EVENTS_PER_BLOCK)
    ]


def _named(message_type: int, payload: bytes) -> list[Named]:
    try:
        return _read(message_type, payload) or [(0, 0, NO_ID)]
    except CodecError:
        return [(0, 0, NO_ID)]


def _read(message_type: int, payload: bytes) -> list[Named]:
    if message_type == MessageType.NEW_ORDERS:
        rows = NEW_ORDERS.read(payload)[-1]
        return [(row[4], 0, row[0]) for row in NEW_ORDERS.row.iter_unpack(rows)]
    if message_type == MessageType.CANCELS:
        rows = CANCELS.read(payload)[-1]
        return [(0, row[2], row[0]) for row in CANCELS.row.iter_unpack(rows)]
    if message_type == MessageType.AMENDS:
        rows = AMENDS.read(payload)[-1]
        return [(0, row[1], row[0]) for row in AMENDS.row.iter_unpack(rows)]
    return [
        (int(getattr(command, "market", 0)), 0, command.client_order_id)
        for command in decode_commands(message_type, payload)
        if hasattr(command, "client_order_id")
    ]
