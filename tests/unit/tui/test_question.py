"""Whether an order is asked about, at each level."""

import pytest

from mexchange.codec.messages import Level
from mexchange.domain.order import OrderType, Side
from mexchange.domain.units import Lots, Ticks
from mexchange.tui.trading.dealing import Sight
from mexchange.tui.trading.question import is_asked
from mexchange.tui.trading.thresholds import Thresholds
from tests.unit.cli.test_order_entry import MARKET, REGISTRY


def level(price: int, side: Side) -> Level:
    return Level(Ticks(price), Lots(1_000), 1, side)


SIGHT = Sight(
    registry=REGISTRY, market=MARKET, bids=[level(99_957, Side.BUY)], asks=[level(99_980, Side.SELL)], last=99_957
)
OVER = Thresholds(level="over", worth="1000", from_mid="0.02")


def asked(thresholds: Thresholds, price: int, quantity: int, order_type: OrderType = OrderType.LIMIT) -> str:
    return is_asked(thresholds, SIGHT, order_type=order_type, price=price, quantity=quantity)


def test_always_and_never_are_that() -> None:
    assert asked(Thresholds(level="always"), 99_957, 1)
    assert asked(Thresholds(level="never"), 1, 10**9) == ""


@pytest.mark.parametrize(
    ("price", "quantity", "order_type", "why"),
    [
        (99_957, 1_000, OrderType.LIMIT, ""),
        (100_000, 1_000, OrderType.LIMIT, ""),
        (100_001, 1_000, OrderType.LIMIT, "worth more than 1000 EUR"),
        (99_957, 1_001, OrderType.LIMIT, "worth more than 1000 EUR"),
        (97_969, 1_000, OrderType.LIMIT, ""),
        (97_968, 1_000, OrderType.LIMIT, "more than 2 % from the middle"),
        (101_968, 900, OrderType.LIMIT, "more than 2 % from the middle"),
        (0, 1_000, OrderType.MARKET, ""),
        (0, 1_001, OrderType.MARKET, "worth more than 1000 EUR"),
    ],
)
def test_over_asks_about_large_orders_and_far_ones(price: int, quantity: int, order_type: OrderType, why: str) -> None:
    assert asked(OVER, price, quantity, order_type) == why


def test_a_threshold_that_is_no_number_asks() -> None:
    assert "cannot be read" in asked(Thresholds(worth="much"), 99_957, 1)


def test_a_market_without_a_book_is_measured_by_its_own_price() -> None:
    empty = Sight(registry=REGISTRY, market=MARKET)
    assert (empty.bid, empty.mid, empty.reference) == (0, 0, 99_955)
    assert is_asked(OVER, empty, order_type=OrderType.LIMIT, price=99_955, quantity=1) == ""
