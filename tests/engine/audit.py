"""What must be true of any engine after every command, read from its snapshot, so that it holds for all of them."""

from collections import Counter

from mexchange.core import engine as python_engine
from mexchange.core import risk, snapshot
from mexchange.core.ledger import total
from mexchange.core.state import SHARD_BITS, BookSide, Order, State, orders_of
from mexchange.daemon.engine_choice import Engine
from mexchange.domain.market import OPEN_ORDERS_PER_ACCOUNT, OPEN_ORDERS_PER_MARKET, MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, TimeInForce


def audit(engine: Engine) -> None:
    """Fails unless money is conserved, holds are exact, books are in order, and a restored twin is the same."""
    data = engine.snapshot()
    assert snapshot.hash_of(data) == engine.state_hash()
    state = snapshot.load(data)
    assert snapshot.dump(state) == data
    check_money(state)
    check_books(state)
    check_accounts(state)
    check_memories(state)
    if isinstance(engine, python_engine.Engine):
        check_indexes(engine.state, state)


def check_money(state: State) -> None:
    """Each asset sums to zero over all accounts, nobody owes, and held is what orders and withdrawals need."""
    for asset_id in state.assets:
        assert total(state, asset_id) == 0
    needs: Counter[tuple[int, int]] = Counter()
    for book in state.books.values():
        market = state.markets[book.market_id]
        for order in book.orders.values():
            needs[order.account_id, market.quote if order.side == 1 else market.base] += risk.needs(market, order)
    for account in state.accounts.values():
        for withdrawal in account.withdrawals.values():
            needs[account.account_id, withdrawal.asset_id] += withdrawal.amount
        for asset_id, balance in account.balances.items():
            assert balance.available >= 0
            assert balance.held == needs.pop((account.account_id, asset_id), 0)
    assert not +needs, "every need is held"


def check_books(state: State) -> None:
    """Levels add up, prices ascend from the best, queues are in order, and no book is crossed."""
    for book in state.books.values():
        _check_side(book.bids)
        _check_side(book.asks)
        if book.bids.best is not None and book.asks.best is not None:
            assert book.bids.best.price < book.asks.best.price
        if state.markets[book.market_id].status == MarketStatus.CLOSED:
            assert not book.orders


def _check_side(side: BookSide) -> None:
    assert list(side.keys) == sorted(side.levels)
    assert (side.best.key if side.best is not None else None) == (side.keys[0] if side.keys else None)
    for key, level in side.levels.items():
        assert level.price * side.sign == level.key == key
        assert level.orders >= 1
    lots: Counter[int] = Counter()
    for order in orders_of(side):
        check_resting(order)
        lots[order.price * side.sign] += order.leaves
        assert order.next is None or order.next.previous is order
    assert lots == {key: level.quantity for key, level in side.levels.items()}


def check_resting(order: Order) -> None:
    """Only what may rest does, and its quantities add up."""
    assert order.leaves > 0
    assert order.filled + order.leaves == order.quantity
    assert order.order_type == OrderType.LIMIT
    assert order.time_in_force in (TimeInForce.GTC, TimeInForce.GTD)
    assert not order.flags & OrderFlag.QUOTE_AMOUNT


def check_accounts(state: State) -> None:
    """No account has more open orders than it may, and no id was given twice."""
    for account in state.accounts.values():
        assert len(account.orders) <= OPEN_ORDERS_PER_ACCOUNT
        assert sum(account.open_in.values()) == len(account.orders)
        assert all(0 < count <= OPEN_ORDERS_PER_MARKET for count in account.open_in.values())
    ids = [order_id for book in state.books.values() for order_id in book.orders]
    assert len(set(ids)) == len(ids)
    assert all(order_id & (1 << SHARD_BITS) - 1 <= state.order_counter for order_id in ids)


def check_memories(state: State) -> None:
    """Whatever waits to be forgotten is known, once; open orders are known and do not wait."""
    for account in (state.operator, *state.accounts.values()):
        memory = account.memory
        finished = [*(key for _, key in memory.recent), *memory.settled, *memory.texts]
        assert len(set(finished)) == len(finished)
        assert memory.answers.keys() >= set(finished)
        still_open = memory.answers.keys() - set(finished)
        assert {memory.answers[key].order_id for key in still_open} == set(account.orders)


def check_indexes(live: State, loaded: State) -> None:
    """What a snapshot leaves out because it follows from the rest is the same in the live state."""
    assert list(live.expiries) == list(loaded.expiries)
    for account_id, account in live.accounts.items():
        assert account.orders == loaded.accounts[account_id].orders
        assert list(account.orders) == sorted(account.orders)
        assert account.open_in == loaded.accounts[account_id].open_in
    for market_id, book in live.books.items():
        for mine, theirs in ((book.bids, loaded.books[market_id].bids), (book.asks, loaded.books[market_id].asks)):
            assert not mine.touched
            assert list(mine.keys) == list(theirs.keys)
            _check_side(mine)
