"""Steps of several ticks hold what the exchange says they hold."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mexchange.domain.order import Side
from mexchange.tui.widgets.grouping import GROUPS, in_steps, next_group, own_in_steps, step_of
from mexchange.tui.widgets.ladder_data import OwnAt
from tests.tui.pictures import level

SIDES = st.sampled_from((Side.BUY, Side.SELL))
BOOKS = st.dictionaries(st.integers(1, 3_000), st.integers(1, 2**48), max_size=60)


@given(BOOKS, SIDES, st.sampled_from(GROUPS[:8]), st.booleans())
def test_a_step_is_the_sum_of_its_levels(sizes: dict[int, int], side: Side, group: int, cut: bool) -> None:
    prices = sorted(sizes, reverse=side is Side.BUY)
    levels = [level(side, price, sizes[price]) for price in prices]
    steps = in_steps(levels, side, group, len(levels) if cut else 0)
    expected: Counter[int] = Counter()
    for price, size in sizes.items():
        expected[step_of(price, side, group)] += size
    for price, size in steps:
        assert (price % group, expected.pop(price)) == (0, size)
    missing = 1 if cut and levels and any(price % group for price in prices) else 0
    assert len(expected) == missing, "only the last step of a book that is cut off may be left out"
    assert [price for price, _ in steps] == sorted((price for price, _ in steps), reverse=side is Side.BUY)


@given(SIDES, st.integers(1, 10_000), st.sampled_from(GROUPS))
def test_bids_go_down_and_asks_up(side: Side, price: int, group: int) -> None:
    step = step_of(price, side, group)
    assert (price - group < step <= price) if side is Side.BUY else (price <= step < price + group)


def test_own_orders_of_one_step_are_summed_and_keep_their_prices() -> None:
    own: dict[tuple[Side, int], OwnAt] = {
        (Side.BUY, 104): OwnAt(5, 3),
        (Side.BUY, 101): OwnAt(2, 1),
        (Side.BUY, 95): OwnAt(7, 4),
        (Side.SELL, 111): OwnAt(1),
        (Side.SELL, 119): OwnAt(1),
    }
    groups = own_in_steps(own, 10)
    assert groups[Side.BUY, 100] == (7, None, (104, 101))
    assert groups[Side.BUY, 90] == (7, 4, (95,))
    assert groups[Side.SELL, 120] == (2, None, (111, 119))


def test_groups_go_round() -> None:
    steps = [1]
    while len(steps) < 6:
        steps.append(next_group(steps[-1]))
    assert steps == [1, 2, 5, 10, 20, 50]
    assert (next_group(GROUPS[-1]), next_group(10, -1), next_group(1, -1)) == (1, 5, 1)
