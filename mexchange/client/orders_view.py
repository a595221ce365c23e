"""Our orders: those that are open, the last ones that ended, and the last fills.

Fed by the account stream in order. `complete` after a snapshot of the account; without one it knows the orders whose
acceptance it saw, which is all that a one-shot program needs.
"""

from collections import deque
from typing import Final

from mexchange.client.orders import OwnOrder, from_accepted, from_open_order
from mexchange.client.view import View
from mexchange.codec.messages import AccountPage, OrderState
from mexchange.domain.events import Accepted, Amended, Done, Event, Filled, Prevented

FINISHED_MAX: Final = 1_000
FILLS_MAX: Final = 1_000


class OrdersView(View):
    """By order id. The records are live: they change as the stream goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.open: dict[int, OwnOrder] = {}
        self.finished: dict[int, OwnOrder] = {}
        """The last 1,000 that ended, oldest first."""
        self.fills: deque[Filled] = deque(maxlen=FILLS_MAX)
        """Oldest first."""
        self.complete = False
        """Does `open` hold every open order of the account."""
        self.gap = False
        """Is an event known to be missing; what is shown may be wrong until it has come."""
        self.account_sequence = 0
        self._during_snapshot: list[Event] | None = None
        self._listed: set[int] = set()

    def get(self, order_id: int) -> OwnOrder | None:
        """The record of an order, open or not."""
        return self.open.get(order_id) or self.finished.get(order_id)

    def apply(self, events: list[Event]) -> None:
        """Events of the stream, in order."""
        for event in events:
            self.account_sequence = event.account_sequence
            if self._during_snapshot is not None:
                self._during_snapshot.append(event)
            self._apply(event)
        if events:
            self.tell()

    def adopt(self, order: OwnOrder) -> OwnOrder:
        """The one record for this order id, with what is new in the given one."""
        known = self.get(order.order_id)
        if known is None:
            self._keep(order)
            return order
        if known.last_sequence <= order.as_of:
            known.refresh(order)
            self.open.pop(known.order_id, None)
            self.finished.pop(known.order_id, None)
            self._keep(known)
        return known

    def accept(self, event: Accepted) -> OwnOrder:
        """The record of an order that was just accepted, also ahead of its turn in the stream."""
        known = self.get(event.order_id)
        if known is None:
            known = self.open[event.order_id] = from_accepted(event)
        return known

    def begin_snapshot(self) -> None:
        """Pages of the account are being asked for; events go on meanwhile."""
        self._during_snapshot = []
        self._listed = set()

    def page(self, page: AccountPage) -> None:
        """One page. Events later than it are applied again to the orders that it brought."""
        assert self._during_snapshot is not None
        for row in page.orders:
            self._listed.add(row.order_id)
            order = from_open_order(row, page.sequence)
            is_news = self.get(row.order_id) is None
            self.adopt(order)
            if is_news:
                for event in self._during_snapshot:
                    if getattr(event, "order_id", 0) == order.order_id and event.sequence > page.sequence:
                        self._apply(event)

    def give_up_snapshot(self) -> None:
        """The pages will not come."""
        self._during_snapshot = None

    def end_snapshot(self, sequence: int) -> list[OwnOrder]:
        """All pages came, the first at `sequence`. Returns orders that ended while nobody told us how."""
        self._during_snapshot = None
        lost = [
            order
            for order in self.open.values()
            if order.order_id not in self._listed and max(order.last_sequence, order.as_of) <= sequence
        ]
        for order in lost:
            order.state = OrderState.FORGOTTEN
            del self.open[order.order_id]
            self._keep(order)
        self.complete = True
        self.tell()
        return lost

    def _apply(self, event: Event) -> None:
        if isinstance(event, Accepted):
            self.accept(event)
            return
        if not isinstance(event, Filled | Done | Amended | Prevented):
            return
        order = self.get(event.order_id)
        if isinstance(event, Filled) and (order is None or event.sequence > order.as_of):
            self.fills.append(event)
        if order is None or not order.apply(event) or order.is_open:
            return
        self.open.pop(order.order_id, None)
        self._keep(order)

    def _keep(self, order: OwnOrder) -> None:
        if order.is_open:
            self.open[order.order_id] = order
            return
        self.finished[order.order_id] = order
        if len(self.finished) > FINISHED_MAX:
            del self.finished[next(iter(self.finished))]
