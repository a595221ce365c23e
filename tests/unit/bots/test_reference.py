"""The synthetic price is the same for everybody who asks, wanders, and stays near home."""

from itertools import pairwise

from mexchange.bots.reference import BAND_PPM, S_NS, fair_price

START_NS = 1_800_000_000 * S_NS
HOME = 100_000


def price(seconds: int, *, seed: int = 1, market: int = 1, home: int = HOME) -> int:
    return fair_price(seed=seed, market=market, home=home, time_ns=START_NS + seconds * S_NS)


def test_it_stays_in_its_band_for_a_year_and_uses_much_of_it() -> None:
    prices = [price(minute * 60 * 13) for minute in range(365 * 24 * 60 // 13)]
    away = [abs(each - HOME) * 1_000_000 // HOME for each in prices]
    assert max(away) <= BAND_PPM
    assert max(away) > BAND_PPM // 3
    assert abs(sum(prices) // len(prices) - HOME) * 1_000 < HOME, "home is the middle"


def test_it_moves_in_small_steps() -> None:
    prices = [price(second) for second in range(20_000)]
    steps = [abs(after - before) for before, after in pairwise(prices)]
    assert max(steps) * 1_000_000 <= 40 * HOME, "40 ppm a second at most"
    assert len(set(prices)) > 300


def test_seeds_and_markets_have_prices_of_their_own_and_time_alone_decides() -> None:
    assert price(1_000) == price(1_000)
    assert len({price(1_000, seed=seed, market=market) for seed in range(4) for market in range(4)}) > 12


def test_a_price_is_never_below_one_tick() -> None:
    assert {price(second, home=1) for second in range(0, 100_000, 500)} <= {1, 2}
