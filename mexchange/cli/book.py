"""`mx book`: the best prices of both sides, asks above bids."""

from typing import Annotated, Final

import typer

from mexchange.cli.completion import market_names
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.cli.watch import Watch, repeat

app = typer.Typer(add_completion=False)
LEVELS_MAX: Final = 1_000
COLUMNS: Final = (Column("side"), Column("price", right=True), Column("size", right=True), Column("orders", right=True))


@app.command()
def book(
    ctx: typer.Context,
    market: Annotated[str | None, typer.Argument(autocompletion=market_names)] = None,
    levels: Annotated[int, typer.Option("-n", help="Levels a side.")] = 10,
    group: Annotated[str | None, typer.Option(help="Prices per level, such as 0.05.")] = None,
    watch: Watch = None,
) -> None:
    """The order book: asks from the highest shown down, then bids."""
    mx: Invocation = ctx.obj
    if not 1 <= levels <= LEVELS_MAX:
        raise CliError("E_USAGE", f"-n is from 1 to {LEVELS_MAX}", exit_code=USAGE)

    def once() -> None:
        registry = mx.client.markets()
        found = registry.by_symbol(mx.market(market))
        group_ticks = registry.price(found.market, group) if group else 1
        shown = mx.client.book(found.market, depth=levels, group_ticks=group_ticks)
        rows = [
            {
                "side": side,
                "price": registry.show_price(found.market, level.price),
                "size": registry.show_quantity(found.market, level.quantity),
                "orders": level.orders,
            }
            for side, side_levels in (("ask", reversed(shown.asks[:levels])), ("bid", shown.bids[:levels]))
            for level in side_levels
        ]
        mx.output.rows(COLUMNS, rows)

    repeat(mx, watch, once)
