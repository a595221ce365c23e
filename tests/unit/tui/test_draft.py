"""Words in a ticket become an order, or a sentence that says which word is wrong and what would be right."""

import msgspec
import pytest

from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.tui.trading.draft import Entry, OrderDraft, Problem, read
from tests.unit.cli.test_order_entry import NOW_NS, REGISTRY

TYPED = Entry(market=1, price="999.55", size="5")


def draft(**changes: object) -> OrderDraft:
    found = read(msgspec.structs.replace(TYPED, **changes), REGISTRY, NOW_NS)
    assert isinstance(found, OrderDraft), found
    return found


def problem(**changes: object) -> Problem:
    found = read(msgspec.structs.replace(TYPED, **changes), REGISTRY, NOW_NS)
    assert isinstance(found, Problem), found
    return found


def test_price_and_size_are_a_limit_order() -> None:
    command = draft(post_only=True).command()
    assert (command.price, command.quantity, command.side) == (99_955, 5_000, Side.BUY)
    assert (command.order_type, command.time_in_force) == (OrderType.LIMIT, TimeInForce.GTC)
    assert command.flags == OrderFlag.POST_ONLY
    assert draft(post_only=True).shown(REGISTRY) == "BUY 5 KCN @ 999.55 limit GTC post-only"


def test_a_market_order_needs_no_price_and_ignores_one() -> None:
    command = draft(order_type=OrderType.MARKET, time_in_force=TimeInForce.IOC, price="nonsense").command()
    assert (command.price, command.order_type) == (0, OrderType.MARKET)


def test_good_till_a_time_counts_from_the_servers_clock() -> None:
    assert draft(time_in_force=TimeInForce.GTD, expiry="10m").expiry_ns == NOW_NS + 600 * 10**9
    assert draft(time_in_force=TimeInForce.GTC, expiry="10m").expiry_ns == 0


@pytest.mark.parametrize(
    ("changes", "field", "code", "says"),
    [
        ({"price": ""}, "price", "", "no price yet"),
        ({"size": "  "}, "size", "", "no size yet"),
        ({"price": "999.553"}, "price", "E_TICK", "999.55 and 999.56"),
        ({"size": "5.0001"}, "size", "E_LOT", "5.000 and 5.001"),
        ({"price": "-5"}, "price", "E_PRICE", "decimal number"),
        ({"price": "1,000.00"}, "price", "E_PRICE", "no separators"),
        ({"price": "0"}, "price", "E_PRICE", "above zero"),
        ({"size": "9" * 41}, "size", "E_QUANTITY", "decimal number"),
        ({"size": "9" * 30}, "size", "E_QUANTITY", "beyond the largest"),
        ({"price": "1e3"}, "price", "E_PRICE", "no exponent"),
        ({"price": "½"}, "price", "E_PRICE", "decimal number"),
        ({"time_in_force": TimeInForce.GTD}, "expiry", "", "no end yet"),
        ({"time_in_force": TimeInForce.GTD, "expiry": "soon"}, "expiry", "", "10m"),
        ({"order_type": OrderType.MARKET}, "order", "", "IOC or FOK"),
        ({"time_in_force": TimeInForce.IOC, "post_only": True}, "order", "", "post-only rests"),
    ],
)
def test_what_is_wrong_is_said_with_its_field_and_what_would_be_right(
    changes: dict[str, object], field: str, code: str, says: str
) -> None:
    found = problem(**changes)
    assert (found.field, found.code) == (field, code)
    assert says in found.whole
