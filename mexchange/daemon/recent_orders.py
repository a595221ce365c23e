"""The recent orders of one account: those that are open, and the last that are finished.

Rows stand in order of order id. Rejected orders have no order id; the last of them are known by client order id.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from typing import Final

import msgspec

from mexchange.codec.messages import OrderState

FINISHED_MAX: Final = 500
"""Finished orders that are remembered of one account."""
REJECTED_MAX: Final = 100
"""Rejected requests that are remembered of one account."""


class OrderRow(msgspec.Struct, array_like=True, gc=False):
    """An order as its events left it. The fields are those of OrderSummaryS."""

    order_id: int
    client_order_id: bytes
    price: int
    quantity: int
    leaves: int
    expiry_ns: int
    placed_sequence: int
    last_sequence: int
    placed_ns: int
    last_ns: int
    market: int
    side: int
    type_tif: int
    flags: int
    filled: int = 0
    ticks_lots: int = 0
    """Price times quantity, summed over its fills."""
    state: int = OrderState.OPEN
    done_reason: int = 0
    reject_reason: int = 0

    @property
    def is_open(self) -> bool:
        """May it still be filled."""
        return self.state in (OrderState.OPEN, OrderState.PARTIALLY_FILLED)


class SavedOrders(msgspec.Struct, array_like=True):
    """The recent orders of one account, as a snapshot has them."""

    account: int
    rows: list[OrderRow]
    """By order id, ascending."""
    finished: list[int]
    """Those of them that are done, in the order in which they finished."""
    rejected: list[OrderRow]
    """Oldest first."""


class AccountOrders:
    """What one account's recent orders came to."""

    __slots__ = ("_finished", "_ids", "_names", "_rejected", "rows")

    def __init__(self) -> None:
        self.rows: dict[int, OrderRow] = {}
        """By order id, ascending."""
        self._names: dict[bytes, int] = {}
        """Client order id → order id, of the rows."""
        self._finished: deque[int] = deque()
        self._rejected: dict[bytes, OrderRow] = {}
        self._ids: list[int] | None = None

    def add(self, row: OrderRow) -> None:
        """A new order. Its id is the greatest so far."""
        self.rows[row.order_id] = row
        self._names[row.client_order_id] = row.order_id
        self._ids = None

    @property
    def finished(self) -> int:
        """How many finished orders are remembered."""
        return len(self._finished)

    def finish(self, row: OrderRow) -> None:
        """The order is done; the oldest finished one may be forgotten for it."""
        self._finished.append(row.order_id)
        if len(self._finished) > FINISHED_MAX:
            self._forget_oldest()

    def forget_finished(self) -> None:
        """Keep the open orders alone."""
        while self._finished:
            self._forget_oldest()
        self._rejected.clear()

    def _forget_oldest(self) -> None:
        gone = self.rows.pop(self._finished.popleft())
        if self._names.get(gone.client_order_id) == gone.order_id:
            del self._names[gone.client_order_id]
        self._ids = None

    def reject(self, row: OrderRow) -> None:
        """A request that changed nothing."""
        self._rejected[row.client_order_id] = row
        if len(self._rejected) > REJECTED_MAX:
            del self._rejected[next(iter(self._rejected))]

    def find(self, order_id: int, client_order_id: bytes) -> OrderRow | None:
        """The order of this id, or if that is 0 of this client order id."""
        if order_id:
            return self.rows.get(order_id)
        known = self._names.get(client_order_id)
        return self.rows[known] if known is not None else self._rejected.get(client_order_id)

    def newest(self, *, before: int, open_only: bool, market: int) -> Iterator[OrderRow]:
        """Rows with ids below `before` (0: any), newest first, of one market (0: all)."""
        if self._ids is None:
            self._ids = list(self.rows)
        ids = self._ids
        for index in range((bisect_left(ids, before) if before else len(ids)) - 1, -1, -1):
            row = self.rows[ids[index]]
            if (row.is_open or not open_only) and market in (0, row.market):
                yield row

    def saved(self, account: int) -> SavedOrders:
        """Everything, as that of this account."""
        return SavedOrders(account, list(self.rows.values()), list(self._finished), list(self._rejected.values()))

    @classmethod
    def restored(cls, saved: SavedOrders) -> "AccountOrders":
        """Inverse of `saved`."""
        orders = cls()
        for row in saved.rows:
            orders.add(row)
        orders._finished.extend(saved.finished)
        for row in saved.rejected:
            orders.reject(row)
        return orders
