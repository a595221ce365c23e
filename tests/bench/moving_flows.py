"""Orders with short lives around a price that stands, climbs, swings or falls: the lively flows of docs/PERFORMANCE.md.

15 % of the orders are immediate; of the others 20 % are amended, and 95 % are cancelled soon, the rest late. Orders of
one account come in blocks of sixteen, cancels and amends of what is due in blocks by account.
"""

import heapq
from collections.abc import Callable
from typing import Final

from mexchange.codec import encode_amends, encode_cancels, encode_orders
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import AccountId
from tests.bench.flows import BATCH, PRICE, Flow, Maker, PlainOrder

ACCOUNTS: Final = 64
SOON, LATE = 2_000, 30_000
"""Commands that an order lives at most."""
NEAR: Final = 60
"""Ticks from the middle, at most; mostly much nearer."""


def calm(commands: int) -> Flow:
    """The price stands."""
    return _moving("calm", 2, commands, lambda now: 0)


def trending(commands: int) -> Flow:
    """A tick up in forty commands."""
    return _moving("trending", 3, commands, lambda now: now // 40)


def swings(commands: int) -> Flow:
    """2,000 ticks up and down, every 20,000 commands."""
    return _moving("swings", 4, commands, lambda now: _triangle(now, 20_000, 2_000))


def wide_swings(commands: int) -> Flow:
    """40,000 ticks up and down, every 100,000 commands."""
    return _moving("wide_swings", 5, commands, lambda now: _triangle(now, 100_000, 40_000))


def crash(commands: int) -> Flow:
    """Calm, then 30 % down within a fifth of the flow, and calm again."""
    begin, length = commands * 2 // 5, commands // 5
    return _moving("crash", 6, commands, lambda now: -min(max(now - begin, 0), length) * (PRICE * 3 // 10) // length)


def _triangle(now: int, period: int, height: int) -> int:
    phase = now % period
    return min(phase, period - phase) * 2 * height // period


def _moving(name: str, seed: int, commands: int, drift: Callable[[int], int]) -> Flow:
    maker = Maker(name, seed, accounts=ACCOUNTS)
    maker.open_market()
    maker.end_setup()
    due: list[tuple[int, int, PlainOrder, bool]] = []
    noise = 0
    while maker.flow.commands < commands:
        _end_what_is_due(maker, due)
        noise += maker.random.randint(-1, 1)
        account = maker.account()
        orders = [_order(maker, due, account, PRICE + noise + drift(maker.flow.commands)) for _ in range(BATCH)]
        maker.write(encode_orders(orders), BATCH)
        maker.end_group()
    return maker.finished()


def _order(maker: Maker, due: list[tuple[int, int, PlainOrder, bool]], account: AccountId, middle: int) -> PlaceOrder:
    rng = maker.random
    side, lots = rng.choice((Side.BUY, Side.SELL)), rng.randint(1, 100)
    away = 1 + min(int(rng.expovariate(1 / 12)), NEAR)
    toward = away if side is Side.SELL else -away
    if rng.random() < 0.15:
        return maker.order(account, side, middle - toward, lots, OrderType.LIMIT, TimeInForce.IOC)
    waiting = len(maker.waiting)
    placed = maker.order(account, side, middle + toward, lots, OrderType.LIMIT, TimeInForce.GTC)
    if len(maker.waiting) > waiting:
        order = maker.waiting.pop()
        now = maker.flow.commands
        life = 1 + rng.randrange(SOON if rng.random() < 0.95 else LATE)
        heapq.heappush(due, (now + life, order.order_id, order, True))
        if rng.random() < 0.2:
            heapq.heappush(due, (now + 1 + life // 2, order.order_id, order, False))
    return placed


def _end_what_is_due(maker: Maker, due: list[tuple[int, int, PlainOrder, bool]]) -> None:
    ending: dict[int, list[PlainOrder]] = {}
    changing: dict[int, dict[int, PlainOrder]] = {}
    while due and due[0][0] <= maker.flow.commands:
        _, order_id, order, is_end = heapq.heappop(due)
        if order_id not in maker.book.open:
            continue
        if is_end:
            ending.setdefault(order.account, []).append(order)
        else:
            changing.setdefault(order.account, {})[order_id] = order
    for few in changing.values():
        maker.write(encode_amends([maker.amend(order) for order in few.values()]), len(few))
    for orders in ending.values():
        maker.write(encode_cancels([maker.cancel(order) for order in orders]), len(orders))
