"""Feeds the queue estimate of the shown market from the book, the own orders and the public trades, frame by frame."""

from collections.abc import Iterable
from typing import Final

from mexchange.client.book_view import BookView
from mexchange.client.orders import OwnOrder
from mexchange.client.orders_view import OrdersView
from mexchange.client.queue_position import QueuePositions
from mexchange.codec.messages import Trade
from mexchange.domain.order import OrderType, Side

_Key = tuple[int, int]
"""Price and total quantity: another price is another place."""


class OwnQueue:
    """Of one market. A grouped book does not tell levels of single prices: the estimate then rests."""

    def __init__(self) -> None:
        self.positions: Final = QueuePositions()
        self._known: dict[int, _Key] = {}
        self._last_trade = 0

    def follow(self, book: BookView, orders: OrdersView, trades: Iterable[Trade], market: int) -> None:
        """What has changed since the last time. `trades`: newest first."""
        self._follow_trades(trades)
        if book.group_ticks != 1:
            return
        levels: dict[tuple[Side, int], int] = {(Side.BUY, level.price): level.quantity for level in book.bids}
        levels |= {(Side.SELL, level.price): level.quantity for level in book.asks}
        resting = {
            order.order_id: order
            for order in orders.open.values()
            if order.market == market and order.order_type is OrderType.LIMIT
        }
        for order_id in [each for each in self._known if each not in resting]:
            del self._known[order_id]
            self.positions.gone(order_id)
        for order in sorted(resting.values(), key=lambda each: each.order_id):
            self._follow_order(order, levels, book.sequence)
        ahead_of_book = {(order.side, order.price) for order in resting.values() if order.last_sequence > book.sequence}
        for side, price in self.positions.places():
            # The account's stream is ahead of the conflated book: a level without our order says nothing of its place.
            if (quantity := levels.get((side, price))) is not None and (side, price) not in ahead_of_book:
                self.positions.level(side, price, quantity)

    def _follow_order(self, order: OwnOrder, levels: dict[tuple[Side, int], int], sequence: int) -> None:
        before, now = self._known.get(order.order_id), (order.price, order.quantity)
        if before is not None and before[0] == order.price and order.quantity <= before[1]:
            self.positions.reduced(order.order_id, order.leaves)
        elif before != now:
            level = levels.get((order.side, order.price), 0)
            self.positions.placed(
                order.order_id, order.side, order.price, order.leaves,
                level=level, is_counted=sequence >= order.last_sequence,
            )  # fmt: skip
        self._known[order.order_id] = now

    def _follow_trades(self, trades: Iterable[Trade]) -> None:
        fresh = []
        for trade in trades:
            if trade.trade_id <= self._last_trade:
                break
            fresh.append(trade)
        if self._last_trade:
            for trade in reversed(fresh):
                self.positions.traded(Side(trade.side).opposite, trade.price, trade.quantity)
        if fresh:
            self._last_trade = fresh[0].trade_id
