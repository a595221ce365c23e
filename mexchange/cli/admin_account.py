"""`mx admin account`: what an account may do, what it pays, how much it may have open."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from mexchange.cli.admin_acts import done, operator
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.output import Column
from mexchange.domain import text
from mexchange.domain.commands import ChangeAccount, CreateAsset
from mexchange.domain.market import AccountSetting, AccountStatus
from mexchange.domain.units import AccountId

if TYPE_CHECKING:
    from mexchange.codec.messages import PersonInfo

app = typer.Typer(no_args_is_help=True, add_completion=False)

PEOPLE: Final = (
    Column("owner"),
    Column("account"),
    Column("label"),
    Column("email"),
    Column("role"),
    Column("state"),
    Column("fee_tier", "TIER"),
    Column("accounts"),
)
FACTS: Final = (Column("name", "NAME"), Column("value", "VALUE"))
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("list")
def list_accounts(
    ctx: typer.Context,
    search: Annotated[str, typer.Argument(help="A number, a whole e-mail address, a part of a name; none: all.")] = "",
    after: Annotated[int, typer.Option(min=0, help="Go on behind this owner.")] = 0,
    limit: Annotated[int, typer.Option("-n", min=1, help="So many at most.")] = 100,
) -> None:
    """People and their accounts as the exchange knows them, by owner; wherever it runs, for the operator's key."""
    from mexchange.identity import roles

    mx = operator(ctx)
    rows: list[dict[str, object]] = []
    is_more = True
    while is_more and len(rows) < limit:
        page = mx.client.people(search, after=after)
        rows += [
            {
                "owner": person.owner,
                "account": person.account or None,
                "label": person.label,
                "email": person.email or None,
                "role": roles.show(person.role),
                "state": _state(person),
                "fee_tier": person.fee_tier,
                "accounts": person.accounts,
            }
            for person in page.people
        ]
        after, is_more = page.next, bool(page.next)
    mx.output.rows(PEOPLE, rows[:limit])
    if is_more or len(rows) > limit:
        mx.note(f"there are more: --after {rows[:limit][-1]['owner']}")


def _state(person: "PersonInfo") -> str:
    """Of the person where that says more than of the account."""
    if person.is_erased or person.is_disabled:
        return "erased" if person.is_erased else "disabled"
    return AccountStatus(person.status).name.lower() if person.account else "no account"


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
