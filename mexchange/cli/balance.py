"""`mx balance`: available, and held by orders and withdrawals."""

from typing import Annotated, Final

import typer

from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.cli.watch import Watch, repeat

app = typer.Typer(add_completion=False)
COLUMNS: Final = (
    Column("asset"),
    Column("available", right=True),
    Column("held", "LOCKED", right=True),
    Column("total", right=True),
)


@app.command()
def balance(
    ctx: typer.Context,
    assets: Annotated[list[str] | None, typer.Argument(help="All if none is named.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All your accounts, one after the other.")] = False,
    watch: Watch = None,
) -> None:
    """What the account has. Locked: needed by open orders and pending withdrawals."""
    mx: Invocation = ctx.obj
    columns = (Column("account"), *COLUMNS) if every else COLUMNS

    def once() -> None:
        registry = mx.client.markets()
        wanted = {registry.asset_by_symbol(name.upper()).asset for name in assets or []}
        rows: list[dict[str, object]] = []
        for account in [each.account for each in mx.client.accounts(mx.account())] if every else [mx.account()]:
            for held in mx.client.balances(account):
                if wanted and held.asset not in wanted:
                    continue
                asset = registry.asset(held.asset)
                row: dict[str, object] = {"account": account} if every else {}
                row |= {
                    "asset": asset.symbol,
                    "available": registry.show_amount(asset.asset, held.available),
                    "held": registry.show_amount(asset.asset, held.held),
                    "total": registry.show_amount(asset.asset, held.available + held.held),
                }
                rows.append(row)
        mx.output.rows(columns, rows)

    repeat(mx, watch, once)
