"""`mx wallet history`: deposits that were credited and withdrawals, all that ever were."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.export import CsvFile
from mexchange.cli.invocation import Invocation
from mexchange.cli.listing import Count, listing, rows_per_query
from mexchange.cli.output import Column
from mexchange.cli.period import Since, Until, time_ns
from mexchange.domain import client_id
from mexchange.domain.text import format_amount

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import FundingRow

KINDS: Final = ("deposit", "withdrawal")
"""In the order of FundingKind, from 1."""
STATUSES: Final = ("held", "confirmed", "released")
"""In the order of FundingStatus, from 1."""
COLUMNS: Final = (
    Column("ts", "TIME"),
    Column("kind"),
    Column("asset"),
    Column("amount", right=True),
    Column("status"),
    Column("client_order_id", "REFERENCE"),
)


def history(
    ctx: typer.Context,
    asset: Annotated[str | None, typer.Option("--asset", help="Such as EUR.")] = None,
    since: Since = None,
    until: Until = None,
    count: Count = None,
    csv: CsvFile = None,
) -> None:
    """Deposits that were credited and withdrawals, the latest first."""
    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    now_ns = mx.client.server_time_ns()
    rows = mx.client.funding(
        asset=registry.asset_by_symbol(asset).asset if asset else 0,
        since_ns=time_ns(since, now_ns),
        until_ns=time_ns(until, now_ns),
        oldest_first=csv is not None,
        rows_per_query=rows_per_query(count, csv),
        account=mx.account(),
    )
    listing(mx, COLUMNS, rows, lambda row: _row(row, registry, mx.time_zone), count=count, csv=csv)


def _row(row: "FundingRow", registry: "Markets", time_zone: str | None) -> dict[str, object]:
    asset = registry.asset(row.asset)
    return {
        "ts": show.rfc3339(row.time_ns, time_zone),
        "kind": KINDS[row.kind - 1],
        "asset": asset.symbol,
        "amount": format_amount(row.amount, asset.scale),
        "status": STATUSES[row.status - 1],
        "client_order_id": client_id.show(row.client_order_id) if any(row.client_order_id) else None,
        "seq": row.sequence,
    }
