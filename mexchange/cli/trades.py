"""`mx trades`: what was traded, the latest first; with a time, a side or a file from all that ever was."""

from typing import Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.completion import market_names
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.export import CsvFile
from mexchange.cli.invocation import Invocation
from mexchange.cli.listing import COUNT_DEFAULT, Count, SideName, listing, rows_per_query, side_number
from mexchange.cli.output import Column
from mexchange.cli.period import Since, Until, time_ns

app = typer.Typer(add_completion=False)
TRADES_MAX: Final = 1_000
"""What the daemon has at hand; more comes from the history."""
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
    count: Count = None,
    side: SideName = None,
    since: Since = None,
    until: Until = None,
    oldest_first: Annotated[bool, typer.Option("--oldest-first")] = False,
    csv: CsvFile = None,
) -> None:
    """The trades of a market, the latest first; side is the taker's."""
    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    found = registry.by_symbol(mx.market(market))
    is_past = bool(since or until or side or oldest_first or csv)
    if not is_past:
        wanted = count or COUNT_DEFAULT
        if wanted > TRADES_MAX:
            raise CliError(
                "E_USAGE", f"-n is from 1 to {TRADES_MAX} without a time", hint="--since 24h -n 5000", exit_code=USAGE
            )
        rows = [show.trade_row(trade, found, registry) for trade in mx.client.trades(found.market, limit=wanted)]
        mx.output.rows(COLUMNS, rows)
        return
    now_ns = mx.client.server_time_ns()
    past = mx.client.trade_history(
        found.market,
        side=side_number(side),
        since_ns=time_ns(since, now_ns),
        until_ns=time_ns(until, now_ns),
        oldest_first=oldest_first or csv is not None,
        rows_per_query=rows_per_query(count, csv),
    )
    listing(mx, COLUMNS, past, lambda trade: show.trade_row(trade, found, registry), count=count, csv=csv)
