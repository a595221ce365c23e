"""The user's own limits hold on every way to an order."""

from pathlib import Path

import pytest

from mexchange.cli import order_guard
from mexchange.cli.errors import CliError
from mexchange.client.orders import OwnOrder
from mexchange.config import settings
from mexchange.config.settings import Settings
from mexchange.domain.client_id import NO_ID
from mexchange.domain.commands import AmendOrder
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, Lots, OrderId, Ticks
from tests.unit.cli.test_order_entry import REGISTRY, entered


def limits(tmp_path: Path, **flags: str) -> Settings:
    return settings.load(flags=flags, environ={"MX_CONFIG_DIR": str(tmp_path)}, directory=tmp_path)


def code_of(refused: "pytest.ExceptionInfo[CliError]") -> tuple[str, int]:
    return refused.value.code, refused.value.exit_code


def test_an_order_worth_more_than_your_limit_is_stopped(tmp_path: Path) -> None:
    enough, short = limits(tmp_path, max_notional="4997.75"), limits(tmp_path, max_notional="4997.74")
    order_guard.guard(entered(quantity="5", price="999.55"), REGISTRY, enough)
    for words in ({"quantity": "5", "price": "999.55"}, {"quantity": "5"}, {"quote_amount": "4997.76"}):
        with pytest.raises(CliError) as refused:
            order_guard.guard(entered(**words), REGISTRY, short)
        assert code_of(refused) == ("E_MAX_NOTIONAL", 5)


@pytest.mark.parametrize(
    ("price", "passes"), [("949.58", True), ("949.57", False), ("1049.52", True), ("1049.53", False)]
)
def test_a_price_far_from_the_last_one_is_stopped(tmp_path: Path, price: str, passes: bool) -> None:
    order, band = entered(quantity="1", price=price), limits(tmp_path, price_band="0.05")
    if passes:
        order_guard.guard(order, REGISTRY, band)
        return
    with pytest.raises(CliError) as refused:
        order_guard.guard(order, REGISTRY, band)
    assert code_of(refused) == ("E_PRICE_BAND", 5)


def test_an_amend_is_judged_by_what_the_order_becomes(tmp_path: Path) -> None:
    order = OwnOrder(
        order_id=7, client_order_id=NO_ID, market=1, side=Side.BUY, price=99_955, quantity=5_000, leaves=5_000
    )
    bounds = limits(tmp_path, max_notional="5000", price_band="0.05")

    def amend(price: int, quantity: int) -> None:
        command = AmendOrder(AccountId(16), NO_ID, OrderId(7), price=Ticks(price), quantity=Lots(quantity))
        order_guard.guard_amend(command, order, REGISTRY, bounds)

    amend(0, 4_000)
    amend(100_000, 0)
    for price, quantity, code in (
        (0, 5_003, "E_MAX_NOTIONAL"),
        (100_001, 0, "E_MAX_NOTIONAL"),
        (90_000, 1, "E_PRICE_BAND"),
    ):
        with pytest.raises(CliError) as refused:
            amend(price, quantity)
        assert refused.value.code == code
