"""`mx portfolio`: what you have, what it is worth, what it won."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import AssetInfo
    from mexchange.domain.portfolio import Portfolio

app = typer.Typer(add_completion=False)
POSITIONS: Final = (Column("asset"), Column("amount", right=True), Column("value", right=True), Column("in"))
HOLDINGS: Final = (
    Column("market"),
    Column("quantity", right=True),
    Column("cost", right=True),
    Column("value", right=True),
    Column("unrealised", right=True),
    Column("realised", right=True),
    Column("in"),
)
EQUITY: Final = (Column("day"), Column("value", right=True), Column("in"), Column("partial"))


@app.command()
def portfolio(
    ctx: typer.Context,
    valued_in: Annotated[str | None, typer.Option("--in", help="Asset to value in; that of the first market.")] = None,
    equity: Annotated[bool, typer.Option("--equity", help="What it was worth at the end of each day.")] = False,
    days: Annotated[int, typer.Option("--days", help="Of --equity.", min=1, max=3_650)] = 30,
) -> None:
    """Balances with their value, profit and loss by average cost; with --equity the worth of each day."""
    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    asset = registry.asset_by_symbol(valued_in) if valued_in else _default_asset(registry)
    if equity:
        points = mx.client.equity(asset.asset, days=days, account=mx.account())
        rows = [
            {
                "day": (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=point.day)).date().isoformat(),
                "value": registry.show_amount(asset.asset, point.value),
                "in": asset.symbol,
                "partial": point.is_partial,
            }
            for point in points
        ]
        mx.output.rows(EQUITY, rows)
        return
    found = mx.client.portfolio(asset.asset, account=mx.account())
    if mx.output.is_table:
        _table(mx, found, asset, registry)
    elif mx.output.mode in ("csv", "tsv"):
        mx.output.rows(POSITIONS, _positions(found, asset, registry))
    else:
        mx.output.line(
            {
                **_totals(found, asset, registry),
                "positions": _positions(found, asset, registry),
                "holdings": _holdings(found, registry),
            }
        )


def _default_asset(registry: "Markets") -> "AssetInfo":
    first = next(iter(registry), None)
    return registry.asset(first.quote) if first is not None else registry.assets[0]


def _table(mx: Invocation, found: "Portfolio", asset: "AssetInfo", registry: "Markets") -> None:
    mx.output.rows(POSITIONS, _positions(found, asset, registry))
    if found.lots:
        mx.output.say("")
        mx.output.rows(HOLDINGS, _holdings(found, registry))
    mx.output.say("")
    for name, value in _totals(found, asset, registry).items():
        if name not in ("in", "partial"):
            mx.output.say(f"{name:10}  {value} {asset.symbol}")
    if found.is_partial:
        mx.note("partial: what no market leads to, or has no price, is left out of the sums")


def _totals(found: "Portfolio", asset: "AssetInfo", registry: "Markets") -> dict[str, object]:
    return {
        "value": registry.show_amount(asset.asset, found.value),
        "cost": registry.show_amount(asset.asset, found.cost),
        "unrealised": registry.show_amount(asset.asset, found.unrealised),
        "realised": registry.show_amount(asset.asset, found.realised),
        "in": asset.symbol,
        "partial": found.is_partial,
    }


def _positions(found: "Portfolio", asset: "AssetInfo", registry: "Markets") -> list[dict[str, object]]:
    return [
        {
            "asset": registry.asset(each.asset).symbol,
            "amount": registry.show_amount(each.asset, each.amount),
            "value": None if each.value is None else registry.show_amount(asset.asset, each.value),
            "in": asset.symbol,
        }
        for each in found.positions
    ]


def _holdings(found: "Portfolio", registry: "Markets") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for each in found.lots:
        market = registry[each.lot.market]
        quote = registry.asset(market.quote)

        def shown(amount: int | None, asset: int = quote.asset) -> str | None:
            return None if amount is None else registry.show_amount(asset, amount)

        rows.append(
            {
                "market": market.symbol,
                "quantity": registry.show_amount(market.base, each.lot.quantity),
                "cost": shown(each.lot.cost),
                "value": shown(each.value),
                "unrealised": shown(each.unrealised),
                "realised": shown(each.lot.realised),
                "in": quote.symbol,
            }
        )
    return rows
