"""`mx fills`: what your orders traded."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import order_names, show
from mexchange.cli.completion import market_names, order_ids
from mexchange.cli.export import CsvFile
from mexchange.cli.invocation import Invocation
from mexchange.cli.listing import Count, SideName, listing, rows_per_query, side_number
from mexchange.cli.output import Column
from mexchange.cli.period import Since, Until, time_ns
from mexchange.domain import order_id
from mexchange.domain.order import Side
from mexchange.domain.text import format_amount
from mexchange.domain.units import MarketId

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import Fill

app = typer.Typer(add_completion=False)
COLUMNS: Final = (
    Column("ts", "TIME"),
    Column("market"),
    Column("side", show=lambda row: show.SIDE_MARKS[Side[str(row["side"]).upper()]]),
    Column("price", right=True),
    Column("size", right=True),
    Column("value", right=True),
    Column("fee", right=True),
    Column("fee_asset", "IN"),
    Column("role"),
    Column("realised", right=True),
    Column("order"),
    Column("trade", right=True),
)


@app.command()
def fills(
    ctx: typer.Context,
    market: Annotated[str | None, typer.Option("-m", "--market", autocompletion=market_names)] = None,
    side: SideName = None,
    order: Annotated[
        str | None, typer.Option("--order", help="Of one order: id, @last or c:CLIENTID.", autocompletion=order_ids)
    ] = None,
    since: Since = None,
    until: Until = None,
    count: Count = None,
    oldest_first: Annotated[bool, typer.Option("--oldest-first")] = False,
    csv: CsvFile = None,
) -> None:
    """What your orders traded, the latest first; realised is the profit of a sell by average cost."""
    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    now_ns = mx.client.server_time_ns()
    rows = mx.client.fills(
        market=registry.by_symbol(market).market if market else 0,
        side=side_number(side),
        order_id=order_names.find(mx.client, order, mx.account()).order_id if order else 0,
        since_ns=time_ns(since, now_ns),
        until_ns=time_ns(until, now_ns),
        oldest_first=oldest_first or csv is not None,
        rows_per_query=rows_per_query(count, csv),
        account=mx.account(),
    )
    listing(mx, COLUMNS, rows, lambda fill: fill_row(fill, registry, mx.time_zone), count=count, csv=csv)


def fill_row(fill: "Fill", registry: "Markets", time_zone: str | None) -> dict[str, object]:
    """Decimal text throughout."""
    market = registry[MarketId(fill.market)]
    received = registry.received_asset(market.market, Side(fill.side))
    return {
        "ts": show.rfc3339(fill.time_ns, time_zone),
        "market": market.symbol,
        "side": show.SIDE_WORDS[Side(fill.side)],
        "price": registry.show_price(market.market, fill.price),
        "size": registry.show_quantity(market.market, fill.quantity),
        "value": registry.show_amount(market.quote, fill.value),
        "fee": format_amount(fill.fee, received.scale),
        "fee_asset": received.symbol,
        "role": "maker" if fill.is_maker else "taker",
        "realised": registry.show_amount(market.quote, fill.realised),
        "order": order_id.show(fill.order_id),
        "trade": fill.trade_id,
        "seq": fill.sequence,
    }
