"""`mx account`: your accounts. Each has balances and orders of its own; `--account` says which one acts."""

from typing import Annotated, Final

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.domain.market import ACCOUNT_NUMBER_MAX

app = typer.Typer(no_args_is_help=True, add_completion=False)
COLUMNS: Final = (Column("account"), Column("number"))


@app.command("list")
def list_all(ctx: typer.Context) -> None:
    """All accounts of yours; number 0 is the main one."""
    mx: Invocation = ctx.obj
    rows = [{"account": each.account, "number": each.number} for each in mx.client.accounts(mx.account())]
    mx.output.rows(COLUMNS, rows)


@app.command("open")
def open_one(
    ctx: typer.Context,
    number: Annotated[int | None, typer.Argument(help="1 to 255; the next free one if none is given.")] = None,
) -> None:
    """Open a sub-account, or say which account a number has already."""
    mx: Invocation = ctx.obj
    taken = {each.number for each in mx.client.accounts()}
    wanted = number if number is not None else _next_free(taken)
    opened = mx.client.open_sub_account(wanted)
    if mx.output.is_table:
        word = "is" if wanted in taken else "opened:"
        mx.output.say(f"✓ number {opened.number} {word} account {opened.account}")
    else:
        mx.output.line({"account": opened.account, "number": opened.number})


def _next_free(taken: set[int]) -> int:
    for number in range(1, ACCOUNT_NUMBER_MAX + 1):
        if number not in taken:
            return number
    raise CliError("E_USAGE", f"all {ACCOUNT_NUMBER_MAX} sub-accounts are open", exit_code=USAGE)
