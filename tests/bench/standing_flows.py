"""Books with many orders that stay, any of which may be cancelled, and what an enemy of the book would send."""

from collections.abc import Callable
from itertools import cycle
from typing import Final

from mexchange.codec import encode_cancels, encode_orders
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import AccountId
from tests.bench.flows import BATCH, FIRST_ACCOUNT, PRICE, Flow, Maker, PlainOrder

PER_ACCOUNT: Final = 750
"""Open orders of one account; it may have 1,000 in a market."""
WIDTH: Final = 2_000
CLOSE: Final = 100
LEVELS: Final = 1_000
"""That a sweep takes."""


def live20k(commands: int) -> Flow:
    """About 20,000 open orders, within 2,000 ticks of the middle."""
    return _standing("live20k", 7, commands, live=20_000, width=WIDTH)


def live200k(commands: int) -> Flow:
    """About 200,000."""
    return _standing("live200k", 8, commands, live=200_000, width=WIDTH)


def levels100k(commands: int) -> Flow:
    """100,000 orders at almost as many prices, over two million ticks."""
    return _standing("levels100k", 9, commands, live=100_000, width=1_000_000)


def sparse(commands: int) -> Flow:
    """20,000 orders over 2^41 ticks."""
    return _standing("sparse", 10, commands, live=20_000, width=1 << 40, unit=1)


def deep_level(commands: int) -> Flow:
    """A level of 10,000 orders: some from anywhere among them go, others come."""
    standing = _Standing("deep_level", 11, live=10_000)
    return standing.come_and_go(commands, 10_000, lambda account: standing.limit(account, Side.BUY, PRICE))


def beside_10k_levels(commands: int) -> Flow:
    """Bids come and go while 10,000 levels of asks stand by."""
    standing = _Standing("beside_10k_levels", 12, live=10_000)
    asks = iter(range(PRICE + 1, PRICE + 10_001))
    for price in asks:
        account = standing.next_account()
        standing.write([standing.limit(account, Side.SELL, price)])
    standing.forget()
    rng = standing.maker.random
    bids = 2 * BATCH
    return standing.come_and_go(
        commands, bids, lambda account: standing.limit(account, Side.BUY, PRICE - rng.randrange(CLOSE))
    )


def sweep_1k_levels(commands: int) -> Flow:
    """An order at each of 1,000 prices, then one that takes them all."""
    standing = _Standing("sweep_1k_levels", 13, live=LEVELS)
    maker = standing.maker
    maker.end_setup()
    while maker.flow.commands < commands:
        prices = list(range(PRICE + 1, PRICE + 1 + LEVELS))
        maker.random.shuffle(prices)
        for first in range(0, LEVELS, BATCH):
            account = standing.next_account()
            standing.write([standing.limit(account, Side.SELL, price) for price in prices[first : first + BATCH]])
        standing.take(Side.BUY, PRICE + LEVELS, LEVELS * standing.lots)
        standing.forget()
        maker.end_group()
    return maker.finished()


def _standing(name: str, seed: int, commands: int, *, live: int, width: int, unit: int = 1_000) -> Flow:
    standing = _Standing(name, seed, live=live, unit=unit)
    rng, middle = standing.maker.random, max(width, PRICE) + 1

    def passive(account: AccountId) -> PlaceOrder:
        """Near the middle, never through it."""
        side, away = rng.choice((Side.BUY, Side.SELL)), rng.randint(1, width)
        return standing.limit(account, side, middle - away if side is Side.BUY else middle + away)

    return standing.come_and_go(commands, live, passive, takes=True)


class _Standing:
    """Accounts that take turns, each with its open orders."""

    lots = 10

    def __init__(self, name: str, seed: int, *, live: int, unit: int = 1_000) -> None:
        makers = max(16, -(-live // PER_ACCOUNT))
        self.maker = Maker(name, seed, accounts=-(-makers * 4 // 3) + 1, unit=unit)
        self.maker.open_market()
        self._turns = cycle(AccountId(FIRST_ACCOUNT + number) for number in range(self.maker.makers))
        self._open: dict[int, list[PlainOrder]] = {}

    def next_account(self) -> AccountId:
        """Whose turn it is."""
        return next(self._turns)

    def limit(self, account: AccountId, side: Side, price: int) -> PlaceOrder:
        """An order that rests."""
        placed = self.maker.order(account, side, price, self.lots, OrderType.LIMIT, TimeInForce.GTC)
        self._open.setdefault(account, []).append(self.maker.waiting.pop())
        return placed

    def write(self, orders: list[PlaceOrder]) -> None:
        """One block."""
        self.maker.write(encode_orders(orders), len(orders))

    def take(self, side: Side, price: int, lots: int) -> None:
        """By somebody who makes no orders."""
        order = self.maker.order(self.maker.taker(), side, price, lots, OrderType.LIMIT, TimeInForce.IOC)
        self.write([order])

    def forget(self) -> None:
        """The orders so far are not cancelled."""
        self._open.clear()

    def cancel_some(self, account: AccountId, count: int) -> None:
        """Any of the account's."""
        orders = self._open.get(account, [])
        cancels: list[CancelOrder] = []
        while orders and len(cancels) < count:
            place = self.maker.random.randrange(len(orders))
            orders[place], orders[-1] = orders[-1], orders[place]
            order = orders.pop()
            if order.order_id in self.maker.book.open:
                cancels.append(self.maker.cancel(order))
        if cancels:
            self.maker.write(encode_cancels(cancels), len(cancels))

    def come_and_go(
        self, commands: int, live: int, place: Callable[[AccountId], PlaceOrder], *, takes: bool = False
    ) -> Flow:
        """`live` orders before the clock starts; then an account's turn is to cancel some and to place as many."""
        maker, standing_by = self.maker, len(self.maker.book.open)
        while (missing := live + standing_by - len(maker.book.open)) > 0:
            account = self.next_account()
            self.write([place(account) for _ in range(min(BATCH, missing))])
            maker.end_group()
        maker.end_setup()
        while maker.flow.commands < commands:
            if takes and (best := maker.book.best(side := maker.random.choice((Side.BUY, Side.SELL)))) is not None:
                self.take(side.opposite, best.price, maker.random.randint(1, 2 * self.lots))
            account = self.next_account()
            self.cancel_some(account, BATCH // 2)
            missing = min(BATCH, live + standing_by - len(maker.book.open))
            if missing > 0:
                self.write([place(account) for _ in range(missing)])
            maker.end_group()
        return maker.finished()
