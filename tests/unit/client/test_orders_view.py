"""The orders of an account, with and without a snapshot."""

import random

from mexchange.client.live_calls import LiveCalls
from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import OrderState
from mexchange.domain.commands import AmendOrder, CancelOrder, PlaceOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from tests.fakes.exchange_world import ACCOUNT, MARKET, ExchangeWorld
from tests.fakes.session_world import MS, Line, S

OTHER = AccountId(17)


def shown(orders: dict[int, OwnOrder]) -> dict[int, tuple[int, int, int]]:
    return {number: (order.price, order.leaves, order.filled) for number, order in orders.items()}


def trade_at_random(world: ExchangeWorld, chance: random.Random, placed: list[int]) -> None:
    """One step of a market in which the account and somebody else trade."""
    account = chance.choice((ACCOUNT, OTHER))
    side = chance.choice((Side.BUY, Side.SELL))
    price = Ticks(100_000 + chance.randint(-5, 5))
    if placed and chance.random() < 0.3:
        target = OrderId(chance.choice(placed))
        if chance.random() < 0.5:
            world.daemon.apply(CancelOrder(ACCOUNT, world.client_id(), target))
        else:
            quantity = Lots(chance.randint(1, 9))
            world.daemon.apply(AmendOrder(ACCOUNT, world.client_id(), target, price, quantity))
        return
    order = PlaceOrder(account, world.client_id(), MarketId(MARKET), side, Lots(chance.randint(1, 9)), price)
    for event in world.daemon.apply(order):
        if event.account == ACCOUNT and type(event).__name__ == "Accepted":
            placed.append(event.order_id)  # type: ignore[union-attr]


def truth(world: ExchangeWorld, client: LiveCalls) -> dict[int, tuple[int, int, int]]:
    account = world.call(client.account())
    return {order.order_id: (order.price, order.leaves, order.filled) for order in account.orders}


def test_it_follows_the_account_through_a_bad_line(seed: int) -> None:
    chance = random.Random(seed)
    world = ExchangeWorld(Line(seed, loss=10, doubling=10, jitter_ns=20 * MS))
    placed: list[int] = []
    for _ in range(60):
        trade_at_random(world, chance, placed)
    client = world.client()
    snapshot = client.exchange.own.sync.request()
    for _ in range(100):
        trade_at_random(world, chance, placed)
        world.run(3 * MS)
    assert world.until(lambda: snapshot.done and client.exchange.stream.at_head, 20 * S)
    view = world.call(client.orders_view())
    assert world.until(lambda: client.exchange.stream.next > world.daemon.head(ACCOUNT), 5 * S)
    assert view.complete
    assert shown(view.open) == truth(world, client)
    assert view.open


def test_money_and_fees_of_an_order_are_the_sums_of_its_fills() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    answer = world.call(client.place(MARKET, Side.BUY, 10, 100_000))
    for quantity in (3, 4):
        world.daemon.apply(
            PlaceOrder(OTHER, world.client_id(), MarketId(MARKET), Side.SELL, Lots(quantity), Ticks(99_990))
        )
    world.run(10 * MS)
    order = answer.order
    assert order is not None
    assert (order.state, order.filled, order.leaves) == (OrderState.PARTIALLY_FILLED, 7, 3)
    market = world.call(client.markets())[MARKET]
    assert order.notional(market.atoms_per_tick_lot) == 7 * 100_000 * market.atoms_per_tick_lot
    assert order.fees == sum(fill.fee for fill in order.fills)
    assert order.fees is not None
    assert order.fees > 0


def test_a_view_tells_that_it_changed() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    view = world.call(client.orders_view())
    world.call(view.changed())
    world.daemon.apply(PlaceOrder(ACCOUNT, world.client_id(), MarketId(MARKET), Side.BUY, Lots(1), Ticks(99_000)))
    world.call(view.changed())
    assert len(view.open) == 1


def test_a_lost_balances_message_is_asked_for() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    view = world.call(client.balances_view())
    before = view.balances[2].available
    world.call(client.place(MARKET, Side.BUY, 5, 99_000))
    assert view.balances[2].available == before, "the fake daemon never sends Balances"
    world.run(1 * S)
    assert view.balances[2].held > 0
    assert view.balances[2].available + view.balances[2].held == before


def test_a_record_stays_the_same_object_through_a_snapshot() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    answer = world.call(client.place(MARKET, Side.BUY, 5, 99_000))
    view = world.call(client.orders_view())
    assert view.open[answer.order_id] is answer.order
    assert answer.order is not None
    assert answer.order.notional(1) == 0
