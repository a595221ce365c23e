"""`mx markets`: what can be traded, by which rules."""

from typing import Final

import typer

from mexchange.cli import completion
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.domain.market import MarketStatus

app = typer.Typer(add_completion=False)
COLUMNS: Final = (
    Column("market"),
    Column("status"),
    Column("tick", right=True),
    Column("lot", right=True),
    Column("min_notional", "MIN NOTIONAL", right=True),
    Column("maker_fee", "MAKER", right=True),
    Column("taker_fee", "TAKER", right=True),
)


@app.command()
def markets(ctx: typer.Context) -> None:
    """The markets: status, tick, lot, smallest order, fees."""
    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    completion.remember([market.symbol for market in registry])
    rows = []
    for market in registry:
        base, quote = registry.asset(market.base), registry.asset(market.quote)
        rows.append(
            {
                "market": market.symbol,
                "status": MarketStatus(market.status).name.lower(),
                "tick": registry.show_price(market.market, 1),
                "lot": registry.show_quantity(market.market, 1),
                "min_notional": f"{registry.show_amount(quote.asset, market.notional_min)} {quote.symbol}",
                "maker_fee": percent(market.maker_ppm),
                "taker_fee": percent(market.taker_ppm),
                "id": market.market,
                "base": base.symbol,
                "quote": quote.symbol,
            }
        )
    mx.output.rows(COLUMNS, rows)


def percent(ppm: int) -> str:
    """`0.1 %` for 1,000 ppm."""
    whole, fraction = divmod(abs(ppm), 10_000)
    digits = f"{fraction:04d}".rstrip("0")
    return ("-" if ppm < 0 else "") + f"{whole}" + (f".{digits}" if digits else "") + " %"
