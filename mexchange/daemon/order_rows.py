"""The recent orders of all accounts, moved by records: event by event here, natively where that was built.

What both leave, find and list is the same to the last row.
"""

from itertools import islice
from struct import Struct
from typing import Final, Protocol

from mexchange.codec.events import RECORD_SIZE
from mexchange.codec.messages import OrderState
from mexchange.daemon.recent_orders import AccountOrders, OrderRow, SavedOrders
from mexchange.domain.events import EventKind
from mexchange.domain.order import DoneReason
from mexchange.domain.rejects import RejectReason

ABOUT_THE_ID: Final = frozenset({RejectReason.CLIENT_ID_REUSED, RejectReason.STALE_CLIENT_ID})
"""Refusals that leave open what became of the first request of that id."""
STATES: Final[dict[int, OrderState]] = {
    DoneReason.FILLED: OrderState.FILLED,
    DoneReason.DUST: OrderState.FILLED,
    DoneReason.EXPIRED: OrderState.EXPIRED,
}
"""State of a finished order; every other reason cancels it."""

_RECORD: Final = Struct("<Q8xQBBHIQ16sqqq")
assert _RECORD.size == RECORD_SIZE
_LINK: Final = Struct("<qq")
"""The two values of a fill or a prevented trade that stand where others have a client order id."""
_ACCEPTED: Final = int(EventKind.ACCEPTED)
_FILLED: Final = int(EventKind.FILLED)
_DONE: Final = int(EventKind.DONE)
_AMENDED: Final = int(EventKind.AMENDED)
_REJECTED: Final = int(EventKind.REJECTED)
_PREVENTED: Final = int(EventKind.PREVENTED)
_SIDE_BITS: Final = 3


class OrderRows(Protocol):
    """Rows of orders by account."""

    def __init__(self, *, finished_all_max: int) -> None:
        """`finished_all_max`: finished orders that are remembered of all accounts together."""
        ...

    def apply(self, records: bytes, time_ns: int) -> None:
        """The records of one frame."""
        ...

    def find(self, account: int, order_id: int, client_order_id: bytes) -> OrderRow | None:
        """The order of this id, or if that is 0 of this client order id."""
        ...

    def newest(self, account: int, *, before: int, open_only: bool, market: int, limit: int) -> list[OrderRow]:
        """At most `limit` rows with ids below `before` (0: any), newest first, of one market (0: all)."""
        ...

    def saved(self) -> list[SavedOrders]:
        """Of all accounts, by number."""
        ...

    def restore(self, saved: SavedOrders) -> None:
        """An account of which nothing is known yet."""
        ...


class PythonOrderRows:
    """Implements OrderRows without the native module."""

    def __init__(self, *, finished_all_max: int) -> None:
        self._finished_all_max = finished_all_max
        self._accounts: dict[int, AccountOrders] = {}
        self._quiet: dict[int, None] = {}
        """Accounts with finished orders, the one that finished none for longest first."""
        self._finished = 0
        """Finished orders that are remembered."""

    def apply(self, records: bytes, time_ns: int) -> None:
        """The records of one frame."""
        accounts = self._accounts
        for record in _RECORD.iter_unpack(records):
            account, sequence, kind, flags, info, market, order_id, name, v2, v3, v4 = record
            if kind > _PREVENTED or not account:
                continue
            if kind == _ACCEPTED:
                orders = accounts.get(account) or self._open(account)
                side, type_tif, order_flags = flags & _SIDE_BITS, info & 0xFF, info >> 8
                placed = (sequence, sequence, time_ns, time_ns, market, side, type_tif, order_flags)
                orders.add(OrderRow(order_id, name, v2, v3, v3, v4, *placed))
            elif kind == _REJECTED:
                if info in ABOUT_THE_ID:
                    continue
                orders = accounts.get(account) or self._open(account)
                orders.reject(_rejected(order_id, name, sequence, time_ns, market, info))
            elif (row := self.find(account, order_id, b"")) is not None:
                self._change(account, row, kind, info, name, v2, v3, v4)
                row.last_sequence, row.last_ns = sequence, time_ns

    def find(self, account: int, order_id: int, client_order_id: bytes) -> OrderRow | None:
        """The order of this id, or if that is 0 of this client order id."""
        orders = self._accounts.get(account)
        return orders.find(order_id, client_order_id) if orders is not None else None

    def newest(self, account: int, *, before: int, open_only: bool, market: int, limit: int) -> list[OrderRow]:
        """At most `limit` rows with ids below `before` (0: any), newest first, of one market (0: all)."""
        orders = self._accounts.get(account) or AccountOrders()
        return list(islice(orders.newest(before=before, open_only=open_only, market=market), limit))

    def saved(self) -> list[SavedOrders]:
        """Of all accounts, by number."""
        return [orders.saved(account) for account, orders in sorted(self._accounts.items())]

    def restore(self, saved: SavedOrders) -> None:
        """An account of which nothing is known yet."""
        orders = self._accounts[saved.account] = AccountOrders.restored(saved)
        self._finished += orders.finished
        if orders.finished:
            self._quiet[saved.account] = None

    def _change(
        self, account: int, row: OrderRow, kind: int, info: int, name: bytes, v2: int, v3: int, v4: int
    ) -> None:
        """Slots by kind: schemas/events.fbs."""
        if kind == _FILLED:
            row.leaves = v3
            row.filled += v2
            row.ticks_lots += _LINK.unpack(name)[1] * v2
            row.state = OrderState.PARTIALLY_FILLED
        elif kind == _DONE:
            row.leaves, row.filled, row.done_reason = v2, v3, info
            row.state = STATES.get(info, OrderState.CANCELLED)
            self._finish(account, row)
        elif kind == _AMENDED:
            row.price, row.quantity, row.leaves = v2, v3, v4
        elif kind == _PREVENTED:
            row.leaves = v3

    def _finish(self, account: int, row: OrderRow) -> None:
        orders = self._accounts[account]
        self._finished -= orders.finished
        orders.finish(row)
        self._finished += orders.finished
        self._quiet.pop(account, None)
        self._quiet[account] = None
        while self._finished > self._finished_all_max:
            self._forget(next(iter(self._quiet)))

    def _forget(self, account: int) -> None:
        """The finished orders of an account make room for those of others."""
        orders = self._accounts[account]
        self._finished -= orders.finished
        orders.forget_finished()
        del self._quiet[account]
        if not orders.rows:
            del self._accounts[account]

    def _open(self, account: int) -> AccountOrders:
        orders = self._accounts[account] = AccountOrders()
        return orders


def _rejected(order_id: int, name: bytes, sequence: int, time_ns: int, market: int, reason: int) -> OrderRow:
    """A request that changed nothing; `order_id` is the order that it named, or 0."""
    moment = (sequence, sequence, time_ns, time_ns)
    return OrderRow(
        order_id, name, 0, 0, 0, 0, *moment, market, 0, 0, 0, state=OrderState.REJECTED, reject_reason=reason
    )
