"""`mx trades`: what was traded, the latest first."""

from typing import Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.completion import market_names
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column

app = typer.Typer(add_completion=False)
TRADES_MAX: Final = 1_000
COLUMNS: Final = (
    Column("ts", "TIME"),
    Column("side"),
    Column("price", right=True),
    Column("size", right=True),
    Column("trade", right=True),
    Column("synthetic"),
)


@app.command()
def trades(
    ctx: typer.Context,
    market: Annotated[str | None, typer.Argument(autocompletion=market_names)] = None,
    count: Annotated[int, typer.Option("-n", help="How many.")] = 50,
) -> None:
    """The latest trades of a market; side is the taker's."""
    mx: Invocation = ctx.obj
    if not 1 <= count <= TRADES_MAX:
        raise CliError("E_USAGE", f"-n is from 1 to {TRADES_MAX}", exit_code=USAGE)
    registry = mx.client.markets()
    found = registry.by_symbol(mx.market(market))
    rows = [show.trade_row(trade, found, registry) for trade in mx.client.trades(found.market, limit=count)]
    mx.output.rows(COLUMNS, rows)
