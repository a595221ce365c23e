"""The queue estimate follows two sources, one of which is ahead of the other."""

from mexchange.client.book_view import BookView
from mexchange.client.orders import OwnOrder
from mexchange.client.orders_view import OrdersView
from mexchange.codec.messages import Level
from mexchange.domain.client_id import NO_ID
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Ticks
from mexchange.tui.trading.own_queue import OwnQueue

PRICE = Ticks(99_996)


class Book(BookView):
    """With one level of bids."""

    def tell_of(self, quantity: int, *, sequence: int) -> None:
        """What the conflated book shows now."""
        self.sequence = sequence
        self._levels(Side.BUY)[:] = [Level(PRICE, Lots(quantity), 1, Side.BUY)]


def order(order_id: int, *, sequence: int) -> OwnOrder:
    return OwnOrder(
        order_id=order_id, client_order_id=NO_ID, market=1, side=Side.BUY, price=PRICE, quantity=1_000, leaves=1_000,
        placed_sequence=sequence, last_sequence=sequence,
    )  # fmt: skip


def test_a_book_that_does_not_show_our_order_yet_takes_nothing_from_ahead_of_it() -> None:
    queue, book, orders = OwnQueue(), Book(1), OrdersView()
    book.tell_of(928, sequence=10)
    orders.open[7] = order(7, sequence=11)
    queue.follow(book, orders, [], 1)
    assert queue.positions.ahead(7) == 928
    book.tell_of(1_928, sequence=11)
    queue.follow(book, orders, [], 1)
    assert queue.positions.ahead(7) == 928
    orders.open[8] = order(8, sequence=12)
    queue.follow(book, orders, [], 1)
    assert queue.positions.ahead(8) == 1_928
    book.tell_of(2_500, sequence=12)
    queue.follow(book, orders, [], 1)
    assert (queue.positions.ahead(7), queue.positions.ahead(8)) == (500, 1_500)
