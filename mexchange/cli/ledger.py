"""`mx ledger`: every change of your balances."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.export import CsvFile
from mexchange.cli.invocation import Invocation
from mexchange.cli.listing import Count, listing, rows_per_query
from mexchange.cli.output import Column
from mexchange.cli.period import Since, Until, time_ns
from mexchange.domain.text import format_amount

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.codec.messages import LedgerEntry

app = typer.Typer(add_completion=False)
KINDS: Final = ("trade", "fee", "deposit", "withdrawal", "transfer")
"""In the order of LedgerKind, from 1."""
COLUMNS: Final = (
    Column("ts", "TIME"),
    Column("kind"),
    Column("asset"),
    Column("amount", right=True),
    Column("balance", right=True),
    Column("market"),
    Column("reference", right=True),
)


@app.command()
def ledger(
    ctx: typer.Context,
    asset: Annotated[str | None, typer.Option("--asset", help="Such as EUR.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help=" ".join(KINDS))] = None,
    since: Since = None,
    until: Until = None,
    count: Count = None,
    oldest_first: Annotated[bool, typer.Option("--oldest-first")] = False,
    csv: CsvFile = None,
) -> None:
    """Every change of your balances, the latest first, and the balance after it (held amounts included)."""
    mx: Invocation = ctx.obj
    from mexchange.codec.messages import LedgerKind

    if kind is not None and kind not in KINDS:
        raise CliError("E_USAGE", f"there are no entries of kind {kind!r}", hint=" ".join(KINDS), exit_code=USAGE)
    registry = mx.client.markets()
    now_ns = mx.client.server_time_ns()
    rows = mx.client.ledger(
        asset=registry.asset_by_symbol(asset).asset if asset else 0,
        kind=LedgerKind(KINDS.index(kind) + 1 if kind else 0),
        since_ns=time_ns(since, now_ns),
        until_ns=time_ns(until, now_ns),
        oldest_first=oldest_first or csv is not None,
        rows_per_query=rows_per_query(count, csv),
        account=mx.account(),
    )
    listing(mx, COLUMNS, rows, lambda entry: _row(entry, registry, mx.time_zone), count=count, csv=csv)


def _row(entry: "LedgerEntry", registry: "Markets", time_zone: str | None) -> dict[str, object]:
    """All decimals: an entry is shown as it was booked."""
    asset = registry.asset(entry.asset)
    return {
        "ts": show.rfc3339(entry.time_ns, time_zone),
        "kind": KINDS[entry.kind - 1] if 1 <= entry.kind <= len(KINDS) else str(entry.kind),
        "asset": asset.symbol,
        "amount": format_amount(entry.amount, asset.scale),
        "balance": format_amount(entry.balance, asset.scale),
        "market": registry[entry.market].symbol if entry.market else None,
        "reference": entry.reference or None,
        "entry": entry.entry,
        "seq": entry.sequence,
    }
