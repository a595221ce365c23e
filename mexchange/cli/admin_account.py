"""`mx admin account`: what an account may do, what it pays, how much it may have open."""

from typing import Annotated, Final

import typer

from mexchange.cli.admin_acts import done, operator
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.output import Column
from mexchange.domain import text
from mexchange.domain.commands import ChangeAccount, CreateAsset
from mexchange.domain.market import AccountSetting, AccountStatus
from mexchange.domain.units import AccountId

app = typer.Typer(no_args_is_help=True, add_completion=False)

FACTS: Final = (Column("name", "NAME"), Column("value", "VALUE"))
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("show")
def show_account(ctx: typer.Context, account: int) -> None:
    """Status, fee tier, balances and how many orders are open."""
    mx = operator(ctx)
    state, registry = mx.client.account(account), mx.client.markets()
    fields: dict[str, object] = {
        "account": state.account,
        "status": AccountStatus(state.status).name.lower(),
        "fee_tier": state.fee_tier,
        "open_orders": len(state.orders),
    }
    for held in state.balances:
        asset = registry.asset(held.asset)
        amounts = (registry.show_amount(asset.asset, amount) for amount in (held.available, held.held))
        fields[asset.symbol] = "{} + {} held".format(*amounts)
    if mx.output.is_table:
        mx.output.rows(FACTS, [{"name": name, "value": value} for name, value in fields.items()])
    else:
        mx.output.line(fields)


@app.command("fees")
def set_tier(
    ctx: typer.Context, account: int, tier: Annotated[int, typer.Argument(help="0 to 15.")], yes: Yes = False
) -> None:
    """Which tier of the markets' fees an account pays, from its next fill on."""
    _change_account(ctx, account, AccountSetting.FEE_TIER, tier, f"fee tier {tier}", yes=yes)


@app.command("limits")
def set_limits(
    ctx: typer.Context,
    account: int,
    open_orders: Annotated[int | None, typer.Option("--open-orders", help="At most so many; 0: none at all.")] = None,
    notional: Annotated[
        str | None, typer.Option("--order-notional", help="Worth of one order, of quote assets with scale 8; 0: none.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Limits of one account, below those of the exchange."""
    if open_orders is None and notional is None:
        raise CliError("E_USAGE", "which limit", hint="--open-orders, --order-notional", exit_code=USAGE)
    if open_orders is not None:
        setting = AccountSetting.OPEN_ORDERS_MAX
        _change_account(ctx, account, setting, open_orders, f"at most {open_orders} open orders", yes=yes)
    if notional is not None:
        atoms = text.parse_decimal(notional, CreateAsset("").scale)
        setting = AccountSetting.ORDER_NOTIONAL_MAX
        _change_account(ctx, account, setting, atoms, f"at most {notional} an order", yes=yes)


@app.command("set")
def set_account(
    ctx: typer.Context,
    account: int,
    status: Annotated[str, typer.Argument(help="active reduce_only frozen closed")],
    yes: Yes = False,
) -> None:
    """Set what an account may do. Closing it cancels its orders and is final."""
    name = status.upper().replace("-", "_")
    if name not in AccountStatus.__members__:
        raise CliError(
            "E_USAGE", f"there is no status {status!r}", hint="active reduce_only frozen closed", exit_code=USAGE
        )
    _change_account(ctx, account, AccountSetting.STATUS, AccountStatus[name], name.lower(), yes=yes)


def _change_account(
    ctx: typer.Context, account: int, setting: AccountSetting, value: int, word: str, *, yes: bool
) -> None:
    mx = operator(ctx)
    if not mx.confirm(f"Set account {account} to {word}?", f"sets an account to {word}", yes=yes):
        return
    command = ChangeAccount(AccountId(account), setting, value, mx.client.mint())
    done(mx, mx.client.submit(command), account=account, **{setting.name.lower(): word})
