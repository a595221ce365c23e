"""The user's own limits hold on every way to an order."""

from pathlib import Path

import msgspec
import pytest

from mexchange.cli import order_entry
from mexchange.client.errors import BeyondOwnLimit
from mexchange.client.guard import Limits, distance_ppm, guard, guard_amend
from mexchange.client.orders import OwnOrder
from mexchange.config import settings
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import AmendOrder
from mexchange.domain.order import Side
from mexchange.domain.text import TextError
from mexchange.domain.units import AccountId, Lots, OrderId, Ticks
from tests.unit.cli.test_order_entry import REGISTRY, entered


def limits(tmp_path: Path, **flags: str) -> Limits:
    loaded = settings.load(flags=flags, environ={"MX_CONFIG_DIR": str(tmp_path)}, directory=tmp_path)
    return order_entry.limits(loaded)


def code_of(refused: "pytest.ExceptionInfo[BeyondOwnLimit]") -> tuple[str, int]:
    return refused.value.code, refused.value.exit_code


def test_an_order_worth_more_than_your_limit_is_stopped(tmp_path: Path) -> None:
    enough, short = limits(tmp_path, max_notional="4997.75"), limits(tmp_path, max_notional="4997.74")
    guard(entered(quantity="5", price="999.55"), REGISTRY, enough)
    for words in ({"quantity": "5", "price": "999.55"}, {"quantity": "5"}, {"quote_amount": "4997.76"}):
        with pytest.raises(BeyondOwnLimit) as refused:
            guard(entered(**words), REGISTRY, short)
        assert code_of(refused) == ("E_MAX_NOTIONAL", 5)


@pytest.mark.parametrize(
    ("price", "passes"), [("949.58", True), ("949.57", False), ("1049.52", True), ("1049.53", False)]
)
def test_a_price_far_from_the_last_one_is_stopped(tmp_path: Path, price: str, passes: bool) -> None:
    order, band = entered(quantity="1", price=price), limits(tmp_path, price_band="0.05")
    if passes:
        guard(order, REGISTRY, band)
        return
    with pytest.raises(BeyondOwnLimit) as refused:
        guard(order, REGISTRY, band)
    assert code_of(refused) == ("E_PRICE_BAND", 5)


def test_an_amend_is_judged_by_what_the_order_becomes(tmp_path: Path) -> None:
    order = OwnOrder(
        order_id=7, client_order_id=NO_ID, market=1, side=Side.BUY, price=99_955, quantity=5_000, leaves=5_000
    )
    bounds = limits(tmp_path, max_notional="5000", price_band="0.05")

    def amend(price: int, quantity: int) -> None:
        command = AmendOrder(AccountId(16), NO_ID, OrderId(7), price=Ticks(price), quantity=Lots(quantity))
        guard_amend(command, order, REGISTRY, bounds)

    amend(0, 4_000)
    amend(100_000, 0)
    for price, quantity, code in (
        (0, 5_003, "E_MAX_NOTIONAL"),
        (100_001, 0, "E_MAX_NOTIONAL"),
        (90_000, 1, "E_PRICE_BAND"),
    ):
        with pytest.raises(BeyondOwnLimit) as refused:
            amend(price, quantity)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("side", "price", "passes"),
    [
        (Side.BUY, "1049.52", True),
        (Side.BUY, "1049.53", False),
        (Side.SELL, "949.58", True),
        (Side.SELL, "949.57", False),
        (Side.BUY, "1.00", True),
        (Side.SELL, "9999.00", True),
    ],
)
def test_a_hand_is_kept_from_giving_away_and_may_wish_for_anything(side: Side, price: str, passes: bool) -> None:
    order, limits = entered(side=side, quantity="1", price=price), Limits(is_kept_from_giving_away=True)
    if passes:
        guard(order, REGISTRY, limits)
        return
    with pytest.raises(BeyondOwnLimit) as refused:
        guard(order, REGISTRY, limits)
    assert code_of(refused) == ("E_PRICE_BAND", 5)
    assert "5.0 % on the losing side of the last price 999.55" in str(refused.value)


def test_the_distance_is_that_from_the_latest_price_known() -> None:
    order, limits = entered(quantity="1", price="1100.00"), Limits(price_band="0.05")
    with pytest.raises(BeyondOwnLimit):
        guard(order, REGISTRY, limits)
    guard(order, REGISTRY, limits, reference=109_000)


@pytest.mark.parametrize(("price", "quantity"), [(0, 1), (-5, 1), (2**48 + 1, 1), (99_955, 0), (99_955, -1)])
def test_what_is_off_the_grid_is_refused_however_it_was_made(price: int, quantity: int) -> None:
    order = msgspec.structs.replace(entered(quantity="1", price="999.55"), price=price, quantity=quantity)
    with pytest.raises(TextError):
        guard(order, REGISTRY, Limits())


def test_the_distance_in_millionths_is_never_too_small() -> None:
    assert distance_ppm(103, 100) == 30_000
    assert distance_ppm(99_999, 99_998) == 11
