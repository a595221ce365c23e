"""An order goes through a book: match, settle, tell both sides, rest or end. And how a resting order ends.

Everything here has been checked and held before; nothing is refused.
"""

from collections.abc import Iterable
from typing import Final

from mexchange.codec.events import pack_done, pack_filled, pack_prevented
from mexchange.core import book as books
from mexchange.core import idempotence, risk
from mexchange.core.match import FOK, IOC, QUOTE_AMOUNT, Prevention, Step, Trade, match
from mexchange.core.settle import settle
from mexchange.core.state import Account, Book, MarketState, Order, State
from mexchange.domain.client_id import NO_ID
from mexchange.domain.order import DoneReason, TimeInForce

FILLED: Final = DoneReason.FILLED
GTD: Final = int(TimeInForce.GTD)


def execute(state: State, out: list[bytes], account: Account, market: MarketState, book: Book, order: Order) -> bool:
    """Match and settle the order, which holds what it needs. Does it rest now."""
    if books.crosses(books.opposite_side(book, order.side), order.price) or order.time_in_force in (IOC, FOK):
        steps, ending = match(book, order, market.atoms_per_tick_lot)
        for step in steps:
            _report(state, out, account, market, order, step)
        if ending is not None:
            leaves = 0 if ending is FILLED else order.leaves
            _done(state, out, account, market, order, ending, leaves, NO_ID)
            return False
    books.rest(book, order)
    return True


def _report(state: State, out: list[bytes], account: Account, market: MarketState, taker: Order, step: Step) -> None:
    """Settle one step of the walk, and tell both sides."""
    maker = step.maker
    maker_account = state.accounts[maker.account_id]
    if isinstance(step, Trade):
        taker_fee, maker_fee = settle(state, market, taker, account, maker_account, step)
        sequence, market_id, trade_id = state.sequence, market.market_id, step.trade_id
        price, lots = step.price, step.quantity
        account.sequence += 1
        out.append(
            pack_filled(
                account.account_id,
                account.sequence,
                sequence,
                market_id,
                taker.order_id,
                trade_id,
                taker.side,
                False,
                price,
                lots,
                step.taker_leaves,
                taker_fee,
            )
        )
        maker_account.sequence += 1
        out.append(
            pack_filled(
                maker_account.account_id,
                maker_account.sequence,
                sequence,
                market_id,
                maker.order_id,
                trade_id,
                maker.side,
                True,
                price,
                lots,
                step.maker_leaves,
                maker_fee,
            )
        )
        if not step.maker_leaves:
            close_order(state, maker_account, maker)
            _done(state, out, maker_account, market, maker, FILLED, 0, NO_ID)
    else:
        _report_prevention(state, out, account, maker_account, market, taker, step)


def _report_prevention(
    state: State,
    out: list[bytes],
    account: Account,
    maker_account: Account,
    market: MarketState,
    taker: Order,
    step: Prevention,
) -> None:
    maker, mode = step.maker, taker.self_trade_prevention
    if step.decremented:
        taker_lots = step.decremented
        taker_atoms = risk.needs_of(market, taker, taker_lots)
        if taker.flags & QUOTE_AMOUNT:
            taker_atoms = step.price * taker_lots * market.atoms_per_tick_lot
        risk.release(risk.holding(account, market, taker.side), taker_atoms)
        risk.release(risk.holding(maker_account, market, maker.side), risk.needs_of(market, maker, step.decremented))
    for one, order, other, is_maker, leaves in (
        (account, taker, maker, False, step.taker_leaves),
        (maker_account, maker, taker, True, step.maker_leaves),
    ):
        one.sequence += 1
        out.append(
            pack_prevented(
                one.account_id,
                one.sequence,
                state.sequence,
                market.market_id,
                order.order_id,
                other.order_id,
                order.side,
                is_maker,
                mode,
                step.price,
                step.quantity,
                leaves,
            )
        )
    if step.maker_ends:
        close_order(state, maker_account, maker)
        _done(state, out, maker_account, market, maker, DoneReason.SELF_TRADE, maker.leaves, NO_ID)


def open_order(state: State, account: Account, order: Order) -> None:
    """The account has one open order more."""
    account.orders[order.order_id] = order.market_id
    account.open_in[order.market_id] = account.open_in.get(order.market_id, 0) + 1
    if order.time_in_force == GTD:
        state.expiries.add((order.expiry_ns, order.order_id, order.market_id))


def close_order(state: State, account: Account, order: Order) -> None:
    """The account has one open order less; its client order id may be forgotten in its turn."""
    del account.orders[order.order_id]
    left = account.open_in[order.market_id] - 1
    if left:
        account.open_in[order.market_id] = left
    else:
        del account.open_in[order.market_id]
    if order.time_in_force == GTD:
        state.expiries.remove((order.expiry_ns, order.order_id, order.market_id))
    idempotence.finish(account.memory, order.client_order_id, state.time_ns)


def _done(
    state: State,
    out: list[bytes],
    account: Account,
    market: MarketState,
    order: Order,
    reason: DoneReason,
    leaves: int,
    ended_by: bytes,
) -> None:
    """Release what the order still holds, and say that it is gone. It is in no book any more."""
    released = 0
    if order.leaves:
        released = risk.needs(market, order)
        risk.release(risk.holding(account, market, order.side), released)
    account.sequence += 1
    out.append(
        pack_done(
            account.account_id,
            account.sequence,
            state.sequence,
            market.market_id,
            order.order_id,
            ended_by,
            order.side,
            reason,
            leaves,
            order.filled,
            released,
        )
    )


def end(state: State, out: list[bytes], account: Account, order: Order, reason: DoneReason, ended_by: bytes) -> Book:
    """A resting order leaves its book for a reason of its own. Returns the book, whose levels are still to be told."""
    book = state.books[order.market_id]
    books.take_out(book, order)
    close_order(state, account, order)
    _done(state, out, account, state.markets[order.market_id], order, reason, order.leaves, ended_by)
    return book


def open_orders(state: State, account: Account) -> list[Order]:
    """Of one account, in order of order id."""
    return [state.books[market_id].orders[order_id] for order_id, market_id in account.orders.items()]


def end_all(
    state: State, out: list[bytes], orders: Iterable[Order], reason: DoneReason, ended_by: bytes = NO_ID
) -> None:
    """End resting orders of any account, in the order given. `tell_levels` is to follow."""
    for order in orders:
        end(state, out, state.accounts[order.account_id], order, reason, ended_by)


def tell_levels(state: State, out: list[bytes], orders: Iterable[Order]) -> None:
    """LevelChanged in the books of these orders, market by market in the order of first appearance."""
    for market_id in dict.fromkeys(order.market_id for order in orders):
        books.levels_changed(state.books[market_id], state.sequence, out)
