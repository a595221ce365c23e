"""The maker quotes both sides, moves what is off, leaves alone what is near, and leans against its inventory."""

from typing import Any

import msgspec
import pytest

from mexchange.bots.maker import ACTIONS_MAX, Maker, MakerSettings
from mexchange.bots.market_view import MarketView, OwnQuote
from mexchange.codec.messages import MarketInfo
from mexchange.domain.commands import AmendOrder, CancelOrder, Command, PlaceOrder
from mexchange.domain.order import OrderFlag, Side
from mexchange.domain.units import Atoms, Lots, MarketId

INFO = MarketInfo(
    market=MarketId(1),
    symbol="KCN/EUR",
    tick_size=10**7,
    lot_size=Atoms(10**5),
    atoms_per_tick_lot=Atoms(1_000),
    quantity_min=Lots(1),
    quantity_max=Lots(2**40),
    notional_min=Atoms(10**8),
)
EUR = 10**8
SETTINGS = MakerSettings(level_amount=1_500 * EUR)


def view(**changes: Any) -> MarketView:
    """KCN is worth 1,000.00; the bot has 1,000,000 EUR of either asset, and nobody else is there."""
    calm = MarketView(
        info=INFO,
        fair=100_000,
        best_bid=0,
        best_ask=0,
        bid_lots=0,
        ask_lots=0,
        base=1_000 * EUR,
        quote=1_000_000 * EUR,
    )
    return msgspec.structs.replace(calm, **changes)


def rest(commands: list[Command]) -> tuple[OwnQuote, ...]:
    """The orders that these commands leave in an empty book."""
    placed = [command for command in commands if isinstance(command, PlaceOrder)]
    return tuple(OwnQuote(number, order.side, order.price, order.quantity, 0) for number, order in enumerate(placed, 1))


def quoted(maker: Maker) -> tuple[OwnQuote, ...]:
    """All its levels around 1,000.00."""
    orders = rest(maker.decide(view()))
    assert len(orders) == 2 * SETTINGS.levels
    return orders


def prices(commands: list[Command], side: Side) -> list[int]:
    return [command.price for command in commands if isinstance(command, PlaceOrder) and command.side is side]


def test_it_begins_with_all_levels_on_both_sides_none_of_which_would_take() -> None:
    commands = Maker(SETTINGS, 1).decide(view())
    bids, asks = prices(commands, Side.BUY), prices(commands, Side.SELL)
    assert len(bids) == len(asks) == SETTINGS.levels
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    assert (bids[0], asks[0]) == (100_000 - 15, 100_000 + 15)
    for command in commands:
        assert isinstance(command, PlaceOrder)
        assert command.flags == OrderFlag.POST_ONLY | OrderFlag.SLIDE
        assert command.quantity * command.price * INFO.atoms_per_tick_lot >= INFO.notional_min


def test_the_same_seed_quotes_the_same() -> None:
    assert Maker(SETTINGS, 7).decide(view()) == Maker(SETTINGS, 7).decide(view())
    assert Maker(SETTINGS, 7).decide(view()) != Maker(SETTINGS, 8).decide(view())


def test_what_is_near_enough_stays() -> None:
    maker = Maker(SETTINGS, 1)
    orders = quoted(maker)
    assert maker.decide(view(orders=orders, fair=100_003)) == []


@pytest.mark.parametrize(("fair", "first"), [(100_100, Side.SELL), (99_900, Side.BUY)])
def test_when_the_price_moves_every_level_is_amended_and_the_side_that_gives_way_goes_first(
    fair: int, first: Side
) -> None:
    maker = Maker(SETTINGS, 1)
    orders = quoted(maker)
    sides = {order.order_id: order.side for order in orders}
    commands = maker.decide(view(orders=orders, fair=fair))
    assert all(isinstance(command, AmendOrder) for command in commands), "no side is ever without a quote"
    moved = [sides[command.order_id] for command in commands if isinstance(command, AmendOrder)]
    assert moved == [first] * SETTINGS.levels + [first.opposite] * SETTINGS.levels


def test_a_level_that_was_eaten_up_is_filled_again_to_a_total_that_counts_what_is_filled() -> None:
    maker = Maker(SETTINGS, 1)
    best, *others = quoted(maker)
    eaten = OwnQuote(best.order_id, best.side, best.price, 10, best.leaves - 10)
    (amend,) = maker.decide(view(orders=(eaten, *others)))
    assert isinstance(amend, AmendOrder)
    assert amend.order_id == eaten.order_id
    assert amend.quantity - eaten.filled >= best.leaves // 2


def test_a_level_that_is_gone_is_placed_again_and_one_too_many_is_cancelled() -> None:
    maker = Maker(SETTINGS, 1)
    orders = quoted(maker)
    first_ask = next(order for order in orders if order.side is Side.SELL)
    commands = maker.decide(view(orders=tuple(order for order in orders if order is not first_ask)))
    assert sum(isinstance(command, PlaceOrder) for command in commands) == 1
    surplus = OwnQuote(99, Side.SELL, 100_900, 100, 0)
    (cancel,) = maker.decide(view(orders=(*orders, surplus)))
    assert isinstance(cancel, CancelOrder)
    assert cancel.order_id == 99


def test_it_stays_one_tick_off_the_orders_of_others() -> None:
    commands = Maker(SETTINGS, 1).decide(view(best_bid=100_040, best_ask=100_045, bid_lots=5, ask_lots=5))
    assert min(prices(commands, Side.SELL)) == 100_041
    assert max(prices(commands, Side.BUY)) < 100_045


def test_with_more_of_the_base_asset_than_it_began_with_it_leans_down_and_with_less_up() -> None:
    maker = Maker(SETTINGS, 1)
    maker.decide(view())
    heavy = maker.decide(view(base=2_000 * EUR, quote=100_000 * EUR))
    light = maker.decide(view(base=100 * EUR, quote=2_000_000 * EUR))
    assert prices(heavy, Side.BUY)[0] < prices(light, Side.BUY)[0]
    assert prices(heavy, Side.SELL)[0] < prices(light, Side.SELL)[0]
    assert prices(heavy, Side.SELL)[0] > 100_000 > prices(light, Side.BUY)[0], "it leans, it does not give away"


def test_it_quotes_no_more_than_its_budget_and_fewer_levels_when_it_is_poor() -> None:
    maker = Maker(SETTINGS, 1)
    poor = [command for command in maker.decide(view(quote=30 * EUR)) if isinstance(command, PlaceOrder)]
    spent = sum(o.quantity * o.price * INFO.atoms_per_tick_lot for o in poor if o.side is Side.BUY)
    assert 0 < spent <= 30 * EUR * SETTINGS.budget_ppm // 1_000_000
    broke = maker.decide(view(quote=EUR, base=0))
    assert broke == []


def test_a_decision_is_bounded() -> None:
    orders = tuple(OwnQuote(number, Side.BUY, 90_000 + number, 5, 0) for number in range(1, 300))
    assert len(Maker(SETTINGS, 1).decide(view(orders=orders))) == ACTIONS_MAX
