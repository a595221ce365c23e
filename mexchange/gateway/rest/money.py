"""An amount as callers write it, and what they have."""

from decimal import Decimal

from mexchange.client.markets import Markets
from mexchange.gateway import shapes
from mexchange.gateway.decimals import digits_of
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.people import Person
from mexchange.gateway.shapes import BalanceRow


def asset_amount(symbol: str, amount: Decimal, markets: Markets) -> tuple[int, int]:
    """Asset and atoms. Raises BadRequest, UnknownAsset, TextError."""
    if not amount.is_finite() or amount <= 0:
        raise BadRequest("Amount must be positive", code="E_AMOUNT")
    info = markets.asset_by_symbol(symbol)
    return info.asset, markets.amount(info.asset, digits_of(amount, "amount"))


async def balance_of(person: Person, asset: int, markets: Markets) -> BalanceRow:
    """What the caller has of it now."""
    rows = [row for row in await person.client.balances() if row.asset == asset]
    if not rows:
        return BalanceRow(asset=markets.asset(asset).symbol, available="0", locked="0")
    return shapes.balances(rows, markets)[0]
