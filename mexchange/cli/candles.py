"""`mx candles`: a market's past by the clock."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.completion import market_names
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.export import CsvFile, export
from mexchange.cli.invocation import Invocation
from mexchange.cli.listing import tell_lag
from mexchange.cli.output import Column
from mexchange.cli.period import Since, Until, time_ns
from mexchange.domain.candles import INTERVALS_BY_TEXT, Candle, Interval
from mexchange.domain.text import format_amount

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import MarketInfo

app = typer.Typer(add_completion=False)
COUNT_DEFAULT: Final = 50
COLUMNS: Final = (
    Column("ts", "TIME"),
    Column("open", right=True),
    Column("high", right=True),
    Column("low", right=True),
    Column("close", right=True),
    Column("volume", right=True),
    Column("turnover", right=True),
    Column("trades", right=True),
)
INTERVAL_HELP: Final = " ".join(INTERVALS_BY_TEXT)


@app.command()
def candles(
    ctx: typer.Context,
    market: Annotated[str | None, typer.Argument(autocompletion=market_names)] = None,
    interval: Annotated[str, typer.Option("-i", "--interval", help=INTERVAL_HELP)] = "1m",
    since: Since = None,
    until: Until = None,
    count: Annotated[int | None, typer.Option("-n", help="The last so many; 50 without --since.", min=1)] = None,
    gaps: Annotated[bool, typer.Option("--gaps/--no-gaps", help="Intervals without trades, flat.")] = True,
    csv: CsvFile = None,
) -> None:
    """A market by the clock, oldest first; the last candle still grows (mx stream candles)."""
    mx: Invocation = ctx.obj
    length = interval_named(interval)
    registry = mx.client.markets()
    found = registry.by_symbol(mx.market(market))
    now_ns = mx.client.server_time_ns()
    since_ns, until_ns = time_ns(since, now_ns), time_ns(until, now_ns)
    if not since_ns and csv is None:
        since_ns = max(1, (until_ns or now_ns) - (count or COUNT_DEFAULT) * length.ns + 1)
    walk = mx.client.candles(found.market, length, since_ns=since_ns, until_ns=until_ns, fill_gaps=gaps)
    rows = (row(candle, length, found, registry, mx.time_zone) for candle in walk)
    if csv is not None:
        export(mx, csv, COLUMNS, rows)
    else:
        mx.output.rows(COLUMNS, list(rows)[-count:] if count else rows)
    tell_lag(mx, walk.walk.pages)  # type: ignore[attr-defined]


def interval_named(text: str) -> Interval:
    """`15m`. Raises CliError."""
    interval = INTERVALS_BY_TEXT.get(text.lower())
    if interval is None:
        raise CliError("E_USAGE", f"there are no candles of {text!r}", hint=INTERVAL_HELP, exit_code=USAGE)
    return interval


def row(
    candle: Candle, interval: Interval, market: "MarketInfo", registry: "Markets", time_zone: str | None = None
) -> dict[str, object]:
    """Decimal text throughout. `ts` is the beginning, `last_trade` 0 where nothing was traded."""
    number = market.market
    turnover = format_amount(candle.turnover * market.atoms_per_tick_lot, registry.asset(market.quote).scale)
    return {
        "market": market.symbol,
        "interval": interval.text,
        "ts": show.rfc3339(candle.open_ns, time_zone),
        "open": registry.show_price(number, candle.open),
        "high": registry.show_price(number, candle.high),
        "low": registry.show_price(number, candle.low),
        "close": registry.show_price(number, candle.close),
        "volume": registry.show_quantity(number, candle.volume),
        "turnover": turnover,
        "trades": candle.trades,
        "last_trade": candle.last_trade_id,
    }
