"""Price levels in order, and within each the orders in time: put in, take out, make smaller.

Every change marks its level as touched; `levels_changed` reports and clears the marks at the end of a command.
"""

from mexchange.codec.events import pack_level_changed
from mexchange.core.state import Book, BookSide, Level, Order
from mexchange.domain.order import Side

BUY = int(Side.BUY)


def own_side(book: Book, side: int) -> BookSide:
    """Where an order of this side rests."""
    return book.bids if side == BUY else book.asks


def opposite_side(book: Book, side: int) -> BookSide:
    """What an order of this side trades with."""
    return book.asks if side == BUY else book.bids


def crosses(opposite: BookSide, price: int) -> bool:
    """Would an order at this price trade with the best of that side."""
    best = opposite.best
    return best is not None and best.key <= price * opposite.sign


def rest(book: Book, order: Order) -> None:
    """Last in time at its price."""
    side = own_side(book, order.side)
    key = order.price * side.sign
    level = side.levels.get(key)
    if level is None:
        level = side.levels[key] = Level(key, order.price)
        side.keys.add(key)
        if side.best is None or key < side.best.key:
            side.best = level
    tail = level.tail
    if tail is None:
        level.head = order
    else:
        tail.next = order
        order.previous = tail
    level.tail = order
    level.quantity += order.leaves
    level.orders += 1
    side.touched[key] = None
    book.orders[order.order_id] = order


def reduce(book: Book, order: Order, lots: int) -> None:
    """The resting order wants this many lots less, and keeps its place. It may be left with none."""
    side = own_side(book, order.side)
    key = order.price * side.sign
    level = side.levels[key]
    order.leaves -= lots
    level.quantity -= lots
    side.touched[key] = None


def take_out(book: Book, order: Order) -> None:
    """The order rests no longer; a level without orders goes."""
    side = own_side(book, order.side)
    key = order.price * side.sign
    level = side.levels[key]
    before, after = order.previous, order.next
    if before is None:
        level.head = after
    else:
        before.next = after
        order.previous = None
    if after is None:
        level.tail = before
    else:
        after.previous = before
        order.next = None
    level.quantity -= order.leaves
    level.orders -= 1
    side.touched[key] = None
    del book.orders[order.order_id]
    if level.head is None:
        _remove_level(side, level)


def _remove_level(side: BookSide, level: Level) -> None:
    assert level.quantity == 0
    assert level.orders == 0
    del side.levels[level.key]
    side.keys.remove(level.key)
    if side.best is level:
        side.best = side.levels[side.keys[0]] if side.keys else None


def levels_changed(book: Book, sequence: int, out: list[bytes]) -> None:
    """LevelChanged for each touched level, bids first, in the order in which they were first touched."""
    for side in (book.bids, book.asks):
        if side.touched:
            for key in side.touched:
                level = side.levels.get(key)
                quantity, orders = (level.quantity, level.orders) if level is not None else (0, 0)
                out.append(pack_level_changed(sequence, book.market_id, side.side, key * side.sign, quantity, orders))
            side.touched.clear()
