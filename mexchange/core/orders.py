"""Orders from asking to ending: place, cancel, amend, mass cancel, expire. Composes risk, match and settle.

The events of one command, in order: what it did (Accepted, Amended, Rejected), then per trade the taker's Filled and
the maker's, a maker's Done after its last fill, the taker's Done, and at the end LevelChanged per touched level.
"""

from collections.abc import Callable
from typing import Any, Final

from mexchange.codec.events import pack_accepted, pack_amended, pack_mass_cancelled
from mexchange.core import book as books
from mexchange.core import risk
from mexchange.core.answer import NO_MARKET, admit, conclude, next_in_stream, refuse
from mexchange.core.digest import Content
from mexchange.core.execute import close_order, end, end_all, execute, open_order, open_orders, tell_levels
from mexchange.core.match import MARKET, POST_ONLY, may_enter, slide
from mexchange.core.state import Account, Book, MarketState, Order, State
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.commands import MassCancel
from mexchange.domain.events import EventKind
from mexchange.domain.order import DoneReason, Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks, TimeNs

ACCEPTED: Final = EventKind.ACCEPTED

NewOrderRow = tuple[ClientOrderId, Ticks, Lots, TimeNs, MarketId, int, int, int, int]
"""(client order id, price, quantity, expiry_ns, market, side, type | tif << 4, self-trade prevention, flags)"""
CancelRow = tuple[ClientOrderId, ClientOrderId, OrderId]
"""(client order id, target's client order id, order id)"""
AmendRow = tuple[ClientOrderId, OrderId, Ticks, Lots, Lots]
"""(client order id, order id, price, quantity, expected filled)"""
ApplyRow = Callable[[State, list[bytes], AccountId, Any, Content], None]
"""One command of a batch: state, records out, account, row, its content."""


def place(state: State, out: list[bytes], account_id: AccountId, row: NewOrderRow, content: Content) -> None:
    """Check, hold, match, settle, and rest or end."""
    client_order_id, price, quantity, expiry_ns, market_id, side, type_tif, prevention, flags = row
    account = admit(state, out, account_id, client_order_id, content, market_id)
    if account is None:
        return None
    order = Order(
        OrderId(0),
        client_order_id,
        account_id,
        account.owner,
        market_id,
        side,
        type_tif & 15,
        type_tif >> 4,
        prevention or account.self_trade_prevention,
        flags,
        price,
        quantity,
        expiry_ns,
        state.sequence,
        quantity,
    )
    market = state.markets.get(market_id)
    if price == 0 and order.order_type == MARKET and market is not None:
        order.price = Ticks(risk.protection_price(market, side))
    reason = risk.check_place_order(state, account, market, order)
    if reason is not None:
        detail = risk.place_detail(account, market, order, reason) if market is not None else 0
        return refuse(state, out, account, client_order_id, content, reason, detail, market_id=market_id)
    assert market is not None
    book = state.books[market_id]
    if flags & POST_ONLY and not may_enter(book, order):
        reason, detail = RejectReason.POST_ONLY_WOULD_TAKE, _opposite_best(book, side)
        return refuse(state, out, account, client_order_id, content, reason, detail, market_id=market_id)
    balance, needed = risk.holding(account, market, side), risk.needs(market, order)
    if balance.available < needed:
        reason, detail = RejectReason.INSUFFICIENT_FUNDS, balance.available
        return refuse(state, out, account, client_order_id, content, reason, detail, market_id=market_id)

    if flags & POST_ONLY:
        slide(book, order)
        needed = risk.needs(market, order)  # what the better price saves is not held at all
    order.order_id = state.next_order_id()
    risk.hold(balance, needed)
    account.sequence += 1
    out.append(
        pack_accepted(
            account_id,
            account.sequence,
            state.sequence,
            market_id,
            order.order_id,
            client_order_id,
            side,
            type_tif,
            flags,
            order.price,
            quantity,
            expiry_ns,
        )
    )
    rests = execute(state, out, account, market, book, order)
    conclude(state, account, client_order_id, content, ACCEPTED, 0, market_id, order.order_id, stays_open=rests)
    if rests:
        open_order(state, account, order)
    books.levels_changed(book, state.sequence, out)
    return None


def _opposite_best(book: Book, side: int) -> int:
    best = books.opposite_side(book, side).best
    return best.price if best is not None else 0


def cancel(state: State, out: list[bytes], account_id: AccountId, row: CancelRow, content: Content) -> None:
    """By order id, or by the client order id that it was placed with. Always possible while the order is open."""
    client_order_id, target, order_id = row
    account = admit(state, out, account_id, client_order_id, content, NO_MARKET, order_id)
    if account is None:
        return None
    if not order_id:
        known = account.memory.answers.get(target)
        order_id = known.order_id if known is not None else OrderId(0)
    market_id = account.orders.get(order_id)
    if market_id is None:
        reason = RejectReason.ORDER_NOT_FOUND
        return refuse(state, out, account, client_order_id, content, reason, order_id=order_id)
    order = state.books[market_id].orders[order_id]
    book = end(state, out, account, order, DoneReason.CANCELLED_BY_USER, client_order_id)
    conclude(state, account, client_order_id, content, EventKind.DONE, market_id=market_id, order_id=order_id)
    books.levels_changed(book, state.sequence, out)
    return None


def amend(state: State, out: list[bytes], account_id: AccountId, row: AmendRow, content: Content) -> None:
    """Only quantity down keeps the place in the queue; everything else goes in again as a taker and then rests."""
    client_order_id, order_id, price, quantity, expected_filled = row
    account = admit(state, out, account_id, client_order_id, content, NO_MARKET, order_id)
    if account is None:
        return None
    market_id = account.orders.get(order_id)
    if market_id is None:
        reason = risk.check_account(account) or RejectReason.ORDER_NOT_FOUND
        return refuse(state, out, account, client_order_id, content, reason, order_id=order_id)
    market, book = state.markets[market_id], state.books[market_id]
    order = book.orders[order_id]
    refused = _check_amend(account, market, book, order, price, quantity, expected_filled)
    if refused is not None:
        reason, detail = refused
        return refuse(
            state, out, account, client_order_id, content, reason, detail, market_id=market_id, order_id=order_id
        )
    new_price, new_quantity = price or order.price, quantity or order.quantity
    if new_quantity <= order.filled:
        end(state, out, account, order, DoneReason.AMENDED_AWAY, client_order_id)
        kind = EventKind.DONE
    else:
        _change(state, out, account, market, book, order, new_price, new_quantity, client_order_id)
        kind = EventKind.AMENDED
    conclude(state, account, client_order_id, content, kind, market_id=market_id, order_id=order_id)
    return books.levels_changed(book, state.sequence, out)


def _check_amend(
    account: Account,
    market: MarketState,
    book: Book,
    order: Order,
    price: Ticks,
    quantity: Lots,
    expected_filled: Lots,
) -> tuple[RejectReason, int] | None:
    """(reason, detail), or None. Changes nothing."""
    reason = risk.check_amend_order(
        account, market, order, price=price, quantity=quantity, expected_filled=expected_filled
    )
    if reason is not None:
        return reason, risk.place_detail(account, market, order, reason)
    new_price, new_quantity = price or order.price, quantity or order.quantity
    if new_quantity <= order.filled:
        return None
    is_moved = new_price != order.price
    if is_moved and order.flags & POST_ONLY and books.crosses(books.opposite_side(book, order.side), new_price):
        return RejectReason.POST_ONLY_WOULD_TAKE, _opposite_best(book, order.side)
    available = risk.holding(account, market, order.side).available
    if risk.needs_amended(market, order, new_price, new_quantity) - risk.needs(market, order) > available:
        return RejectReason.INSUFFICIENT_FUNDS, available
    return None


def _change(
    state: State,
    out: list[bytes],
    account: Account,
    market: MarketState,
    book: Book,
    order: Order,
    price: Ticks,
    quantity: Lots,
    client_order_id: bytes,
) -> None:
    """Give a resting order its new values; everything was checked."""
    keeps_place = price == order.price and quantity < order.quantity
    balance = risk.holding(account, market, order.side)
    more = risk.needs_amended(market, order, price, quantity) - risk.needs(market, order)
    balance.available -= more
    balance.held += more
    if keeps_place:
        books.reduce(book, order, order.quantity - quantity)
        order.quantity = quantity
    else:
        books.take_out(book, order)
        order.price, order.quantity, order.leaves = price, quantity, quantity - order.filled
    account.sequence += 1
    out.append(
        pack_amended(
            account.account_id,
            account.sequence,
            state.sequence,
            market.market_id,
            order.order_id,
            client_order_id,
            order.side,
            keeps_place,
            price,
            quantity,
            order.leaves,
        )
    )
    if not keeps_place and not execute(state, out, account, market, book, order):
        close_order(state, account, order)


def mass_cancel(state: State, out: list[bytes], command: MassCancel, content: Content) -> None:
    """Every open order of the account, of one market or all, of one side or both, oldest first."""
    client_order_id, market_id, side = command.client_order_id, command.market, command.side
    account = admit(state, out, command.account, client_order_id, content, market_id)
    if account is None:
        return None
    reason = _check_mass_cancel(state, market_id, side)
    if reason is not None:
        return refuse(state, out, account, client_order_id, content, reason, market_id=market_id)
    orders = [
        order for order in open_orders(state, account) if market_id in (0, order.market_id) and side in (0, order.side)
    ]
    end_all(state, out, orders, DoneReason.CANCELLED_BY_USER, client_order_id)
    out.append(
        pack_mass_cancelled(
            account.account_id,
            next_in_stream(account),
            state.sequence,
            market_id,
            client_order_id,
            side,
            len(orders),
        )
    )
    conclude(state, account, client_order_id, content, EventKind.MASS_CANCELLED, market_id=market_id)
    tell_levels(state, out, orders)
    return None


def _check_mass_cancel(state: State, market_id: int, side: int) -> RejectReason | None:
    if market_id and market_id not in state.markets:
        return RejectReason.MARKET_NOT_FOUND
    if side not in (0, Side.BUY, Side.SELL):
        return RejectReason.SIDE_INVALID
    return None


def expire(state: State, out: list[bytes]) -> None:
    """End every order whose expiry has come, in all markets, whatever their status: by expiry, then order id."""
    due = []
    for expiry_ns, order_id, market_id in state.expiries:
        if expiry_ns > state.time_ns:
            break
        due.append(state.books[market_id].orders[order_id])
    end_all(state, out, due, DoneReason.EXPIRED)
    tell_levels(state, out, due)
