"""`mx ticker`: one line a market."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.completion import market_names
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column, Row
from mexchange.cli.watch import Watch, repeat
from mexchange.domain.units import MarketId

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import Ticker

app = typer.Typer(add_completion=False)
COLUMNS: Final = (
    Column("market"),
    Column("last", right=True, show=lambda row: _last(row)),
    Column("change_pct", "24H", right=True, show=lambda row: _change(row)),
    Column("bid", right=True),
    Column("ask", right=True),
    Column("high", right=True),
    Column("low", right=True),
    Column("volume", right=True),
)


@app.command()
def ticker(
    ctx: typer.Context,
    markets: Annotated[
        list[str] | None, typer.Argument(help="All if none is named.", autocompletion=market_names)
    ] = None,
    watch: Watch = None,
) -> None:
    """Last price, change, best prices, 24-hour range and volume."""
    mx: Invocation = ctx.obj

    def once() -> None:
        registry = mx.client.markets()
        chosen = [registry.by_symbol(name.upper()) for name in markets] if markets else list(registry)
        rows = [row(mx.client.ticker(market.market), registry) for market in chosen]
        mx.output.rows(COLUMNS, rows)

    repeat(mx, watch, once)


def row(ticker: "Ticker", registry: "Markets") -> dict[str, object]:
    """Decimal text throughout; null where the market has nothing to say."""
    market = registry[MarketId(ticker.market)]
    change = change_hundredths(ticker.open_24h, ticker.last)

    def price(ticks: int) -> str | None:
        return registry.show_price(market.market, ticks) if ticks else None

    return {
        "market": market.symbol,
        "last": price(ticker.last),
        "bid": price(ticker.bid),
        "ask": price(ticker.ask),
        "high": price(ticker.high_24h),
        "low": price(ticker.low_24h),
        "volume": registry.show_quantity(market.market, int(ticker.volume_24h or 0)),
        "change_pct": None if change is None else hundredths(change),
        "seq": ticker.sequence,
        "ts": show.rfc3339(ticker.time_ns),
    }


def _last(row: Row) -> str:
    change = str(row["change_pct"] or "")
    mark = " ▼" if change.startswith("-") else " ▲" if change.strip("0.") else ""
    return f"{row['last'] or '-'}{mark}"


def _change(row: Row) -> str:
    change = row["change_pct"]
    return "-" if change is None else f"{'' if str(change).startswith('-') else '+'}{change} %"


def change_hundredths(open_ticks: int, last_ticks: int) -> int | None:
    """Change in hundredths of a percent, rounded toward zero; None without both prices."""
    if not open_ticks or not last_ticks:
        return None
    change = (last_ticks - open_ticks) * 10_000
    return change // open_ticks if change >= 0 else -(-change // open_ticks)


def hundredths(value: int) -> str:
    """`0.01`, `-1.20`."""
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
