"""What people type becomes an order, or a sentence that says what is wrong with it."""

import msgspec
import pytest

from mexchange.cli import order_entry
from mexchange.cli.errors import CliError
from mexchange.cli.order_entry import Wish
from mexchange.client.errors import Rejected
from mexchange.client.markets import Markets, UnknownMarket
from mexchange.codec.messages import AssetInfo, MarketInfo
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.text import TextError
from mexchange.domain.units import Atoms

NOW_NS = 1_800_000_000_000_000_000
EUR = msgspec.convert({"asset": 1, "symbol": "EUR", "scale": 8, "display_decimals": 2, "supply_max": 2**62}, AssetInfo)
KCN = msgspec.convert({"asset": 2, "symbol": "KCN", "scale": 8, "display_decimals": 3, "supply_max": 2**62}, AssetInfo)
RULES = {
    "market": 1, "symbol": "KCN/EUR", "base": 2, "quote": 1, "tick_size": 10_000_000, "lot_size": 100_000,
    "atoms_per_tick_lot": 1_000, "quantity_min": 1, "quantity_max": 10**9, "notional_min": 10**8, "band_ppm": 50_000,
    "maker_ppm": 1_000, "taker_ppm": 1_000, "status": 1, "reference_price": 99_955,
}  # fmt: skip
MARKET = msgspec.convert(RULES, MarketInfo)
REGISTRY = Markets([MARKET], [EUR, KCN])


def entered(**words: object) -> PlaceOrder:
    wish = Wish(**{"side": Side.BUY, "market": "kcn/eur", **words})  # type: ignore[arg-type]
    return order_entry.place_order(wish, REGISTRY, account=16, now_ns=NOW_NS)


def test_with_a_price_it_is_a_limit_order_that_stays() -> None:
    order = entered(quantity="5", price="999.55")
    assert (order.order_type, order.time_in_force) == (OrderType.LIMIT, TimeInForce.GTC)
    assert (order.price, order.quantity) == (99_955, 5_000)


def test_without_a_price_it_is_a_market_order() -> None:
    order = entered(quantity="5")
    assert (order.order_type, order.time_in_force, order.price) == (OrderType.MARKET, TimeInForce.IOC, 0)


def test_a_quote_amount_is_atoms_of_the_quote_asset() -> None:
    order = entered(quote_amount="100.50")
    assert order.flags == OrderFlag.QUOTE_AMOUNT
    assert order.quantity == 10_050_000_000


def test_an_expiry_makes_it_good_till_then() -> None:
    assert entered(quantity="1", price="1", expire="10m").expiry_ns == NOW_NS + 600 * 10**9
    order = entered(quantity="1", price="1", expire="2026-12-24T18:00:00Z")
    assert (order.time_in_force, order.expiry_ns) == (TimeInForce.GTD, 1_798_135_200 * 10**9)


def test_slide_is_post_only_with_a_way_out() -> None:
    assert entered(quantity="1", price="1", slide=True).flags == OrderFlag.POST_ONLY | OrderFlag.SLIDE
    assert entered(quantity="1", self_trade="cancel-both").self_trade_prevention is SelfTradePrevention.CANCEL_BOTH


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"quantity": "1", "quote_amount": "5"},
        {"quantity": "1", "order_type": "limit"},
        {"quantity": "1", "order_type": "iceberg"},
        {"quantity": "1", "price": "1", "time_in_force": "gfd"},
        {"quantity": "1", "price": "1", "expire": "soon"},
        {"quantity": "1", "price": "1", "self_trade": "maybe"},
    ],
)
def test_contradictions_are_refused_as_usage_with_a_hint(words: dict[str, object]) -> None:
    with pytest.raises(CliError) as refused:
        entered(**words)
    assert refused.value.exit_code == 2
    assert refused.value.hint


def test_numbers_off_the_grid_and_unknown_markets_are_refused() -> None:
    with pytest.raises(TextError):
        entered(quantity="5", price="999.553")
    with pytest.raises(TextError):
        entered(quantity="-5", price="999.55")
    with pytest.raises(UnknownMarket):
        order_entry.place_order(Wish(side=Side.BUY, market="KCN/EUX", quantity="1"), REGISTRY, account=16, now_ns=0)


def test_the_question_says_cost_receipt_and_what_is_left() -> None:
    asked = order_entry.question(entered(quantity="5", price="999.55"), REGISTRY, Atoms(10_000 * 10**8))
    assert asked == (
        "BUY 5 KCN @ 999.55 limit GTC   cost 4,997.75 EUR   "
        "you receive at least 4.995 KCN (fee 0.005)   after 5,002.25 EUR"
    )
    sold = order_entry.question(entered(side=Side.SELL, quantity="2", price="1000"), REGISTRY, Atoms(10 * 10**8))
    assert sold == (
        "SELL 2 KCN @ 1000.00 limit GTC   gives 2.00 KCN   you receive at least 1998 EUR (fee 2)   after 8.00 KCN"
    )


def test_a_reject_is_told_in_the_units_of_the_market() -> None:
    order = entered(quantity="5", price="999.55")
    funds = order_entry.refusal(Rejected(RejectReason.INSUFFICIENT_FUNDS, 1_250_000_000), order, REGISTRY)
    assert funds.message == "not enough funds: 12.50 EUR available"
    assert funds.exit_code == 5
    taking = order_entry.refusal(Rejected(RejectReason.POST_ONLY_WOULD_TAKE, 99_954), order, REGISTRY)
    assert taking.message.endswith("the opposite best is 999.54")
