"""What an order is said to cost is what it costs, and what it is said to bring at least arrives."""

from random import Random

import msgspec
import pytest

from mexchange.client.order_cost import fee_ppm, limit_cost, protection_price, sweep, sweep_cost
from mexchange.client.sizing import affordable, flattening, middle, share, stepped_price, stepped_size
from mexchange.codec.messages import Level, MarketInfo
from mexchange.domain.order import Side
from mexchange.domain.units import PPM_ONE, PRICE_MAX, Lots, Ticks, div_ceil
from tests.unit.cli.test_order_entry import MARKET

UNIT = 10**8


def test_a_buy_of_five_yields_a_thousandth_less() -> None:
    cost = limit_cost(MARKET, Side.BUY, price=99_955, quantity=5_000, fee_ppm=1_000)
    assert (cost.gives, cost.gross, cost.fee, cost.net) == (499_775_000_000, 5 * UNIT, 500_000, 499_500_000)
    assert (cost.pays, cost.receives) == (MARKET.quote, MARKET.base)
    assert cost.after(10_000 * UNIT) == 500_225_000_000
    assert cost.after(0) == -cost.gives


def test_a_sell_pays_its_fee_in_quote() -> None:
    cost = limit_cost(MARKET, Side.SELL, price=100_000, quantity=2_000, fee_ppm=1_000)
    assert (cost.gives, cost.gross, cost.net) == (2 * UNIT, 2_000 * UNIT, 1_998 * UNIT)
    assert (cost.pays, cost.receives) == (MARKET.base, MARKET.quote)


def odd_market(random: Random) -> MarketInfo:
    return msgspec.structs.replace(
        MARKET,
        lot_size=random.randint(1_000, 10**6),
        atoms_per_tick_lot=random.randint(1, 10**4),
    )


@pytest.mark.parametrize("seed", range(20))
def test_no_way_of_filling_brings_less_than_was_said(seed: int) -> None:
    random = Random(seed)
    market, side = odd_market(random), random.choice(list(Side))
    price, quantity, ppm = random.randint(1, 10**5), random.randint(1, 200), random.randint(0, 100_000)
    cost = limit_cost(market, side, price=price, quantity=quantity, fee_ppm=ppm)
    for _ in range(50):
        arrived = given = left = 0
        left = quantity
        while left:
            lots = random.randint(1, left)
            better = random.randint(0, 50)
            at = max(price - better, 1) if side is Side.BUY else price + better
            base, worth = lots * market.lot_size, at * lots * market.atoms_per_tick_lot
            gross = base if side is Side.BUY else worth
            arrived += gross - div_ceil(gross * ppm, PPM_ONE)
            given += worth if side is Side.BUY else base
            left -= lots
        assert arrived >= cost.net, f"seed {seed}"
        assert given <= cost.gives, f"seed {seed}"


def level(price: int, quantity: int) -> Level:
    return Level(Ticks(price), Lots(quantity), 1, Side.SELL)


def test_a_market_order_sweeps_levels_up_to_its_protection() -> None:
    levels = [level(100, 3), level(101, 4), level(110, 9)]
    taken = sweep(levels, 10, side=Side.BUY, protection=105)
    assert (taken.filled, taken.ticks_lots, taken.worst) == (7, 704, 101)
    assert sweep(levels, 5, side=Side.BUY, protection=105).ticks_lots == 502
    assert sweep([], 5, side=Side.BUY, protection=105).worst == 0
    falling = [level(100, 3), level(95, 4)]
    assert sweep(falling, 7, side=Side.SELL, protection=96).filled == 3
    cost = sweep_cost(MARKET, Side.BUY, taken, fee_ppm=1_000)
    assert (cost.gives, cost.gross, cost.fee) == (704_000, 700_000, 700)


def test_protection_and_fees_are_those_of_the_exchange() -> None:
    assert protection_price(MARKET, Side.BUY, 99_955) == 104_952
    assert protection_price(MARKET, Side.SELL, 99_955) == 94_958
    assert protection_price(MARKET, Side.BUY, PRICE_MAX) == PRICE_MAX
    assert protection_price(MARKET, Side.SELL, 1) == 1
    cheap = msgspec.structs.replace(MARKET, maker_ppm=-200, taker_ppm=700)
    assert fee_ppm(cheap, may_take=False, may_rest=True) == 0
    assert fee_ppm(cheap, may_take=True, may_rest=True) == 700


@pytest.mark.parametrize("seed", range(20))
def test_a_share_of_what_there_is_can_be_paid_and_one_lot_more_cannot(seed: int) -> None:
    random = Random(seed)
    market, price = odd_market(random), random.randint(1, 10**6)
    available = random.randint(0, 10**14)
    for side in Side:
        most = affordable(market, side, available=available, price=price)
        per_lot = price * market.atoms_per_tick_lot if side is Side.BUY else market.lot_size
        assert most * per_lot <= available
        assert most == market.quantity_max or (most + 1) * per_lot > available
        assert share(market, side, percent=100, available=available, price=price) == most
        assert share(market, side, percent=25, available=available, price=price) <= div_ceil(most + 1, 4)


def test_nothing_is_affordable_with_nothing_or_at_no_price() -> None:
    assert affordable(MARKET, Side.BUY, available=0, price=99_955) == 0
    assert affordable(MARKET, Side.BUY, available=-5, price=99_955) == 0
    assert affordable(MARKET, Side.BUY, available=10**12, price=0) == 0


def test_flattening_sells_whole_lots_and_names_the_rest() -> None:
    flat = flattening(MARKET, amount=5 * UNIT + 42)
    assert (flat.quantity, flat.rest) == (5_000, 42)
    small = msgspec.structs.replace(MARKET, quantity_max=3_000)
    flat = flattening(small, amount=5 * UNIT)
    assert (flat.quantity, flat.rest) == (3_000, 2 * UNIT)


def test_steps_stay_on_the_grid_and_within_it() -> None:
    assert [stepped_price(2, steps) for steps in (1, -1, -5)] == [3, 1, 1]
    assert stepped_price(PRICE_MAX, 1) == PRICE_MAX
    assert [stepped_size(1_000, steps, step=1_000) for steps in (1, -1)] == [2_000, 1]
    assert [stepped_size(1_300, steps, step=1_000) for steps in (1, -1)] == [2_000, 1_000]
    assert middle(99_957, 99_980) == 99_968
    assert middle(0, 99_980) == 0
