"""Price, then time. Knows books and orders, and nothing of accounts, balances or fees.

`match` lets a taker walk the other side and returns what happened, step by step; who pays whom is settled afterwards.
Orders of one owner do not trade with each other: the taker's mode says what happens instead.

Filled so far, a taker ends for one of these reasons, or may rest:

    nothing left                       FILLED
    met an own order                   SELF_TRADE           cancel taker, cancel both, decremented to nothing
    market: other side empty           NO_LIQUIDITY
    market: next price beyond its own  PROTECTION_PRICE
    quote amount: one lot is too dear  DUST
    limit, IOC                         IMMEDIATE_REMAINDER
"""

from typing import Final

import msgspec

from mexchange.core.book import crosses, opposite_side, reduce, take_out
from mexchange.core.state import Book, BookSide, Level, Order
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, TimeInForce
from mexchange.domain.units import PRICE_MAX, Lots, Ticks

NONE: Final = int(SelfTradePrevention.NONE)
MARKET: Final = int(OrderType.MARKET)
IOC: Final = int(TimeInForce.IOC)
FOK: Final = int(TimeInForce.FOK)
POST_ONLY: Final = int(OrderFlag.POST_ONLY)
SLIDE: Final = int(OrderFlag.SLIDE)
QUOTE_AMOUNT: Final = int(OrderFlag.QUOTE_AMOUNT)


class Trade(msgspec.Struct, frozen=True, gc=False):
    """Taker met maker at the maker's price."""

    maker: Order
    price: Ticks
    quantity: int
    trade_id: int
    maker_leaves: int
    taker_leaves: int


class Prevention(msgspec.Struct, frozen=True, gc=False):
    """Taker met an order of the same owner. `decremented` lots were taken off both."""

    maker: Order
    price: Ticks
    quantity: int
    decremented: int
    maker_leaves: int
    taker_leaves: int
    maker_ends: bool


Step = Trade | Prevention


def may_enter(book: Book, order: Order) -> bool:
    """Would a post-only order rest, if need be after a slide. Changes nothing."""
    opposite = opposite_side(book, order.side)
    if not crosses(opposite, order.price):
        return True
    return bool(order.flags & SLIDE) and 1 <= _slide_price(opposite) <= PRICE_MAX


def slide(book: Book, order: Order) -> None:
    """A post-only order that may enter gets a price at which it rests: one tick off the opposite best."""
    opposite = opposite_side(book, order.side)
    if crosses(opposite, order.price):
        order.price = Ticks(_slide_price(opposite))


def _slide_price(opposite: BookSide) -> int:
    assert opposite.best is not None
    return opposite.best.price - opposite.sign


def match(book: Book, taker: Order, atoms_per_tick_lot: int) -> tuple[list[Step], DoneReason | None]:
    """Trade as far as price and quantity allow. Returns the steps, and why the taker ends, or None if it is to rest.

    The taker is not in the book. Makers without leaves have left it.
    """
    opposite = opposite_side(book, taker.side)
    if taker.time_in_force == FOK and not fills_whole(opposite, taker, atoms_per_tick_lot):
        return [], DoneReason.FILL_OR_KILL
    is_quote_amount = taker.flags & QUOTE_AMOUNT
    limit = taker.price * opposite.sign
    steps: list[Step] = []
    while taker.leaves:
        level = opposite.best
        if level is None or level.key > limit:
            break
        maker = level.head
        assert maker is not None
        unit = level.price * atoms_per_tick_lot if is_quote_amount else 1
        quantity = min(taker.leaves // unit, maker.leaves)  # floor: never more than the amount buys
        if quantity == 0:
            return steps, DoneReason.DUST
        if maker.owner == taker.owner and taker.self_trade_prevention != NONE:
            if _prevent(book, taker, maker, quantity, unit, steps):
                return steps, DoneReason.SELF_TRADE
        else:
            _trade(book, level, taker, maker, quantity, unit, steps)
            opposite.touched[level.key] = None
    return steps, _ending(taker, opposite)


def _trade(book: Book, level: Level, taker: Order, maker: Order, quantity: int, unit: int, steps: list[Step]) -> None:
    taker.leaves -= quantity * unit
    taker.filled += quantity
    maker.leaves -= quantity
    maker.filled += quantity
    level.quantity -= quantity
    book.trade_id += 1
    steps.append(Trade(maker, level.price, quantity, book.trade_id, maker.leaves, taker.leaves))
    if not maker.leaves:
        take_out(book, maker)


def _prevent(book: Book, taker: Order, maker: Order, quantity: int, unit: int, steps: list[Step]) -> bool:
    """Does the taker end here."""
    price = maker.price
    taker_ends = maker_ends = False
    decremented = 0
    match taker.self_trade_prevention:
        case SelfTradePrevention.CANCEL_TAKER:
            taker_ends = True
        case SelfTradePrevention.CANCEL_MAKER:
            maker_ends = True
        case SelfTradePrevention.CANCEL_BOTH:
            taker_ends = maker_ends = True
        case SelfTradePrevention.DECREMENT:
            decremented = quantity
            taker.leaves -= quantity * unit
            if not taker.flags & QUOTE_AMOUNT:
                taker.quantity = Lots(taker.quantity - quantity)
            reduce(book, maker, quantity)
            maker.quantity = Lots(maker.quantity - quantity)
            taker_ends, maker_ends = taker.leaves == 0, maker.leaves == 0
        case unknown:
            raise AssertionError(unknown)
    steps.append(Prevention(maker, price, quantity, decremented, maker.leaves, taker.leaves, maker_ends))
    if maker_ends:
        take_out(book, maker)
    return taker_ends


def _ending(taker: Order, opposite: BookSide) -> DoneReason | None:
    if not taker.leaves:
        return DoneReason.FILLED
    if taker.order_type == MARKET:
        return DoneReason.NO_LIQUIDITY if opposite.best is None else DoneReason.PROTECTION_PRICE
    if taker.time_in_force == IOC:
        return DoneReason.IMMEDIATE_REMAINDER
    return None


def fills_whole(opposite: BookSide, taker: Order, atoms_per_tick_lot: int) -> bool:
    """May a fill-or-kill order start: it would be filled to the end on the walk that `match` takes. Changes nothing.

    Own orders are skipped where they would be cancelled on the way; in the other modes the walk ends at the first.
    By quote amount, whole means that less than one lot at the last price is left.
    """
    limit = taker.price * opposite.sign
    mode = taker.self_trade_prevention
    left: int = taker.leaves
    price = 0
    for key in opposite.keys:
        if key > limit:
            break
        maker = opposite.levels[key].head
        while maker is not None:
            if maker.owner == taker.owner and mode not in (NONE, SelfTradePrevention.CANCEL_MAKER):
                return _is_whole(taker, left, price, atoms_per_tick_lot)
            if maker.owner != taker.owner or mode == NONE:
                unit = maker.price * atoms_per_tick_lot if taker.flags & QUOTE_AMOUNT else 1
                lots = min(left // unit, maker.leaves)
                if lots == 0:
                    return _is_whole(taker, left, price, atoms_per_tick_lot)
                left -= lots * unit
                price = maker.price
                if left == 0:
                    return True
            maker = maker.next
    return _is_whole(taker, left, price, atoms_per_tick_lot)


def _is_whole(taker: Order, left: int, last_price: int, atoms_per_tick_lot: int) -> bool:
    if taker.flags & QUOTE_AMOUNT:
        return left < last_price * atoms_per_tick_lot
    return left == 0
