"""Average cost: nothing is lost to rounding, and what was not bought here gains nothing."""

import random

from mexchange.domain.cost_basis import NOTHING, Holding, bought, sold


def test_a_sale_brings_what_exceeds_its_share_of_the_cost() -> None:
    held = bought(bought(NOTHING, quantity=100, cost=1_000), quantity=100, cost=3_000)
    assert held == Holding(200, 4_000, 0)
    assert sold(held, quantity=50, proceeds=1_500) == Holding(150, 3_000, 500)
    assert sold(held, quantity=200, proceeds=3_000) == Holding(0, 0, -1_000)


def test_what_was_never_bought_gains_nothing() -> None:
    assert sold(NOTHING, quantity=10, proceeds=500) == NOTHING
    held = bought(NOTHING, quantity=10, cost=100)
    assert sold(held, quantity=40, proceeds=800) == Holding(0, 0, 100), "a quarter of the proceeds is known"


def test_the_whole_cost_is_counted_in_the_end(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(200):
        held, spent, got = NOTHING, 0, 0
        for _ in range(rng.randint(1, 30)):
            if held.quantity and rng.random() < 0.5:
                quantity, proceeds = rng.randint(1, held.quantity), rng.randint(0, 10**6)
                held, got = sold(held, quantity=quantity, proceeds=proceeds), got + proceeds
            else:
                quantity, cost = rng.randint(1, 10**6), rng.randint(0, 10**6)
                held, spent = bought(held, quantity=quantity, cost=cost), spent + cost
        if held.quantity:
            held = sold(held, quantity=held.quantity, proceeds=0)
        assert held == Holding(0, 0, got - spent)
