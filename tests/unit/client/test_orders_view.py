"""The orders of an account, with and without a snapshot."""

import random

from mexchange.client.live_calls import LiveCalls
from mexchange.client.orders import OwnOrder
from mexchange.client.orders_view import OrdersView
from mexchange.codec import MessageType, decode, encode
from mexchange.codec.messages import AccountPage, AccountQuery, OrderState
from mexchange.domain.commands import AmendOrder, CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Event
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
        if event.account == ACCOUNT and isinstance(event, Accepted):
            placed.append(event.order_id)


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


def account_page(world: ExchangeWorld) -> AccountPage:
    """The account as the engine has it now."""
    (block,) = world.daemon.engine.query(encode(AccountQuery(account=ACCOUNT)))
    page = decode(MessageType.ACCOUNT_PAGE, block[8:])
    assert isinstance(page, AccountPage)
    return page


def own(events: list[Event]) -> list[Event]:
    return [event for event in events if event.account == ACCOUNT and event.account_sequence]


def resting(world: ExchangeWorld) -> tuple[int, list[Event]]:
    """An order of ten lots of the account."""
    order = PlaceOrder(ACCOUNT, world.client_id(), MarketId(MARKET), Side.BUY, Lots(10), Ticks(100_000))
    events = own(world.daemon.apply(order))
    assert isinstance(events[0], Accepted)
    return events[0].order_id, events


def sold_to_us(world: ExchangeWorld, quantity: int) -> list[Event]:
    order = PlaceOrder(OTHER, world.client_id(), MarketId(MARKET), Side.SELL, Lots(quantity), Ticks(100_000))
    return own(world.daemon.apply(order))


def test_events_that_a_page_contains_already_do_not_count_twice() -> None:
    world = ExchangeWorld(Line(1))
    order_id, accepted = resting(world)
    fill = sold_to_us(world, 3)
    view = OrdersView()
    view.begin_snapshot()
    view.page(account_page(world))
    view.apply(accepted + fill)
    view.end_snapshot(world.daemon.engine.sequence)
    assert (view.open[order_id].filled, view.open[order_id].leaves) == (3, 7)


def test_events_that_overtook_a_page_count() -> None:
    world = ExchangeWorld(Line(1))
    order_id, _ = resting(world)
    page = account_page(world)
    view = OrdersView()
    view.begin_snapshot()
    view.apply(sold_to_us(world, 3))  # of an order that is not known yet
    view.page(page)
    view.end_snapshot(page.sequence)
    assert (view.open[order_id].filled, view.open[order_id].leaves) == (3, 7)


def test_an_old_page_does_not_take_back_what_happened_since() -> None:
    world = ExchangeWorld(Line(1))
    order_id, accepted = resting(world)
    page = account_page(world)
    view = OrdersView()
    view.apply(accepted + sold_to_us(world, 3))
    view.begin_snapshot()
    view.page(page)
    view.end_snapshot(page.sequence)
    assert (view.open[order_id].filled, view.open[order_id].leaves) == (3, 7)
    view.apply(sold_to_us(world, 7))
    assert order_id not in view.open
    view.begin_snapshot()
    view.page(page)
    view.end_snapshot(page.sequence)
    assert order_id not in view.open
    assert view.finished[order_id].state is OrderState.FILLED


def test_fills_that_were_never_seen_are_taken_from_the_page() -> None:
    world = ExchangeWorld(Line(1))
    order_id, accepted = resting(world)
    view = OrdersView()
    view.apply(accepted)
    sold_to_us(world, 3)
    view.begin_snapshot()
    page = account_page(world)
    view.page(page)
    view.end_snapshot(page.sequence)
    order = view.open[order_id]
    assert (order.filled, order.leaves, order.notional(1), order.fees) == (3, 7, None, None)
