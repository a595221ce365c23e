"""What depth chart and tape say when one of their prices is pressed; the ladder says more."""

from textual.message import Message

from mexchange.domain.order import Side


class PricePressed(Message):
    """`side`: of the book's row, or the trade's taker."""

    def __init__(self, side: Side, price: int) -> None:
        super().__init__()
        self.side, self.price = side, price
