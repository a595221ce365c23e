"""The recent orders of all accounts, kept natively: what `order_rows.PythonOrderRows` makes event by event.

An order becomes an object only for somebody who asks about it. Importing this fails with ImportError where the module
was not built.
"""

from struct import Struct
from typing import Final

import msgspec

from mexchange.codec.messages import OrderState
from mexchange.daemon.order_rows import ABOUT_THE_ID, STATES
from mexchange.daemon.recent_orders import FINISHED_MAX, REJECTED_MAX, OrderRow, SavedOrders
from mexchange.native._native import OrderRows

_ROW: Final = Struct("<Q16sqqqqQQqqIBBBqQqBBBxx")
"""The fields of OrderRow; the sum of price times quantity in two halves."""
_HALF: Final = 2**64
_STATE_BY_REASON: Final = bytes(STATES.get(reason, OrderState.CANCELLED) for reason in range(256))


class NativeOrderRows:
    """Implements order_rows.OrderRows."""

    def __init__(self, *, finished_all_max: int) -> None:
        limits = (FINISHED_MAX, finished_all_max, REJECTED_MAX)
        states = (_STATE_BY_REASON, OrderState.PARTIALLY_FILLED, OrderState.REJECTED)
        self._rows = OrderRows(*limits, *states, bytes(sorted(ABOUT_THE_ID)))

    def apply(self, records: bytes, time_ns: int) -> None:
        """The records of one frame."""
        self._rows.apply(records, time_ns)

    def find(self, account: int, order_id: int, client_order_id: bytes) -> OrderRow | None:
        """The order of this id, or if that is 0 of this client order id."""
        rows = _unpacked(self._rows.find(account, order_id, client_order_id))
        return rows[0] if rows else None

    def newest(self, account: int, *, before: int, open_only: bool, market: int, limit: int) -> list[OrderRow]:
        """At most `limit` rows with ids below `before` (0: any), newest first, of one market (0: all)."""
        return _unpacked(self._rows.newest(account, before, open_only, market, limit))

    def saved(self) -> list[SavedOrders]:
        """Of all accounts, by number."""
        return [
            SavedOrders(account, _unpacked(rows), finished, _unpacked(rejected))
            for account, rows, finished, rejected in self._rows.saved()
        ]

    def restore(self, saved: SavedOrders) -> None:
        """An account of which nothing is known yet."""
        self._rows.restore(saved.account, _packed(saved.rows), saved.finished, _packed(saved.rejected))


def _packed(rows: list[OrderRow]) -> bytes:
    return b"".join(map(_packed_row, rows))


def _packed_row(row: OrderRow) -> bytes:
    """Row and struct have their fields in one order."""
    *before, ticks_lots, state, done_reason, reject_reason = msgspec.structs.astuple(row)
    return _ROW.pack(*before, ticks_lots % _HALF, ticks_lots // _HALF, state, done_reason, reject_reason)


def _unpacked(rows: bytes) -> list[OrderRow]:
    return [
        OrderRow(*(*before, low + high * _HALF, state, done_reason, reject_reason))
        for *before, low, high, state, done_reason, reject_reason in _ROW.iter_unpack(rows)
    ]
