"""`mx wallet`: money that comes, goes and moves between your accounts."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli import show, wallet_history, wallet_withdraw
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.cli.wallet_rows import deposit_row, told, withdrawal_row
from mexchange.domain import client_id
from mexchange.domain.rejects import REJECTS, RejectReason

if TYPE_CHECKING:
    from mexchange.codec.messages import AddressAnswer, AssetInfo

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command()(wallet_withdraw.withdraw)
app.command()(wallet_withdraw.confirm)
app.command()(wallet_history.history)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
FAUCET: Final = (
    Column("asset"),
    Column("amount", right=True),
    Column("account"),
    Column("claimed"),
    Column("next"),
)
ADDRESS: Final = (Column("asset"), Column("address"), Column("account"), Column("confirmations", right=True))
LISTED: Final = (
    Column("time"),
    Column("kind"),
    Column("asset"),
    Column("amount", right=True),
    Column("state"),
    Column("id"),
    Column("address"),
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
def address(ctx: typer.Context, asset: str) -> None:
    """Where to send an asset so that it arrives at your account."""
    mx: Invocation = ctx.obj
    found = mx.client.markets().asset_by_symbol(asset)
    _show_address(mx, found, mx.client.deposit_address(found.asset, account=mx.account()))


@app.command()
def deposit(
    ctx: typer.Context,
    asset: Annotated[str, typer.Argument(help="Such as EUR; with --simulate the amount comes first: 50 EUR.")],
    symbol: Annotated[str | None, typer.Argument(metavar="[ASSET]")] = None,
    simulate: Annotated[bool, typer.Option("--simulate", help="In a demo: somebody outside sends it.")] = False,
) -> None:
    """Where to send money; in a demo also send some: `mx wallet deposit --simulate 50 EUR`."""
    mx: Invocation = ctx.obj
    amount, name = (None, asset) if symbol is None else (asset, symbol)
    found = mx.client.markets().asset_by_symbol(name)
    if simulate != (amount is not None):
        raise CliError(
            "E_USAGE",
            "an amount is for --simulate: real money is sent from outside",
            hint=f"mx wallet deposit {found.symbol}, or mx wallet deposit --simulate 50 {found.symbol}",
            exit_code=USAGE,
        )
    if amount is None:
        _show_address(mx, found, mx.client.deposit_address(found.asset, account=mx.account()))
        return
    atoms = mx.client.markets().amount(found.asset, amount)
    answer = mx.client.simulate_deposit(found.asset, atoms, account=mx.account())
    if mx.output.is_table:
        mx.output.say(
            f"✓ {amount} {found.symbol} are on their way to account {answer.account}"
            f"  credited after {answer.confirmations} confirmations: mx wallet list"
        )
    else:
        mx.output.line({"asset": found.symbol, "amount": amount, "account": answer.account, "address": answer.address})


def _show_address(mx: Invocation, asset: "AssetInfo", answer: "AddressAnswer") -> None:
    row = {
        "asset": asset.symbol,
        "address": answer.address,
        "account": answer.account,
        "confirmations": answer.confirmations,
    }
    mx.output.one(ADDRESS, row)


@app.command("list")
def list_all(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="So many at most.")] = 50,
) -> None:
    """What came from outside and what left, newest first."""
    mx: Invocation = ctx.obj
    registry = mx.client.markets()
    page = mx.client.deposits(limit=limit, account=mx.account())
    withdrawals = mx.client.withdrawals(limit=limit, account=mx.account())
    rows = [
        *((each.seen_ns, deposit_row(each, page.needed, registry)) for each in page.deposits),
        *((each.created_ns, withdrawal_row(each, registry)) for each in withdrawals),
    ]
    rows.sort(key=lambda row: row[0], reverse=True)
    mx.output.rows(LISTED, ({"time": show.rfc3339(time_ns, mx.time_zone), **row} for time_ns, row in rows[:limit]))


@app.command()
def cancel(
    ctx: typer.Context,
    withdrawal: Annotated[str, typer.Argument(help="Its id: mx wallet list")],
    yes: Yes = False,
) -> None:
    """Give up a withdrawal that was not let go yet; what it held is available again."""
    mx: Invocation = ctx.obj
    name = client_id.parse(withdrawal)
    if not mx.confirm(f"Cancel withdrawal {withdrawal}?", "cancels a withdrawal", yes=yes):
        return
    told(mx, mx.client.cancel_withdrawal(name, account=mx.account()))


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
