"""Recent orders while a journal is replayed, natively where that was built: the rows that events leave, all at once.

A start looks at millions of commands and remembers a few thousand orders of them. What comes out is what
`RecentOrders.on_commit` makes event by event.
"""

from collections.abc import Iterable, Iterator, Mapping
from struct import Struct
from typing import TYPE_CHECKING, Final

import msgspec

from mexchange.codec.messages import OrderState
from mexchange.daemon.recent_orders import FINISHED_MAX, REJECTED_MAX, AccountOrders, OrderRow

if TYPE_CHECKING:
    from mexchange.native._native import OrderRows

_ROW: Final = Struct("<Q16sqqqqQQqqIBBBqQqBBBxx")
"""The fields of OrderRow; the sum of price times quantity in two halves."""
_HALF: Final = 2**64


class OrderReplay:
    """Frames of the past in, rows out."""

    def __init__(self, rows: "OrderRows") -> None:
        self._rows = rows

    @classmethod
    def new(
        cls, *, finished_all_max: int, states: Mapping[int, OrderState], about_the_id: Iterable[int]
    ) -> "OrderReplay | None":
        """None where the module was not built.

        `states`: of finished orders by DoneReason, CANCELLED for every other one. `about_the_id`: reasons of refusals
        that leave no row.
        """
        try:
            from mexchange.native._native import OrderRows
        except ImportError:
            return None
        by_reason = bytes(states.get(reason, OrderState.CANCELLED) for reason in range(256))
        limits = (FINISHED_MAX, finished_all_max, REJECTED_MAX)
        return cls(OrderRows(*limits, by_reason, OrderState.PARTIALLY_FILLED, OrderState.REJECTED, bytes(about_the_id)))

    def put(self, account: int, orders: AccountOrders) -> None:
        """What is known of an account before the first frame."""
        rows, finished, rejected = orders.saved()
        self._rows.put(account, b"".join(map(_packed, rows)), finished, b"".join(map(_packed, rejected)))

    def apply(self, records: bytes, time_ns: int) -> None:
        """One frame."""
        self._rows.apply(records, time_ns)

    def accounts(self) -> Iterator[tuple[int, AccountOrders]]:
        """What is known after the last."""
        for account, rows, finished, rejected in self._rows.accounts():
            yield account, AccountOrders.restored(_unpacked(rows), finished, _unpacked(rejected))

    def quiet(self) -> list[int]:
        """Accounts with finished orders, the one that finished none for longest first."""
        return self._rows.quiet()


def _packed(row: OrderRow) -> bytes:
    """Row and struct have their fields in one order."""
    *before, ticks_lots, state, done_reason, reject_reason = msgspec.structs.astuple(row)
    return _ROW.pack(*before, ticks_lots % _HALF, ticks_lots // _HALF, state, done_reason, reject_reason)


def _unpacked(rows: bytes) -> list[OrderRow]:
    return [
        OrderRow(*(*before, low + high * _HALF, *ends))
        for *before, low, high, state, done_reason, reject_reason in _ROW.iter_unpack(rows)
        for ends in [(state, done_reason, reject_reason)]
    ]
