"""`mx admin withdrawal`: large withdrawals, which wait for an operator who did not ask for them."""

from typing import Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.cli.wallet_rows import told, withdrawal_row
from mexchange.domain import client_id

app = typer.Typer(no_args_is_help=True, add_completion=False)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Account = Annotated[int, typer.Argument(help="Whose it is.")]
Named = Annotated[str, typer.Argument(metavar="ID", help="Its id: mx admin withdrawal list")]
WAITING: Final = (
    Column("time"),
    Column("account"),
    Column("asset"),
    Column("amount", right=True),
    Column("address"),
    Column("id"),
    Column("reason"),
)


@app.command("list")
def list_all(ctx: typer.Context) -> None:
    """What waits for an operator, the oldest first."""
    mx: Invocation = ctx.obj
    mx.as_operator()
    registry = mx.client.markets()
    rows = [
        {"time": show.rfc3339(each.created_ns, mx.time_zone), **withdrawal_row(each, registry)}
        for each in mx.client.waiting_withdrawals()
    ]
    mx.output.rows(WAITING, rows)


@app.command()
def confirm(ctx: typer.Context, account: Account, withdrawal: Named, yes: Yes = False) -> None:
    """Let it go: it leaves the ledger and is paid."""
    _decide(ctx, account, withdrawal, approve=True, yes=yes)


@app.command()
def release(ctx: typer.Context, account: Account, withdrawal: Named, yes: Yes = False) -> None:
    """Do not: what it holds is its owner's to use again."""
    _decide(ctx, account, withdrawal, approve=False, yes=yes)


def _decide(ctx: typer.Context, account: int, withdrawal: str, *, approve: bool, yes: bool) -> None:
    mx: Invocation = ctx.obj
    name = client_id.parse(withdrawal)
    mx.as_operator()
    word = "Confirm" if approve else "Release"
    if not mx.confirm(
        f"{word} withdrawal {withdrawal} of account {account}?", f"{word.lower()}s a withdrawal", yes=yes
    ):
        return
    told(mx, mx.client.decide_withdrawal(account, name, approve=approve))
