"""The taker trades now and then, in sizes that nobody notices, back to the inventory that it began with."""

from typing import Any

import msgspec

from mexchange.bots.market_view import MarketView
from mexchange.bots.taker import S_NS, Taker, TakerSettings
from mexchange.codec.messages import MarketInfo
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.order import OrderType, Side, TimeInForce
from mexchange.domain.units import Atoms, Lots, MarketId

INFO = MarketInfo(
    market=MarketId(1),
    lot_size=Atoms(10**5),
    atoms_per_tick_lot=Atoms(1_000),
    quantity_min=Lots(1),
    quantity_max=Lots(2**40),
    notional_min=Atoms(10**8),
)
EUR = 10**8
SETTINGS = TakerSettings(amount_min=5 * EUR, amount_max=1_200 * EUR)


def view(**changes: Any) -> MarketView:
    """KCN is worth 1,000.00, quoted 30 ticks wide, 20 KCN a side; the bot has 1,000,000 EUR of either asset."""
    calm = MarketView(
        info=INFO,
        fair=100_000,
        best_bid=99_985,
        best_ask=100_015,
        bid_lots=20_000,
        ask_lots=20_000,
        base=1_000 * EUR,
        quote=1_000_000 * EUR,
    )
    return msgspec.structs.replace(calm, **changes)


def orders(taker: Taker, moments: int, seen: MarketView) -> list[PlaceOrder]:
    """What it does in so many seconds."""
    decided = [command for second in range(moments) for command in taker.decide(seen, second * S_NS)]
    return [command for command in decided if isinstance(command, PlaceOrder)]


def test_it_pauses_between_orders_and_takes_both_sides_in_both_ways() -> None:
    placed = orders(Taker(SETTINGS, 1), 2_000, view())
    assert 200 < len(placed) < 2_000
    assert {order.side for order in placed} == {Side.BUY, Side.SELL}
    assert {order.order_type for order in placed} == {OrderType.MARKET, OrderType.LIMIT}
    assert {order.time_in_force for order in placed} == {TimeInForce.IOC}


def test_its_orders_are_within_every_bound() -> None:
    seen = view(ask_lots=500)
    for order in orders(Taker(SETTINGS, 2), 2_000, seen):
        amount = order.quantity * 100_000 * INFO.atoms_per_tick_lot
        assert INFO.notional_min <= amount <= SETTINGS.amount_max
        if order.side is Side.BUY:
            assert order.quantity <= 150, "three tenths of what is offered"
        if order.order_type is OrderType.LIMIT:
            best = seen.best_ask if order.side is Side.BUY else seen.best_bid
            assert abs(order.price - best) * 1_000_000 <= SETTINGS.reach_ppm * best
            assert (order.price >= best) == (order.side is Side.BUY) or order.price == best


def test_the_farther_it_is_from_home_the_more_it_trades_back() -> None:
    taker = Taker(SETTINGS, 3)
    taker.decide(view(), 0)
    heavy = orders(taker, 3_000, view(base=1_300 * EUR, quote=700_000 * EUR))
    assert sum(order.side is Side.SELL for order in heavy) == len(heavy), "certain"
    light = orders(Taker(SETTINGS, 3), 3_000, view(base=970 * EUR, quote=1_030_000 * EUR))
    assert 0.4 < sum(order.side is Side.BUY for order in light) / len(light) < 0.6, "home is where it began"


def test_with_nobody_there_or_nothing_left_it_waits() -> None:
    empty = view(best_bid=0, best_ask=0, bid_lots=0, ask_lots=0)
    assert orders(Taker(SETTINGS, 4), 500, empty) == []
    assert orders(Taker(SETTINGS, 4), 500, view(quote=0)) == []
    assert orders(Taker(SETTINGS, 4), 500, view(base=0)) == []


def test_the_same_seed_trades_the_same() -> None:
    assert orders(Taker(SETTINGS, 5), 300, view()) == orders(Taker(SETTINGS, 5), 300, view())
