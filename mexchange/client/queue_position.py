"""What stands ahead of our orders at their price: an estimate that is never too small, from what everybody may see.

An order joins the end of its level. What was there is ahead of it, and leaves by trades at that price, which take
from the front. A level that shrinks without a trade lost an order somewhere: it is taken to be one behind ours, until
less is left than stood ahead. Our own earlier orders count as being ahead of the later ones.

    ahead = level at entry − trades since, and never more than level − own leaves from this order on
"""

import msgspec

from mexchange.domain.order import Side
from mexchange.domain.units import OrderId, Ticks

_Place = tuple[Side, int]


class _Queued(msgspec.Struct):
    """One of our orders in a queue; lots."""

    order_id: int
    side: Side
    price: int
    leaves: int
    ahead: int


class QueuePositions:
    """Of one market. Levels are those of the ungrouped book; a level that is not told stays as it was."""

    def __init__(self) -> None:
        self._orders: dict[int, _Queued] = {}
        self._places: dict[_Place, list[_Queued]] = {}

    def placed(self, order_id: int, side: Side, price: int, leaves: int, *, level: int, is_counted: bool) -> None:
        """Ours joined the end of a level of `level` lots; `is_counted`: that figure includes it already."""
        self.gone(order_id)
        queued = _Queued(order_id, side, price, leaves, max(level - leaves, 0) if is_counted else level)
        self._orders[order_id] = queued
        self._places.setdefault((side, price), []).append(queued)

    def reduced(self, order_id: int, leaves: int) -> None:
        """Ours got smaller and kept its place."""
        if (queued := self._orders.get(order_id)) is not None:
            queued.leaves = leaves

    def filled(self, order_id: int, leaves: int) -> None:
        """Ours was traded with: nothing is ahead of it. At 0 leaves it is gone."""
        if (queued := self._orders.get(order_id)) is None:
            return
        queued.leaves, queued.ahead = leaves, 0
        if not leaves:
            self.gone(order_id)

    def gone(self, order_id: int) -> None:
        """Ours left the book."""
        if (queued := self._orders.pop(order_id, None)) is None:
            return
        at_place = self._places[queued.side, queued.price]
        at_place.remove(queued)
        if not at_place:
            del self._places[queued.side, queued.price]

    def traded(self, side: Side, price: int, quantity: int) -> None:
        """A public trade took from that side's level, from its front."""
        for queued in self._places.get((side, price), ()):
            queued.ahead = max(queued.ahead - quantity, 0)

    def level(self, side: Side, price: int, quantity: int) -> None:
        """What a level holds now, our orders included."""
        ours = 0
        for queued in reversed(self._places.get((side, price), ())):
            ours += queued.leaves
            queued.ahead = min(queued.ahead, max(quantity - ours, 0))

    def ahead(self, order_id: int) -> int | None:
        """Lots ahead of this order at most; None: it is not in a queue that we know."""
        queued = self._orders.get(order_id)
        return None if queued is None else queued.ahead

    def first_ahead(self, side: Side, price: int) -> int | None:
        """Lots ahead of our first order at a price."""
        at_place = self._places.get((side, price))
        return at_place[0].ahead if at_place else None

    def places(self) -> list[tuple[Side, Ticks]]:
        """Where we stand."""
        return [(side, Ticks(price)) for side, price in self._places]

    def orders(self) -> list[OrderId]:
        """Which of ours are known."""
        return [OrderId(order_id) for order_id in self._orders]
