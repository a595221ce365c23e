"""`mx account`: your accounts. Each has balances and orders of its own; `--account` says which one acts."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.domain.market import ACCOUNT_NUMBER_MAX

if TYPE_CHECKING:
    from mexchange.codec.messages import OwnedAccount

app = typer.Typer(no_args_is_help=True, add_completion=False)
COLUMNS: Final = (Column("account"), Column("number"), Column("name"))


@app.command("list")
def list_all(ctx: typer.Context) -> None:
    """All accounts of yours; number 0 is the main one."""
    mx: Invocation = ctx.obj
    mx.output.rows(COLUMNS, [_row(each) for each in mx.client.accounts(mx.account())])


@app.command("open")
def open_one(
    ctx: typer.Context,
    number: Annotated[int | None, typer.Argument(help="1 to 255; the next free one if none is given.")] = None,
    name: Annotated[str | None, typer.Option(help="What you call it; `--account NAME` then works too.")] = None,
) -> None:
    """Open a sub-account, or say which account a number has already."""
    mx: Invocation = ctx.obj
    taken = {each.number for each in mx.client.accounts()}
    wanted = number if number is not None else _next_free(taken)
    opened = mx.client.open_sub_account(wanted)
    if name is not None:
        opened = mx.client.name_account(name, account=opened.account)
    if mx.output.is_table:
        word = "is" if wanted in taken else "opened:"
        mx.output.say(f"✓ number {opened.number} {word} account {opened.account}  {opened.name}".rstrip())
    else:
        mx.output.line(_row(opened))


@app.command("name")
def name_one(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Empty takes the name away.")],
) -> None:
    """Say what you call an account; `--account` says which."""
    mx: Invocation = ctx.obj
    named = mx.client.name_account(name, account=mx.account())
    if mx.output.is_table:
        mx.output.say(f"✓ account {named.account} is {named.name or 'without a name'}")
    else:
        mx.output.line(_row(named))


def _row(each: "OwnedAccount") -> dict[str, object]:
    return {"account": each.account, "number": each.number, "name": each.name or None}


def _next_free(taken: set[int]) -> int:
    for number in range(1, ACCOUNT_NUMBER_MAX + 1):
        if number not in taken:
            return number
    raise CliError("E_USAGE", f"all {ACCOUNT_NUMBER_MAX} sub-accounts are open", exit_code=USAGE)
