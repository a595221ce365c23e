"""`mx wallet`: money that comes, goes and moves between your accounts."""

from typing import Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.errors import CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.domain.rejects import REJECTS, RejectReason

app = typer.Typer(no_args_is_help=True, add_completion=False)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
FAUCET: Final = (
    Column("asset"),
    Column("amount", right=True),
    Column("account"),
    Column("claimed"),
    Column("next"),
)


@app.command()
def faucet(
    ctx: typer.Context,
    look: Annotated[bool, typer.Option("--look", help="Only say when there is something again.")] = False,
) -> None:
    """Free money of the demo, once in 24 hours, to your main account."""
    mx: Invocation = ctx.obj
    asked_ns = mx.client.server_time_ns()
    before = mx.client.faucet(claim=False)
    answer = before if look else mx.client.faucet(claim=True)
    asset = mx.client.markets().asset(answer.asset)
    amount = mx.client.markets().show_amount(asset.asset, answer.amount)
    if not look and answer.claimed_ns == before.claimed_ns:
        row = REJECTS[RejectReason.FAUCET_EMPTY]
        raise CliError(
            row.code,
            row.text,
            hint=f"the next {amount} {asset.symbol} are there at {show.rfc3339(answer.next_ns, mx.time_zone)}",
            exit_code=row.exit_code,
            retryable=row.retryable,
        )
    available = answer.next_ns <= asked_ns
    if mx.output.is_table and not look:
        mx.output.say(
            f"✓ {amount} {asset.symbol} for account {answer.account}  next {show.rfc3339(answer.next_ns, mx.time_zone)}"
        )
        return
    mx.output.one(
        FAUCET,
        {
            "asset": asset.symbol,
            "amount": amount,
            "account": answer.account,
            "claimed": show.rfc3339(answer.claimed_ns, mx.time_zone) if answer.claimed_ns else None,
            "next": "now" if available else show.rfc3339(answer.next_ns, mx.time_zone),
        },
    )


@app.command()
def transfer(
    ctx: typer.Context,
    asset: str,
    amount: str,
    to_account: Annotated[int, typer.Argument(help="Another account of yours: mx account list")],
    yes: Yes = False,
) -> None:
    """Move money to another account of yours, at once. `--account` names the one that it comes from."""
    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    found = registry.asset_by_symbol(asset)
    atoms = registry.amount(found.asset, amount)
    sender = mx.account() or mx.client.session.account
    question = f"Move {amount} {found.symbol} from account {sender} to {to_account}?"
    if not mx.confirm(question, "moves money", yes=yes):
        return
    answer = mx.client.transfer(to_account, found.asset, atoms, account=mx.account())
    if mx.output.is_table:
        mx.output.say(f"✓ {amount} {found.symbol} from {sender} to {to_account}  seq {answer.sequence}")
    else:
        mx.output.line(
            {"asset": found.symbol, "amount": amount, "from": sender, "to": to_account, "seq": answer.sequence}
        )
