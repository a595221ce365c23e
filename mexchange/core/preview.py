"""A state that may be spoiled: it reads through to the real one and copies whatever it is asked for.

The engine reaches everything mutable through the dictionaries of State, Account and Book. In an overlay these are
`Overlay`s, which copy a value the first time that it is looked up and hide what was deleted. Nothing mutable of the
real state is ever handed out, so a preview cannot change it. It costs what the previewed commands touch: the accounts,
the price levels, and a plain copy of the lists that cannot be looked up in part.

Refused: an undo log, since each line of the engine that forgets to write it would be a silent error; a snapshot and
restore, since it costs the whole state.
"""

from collections import deque
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, TypeVar

from sortedcontainers import SortedList

from mexchange.core.state import (
    Account,
    Balance,
    Balances,
    Book,
    BookSide,
    Level,
    MarketState,
    Memory,
    Order,
    State,
    Withdrawal,
)
from mexchange.domain.units import OrderId

K = TypeVar("K")
V = TypeVar("V")


class Overlay(dict[K, V]):
    """A dictionary over another one. `load(key)` makes this one's value for a key that the other has."""

    __slots__ = ("_base", "_gone", "_load")

    def __init__(self, base: dict[K, V], load: Callable[[K], V]) -> None:
        super().__init__()
        self._base = base
        self._load = load
        self._gone: set[K] = set()

    def __missing__(self, key: K) -> V:
        if key in self._gone or key not in self._base:
            raise KeyError(key)
        value = self._load(key)
        super().__setitem__(key, value)
        return value

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (key in self._base and key not in self._gone)

    def get(self, key: K, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default

    def __setitem__(self, key: K, value: V) -> None:
        self._gone.discard(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        self._gone.add(key)
        super().pop(key, None)

    def pop(self, key: K, *default: Any) -> Any:
        raise NotImplementedError("the engine deletes by `del`")

    def __iter__(self) -> Iterator[K]:
        return iter(self._whole())

    def __len__(self) -> int:
        added = sum(1 for key in dict.keys(self) if key not in self._base)
        return len(self._base) - len(self._gone & self._base.keys()) + added

    def keys(self) -> Any:
        return self._whole().keys()

    def values(self) -> Any:
        return self._whole().values()

    def items(self) -> Any:
        return self._whole().items()

    def _whole(self) -> dict[K, V]:
        """Everything, in the order of the real dictionary, then what was added."""
        whole = {key: self[key] for key in self._base if key not in self._gone}
        for key in dict.keys(self):
            whole.setdefault(key, dict.__getitem__(self, key))
        return whole


def overlay(base: State) -> State:
    """As good as a deep copy, to be used by one thread while the real state rests, then thrown away."""
    state = copy(base)
    state.features = dict(base.features)
    state.assets = Overlay(base.assets, base.assets.__getitem__)  # frozen
    state.asset_ids = Overlay(base.asset_ids, base.asset_ids.__getitem__)
    state.market_ids = Overlay(base.market_ids, base.market_ids.__getitem__)
    state.markets = Overlay(base.markets, lambda key: _market(base.markets[key]))
    state.books = Overlay(base.books, lambda key: _book(base.books[key]))
    state.accounts = Overlay(base.accounts, lambda key: _account(base.accounts[key]))
    state.account_ids = Overlay(base.account_ids, base.account_ids.__getitem__)
    state.system = {number: _balances(balances) for number, balances in base.system.items()}
    state.operator = _account(base.operator)
    state.expiries = SortedList(base.expiries)
    return state


def _market(base: MarketState) -> MarketState:
    market = copy(base)
    market.fees_set = dict(base.fees_set)
    return market


def _account(base: Account) -> Account:
    account = copy(base)
    account.balances = _balances(base.balances)
    account.orders = dict(base.orders)
    account.open_in = dict(base.open_in)
    account.withdrawals = {
        number: Withdrawal(one.withdrawal_id, one.asset_id, one.amount) for number, one in base.withdrawals.items()
    }
    account.memory = _memory(base.memory)
    return account


def _balances(base: Balances) -> Balances:
    return Balances({asset: Balance(one.available, one.held) for asset, one in base.items()})


def _memory(base: Memory) -> Memory:
    return Memory(
        Overlay(base.answers, base.answers.__getitem__),
        deque(base.recent),
        list(base.settled),
        deque(base.texts),
        base.evicted,
    )


def _book(base: Book) -> Book:
    """Levels are copied whole, so that the orders of one level always know each other."""
    book = Book(base.market_id, trade_id=base.trade_id)
    book.bids = _side(base.bids, book)
    book.asks = _side(base.asks, book)

    def load_order(order_id: OrderId) -> Order:
        order = base.orders[order_id]
        side, key = (book.bids, -order.price) if order.side == base.bids.side else (book.asks, order.price)
        _ = side.levels[key]  # copies the level, and with it this order
        return book.orders[order_id]

    book.orders = Overlay(base.orders, load_order)
    book.bids.best = _best(book.bids)
    book.asks.best = _best(book.asks)
    return book


def _side(base: BookSide, book: Book) -> BookSide:
    assert not base.touched, "between commands"
    side = BookSide(base.side, base.sign)
    side.levels = Overlay(base.levels, lambda key: _level(base.levels[key], book))
    side.keys = SortedList(base.keys)
    return side


def _best(side: BookSide) -> Level | None:
    return side.levels[side.keys[0]] if side.keys else None


def _level(base: Level, book: Book) -> Level:
    level = Level(base.key, base.price, base.quantity, base.orders)
    order = base.head
    while order is not None:
        twin = copy(order)
        twin.previous, twin.next = level.tail, None
        if level.tail is None:
            level.head = twin
        else:
            level.tail.next = twin
        level.tail = twin
        dict.__setitem__(book.orders, twin.order_id, twin)
        order = order.next
    return level
