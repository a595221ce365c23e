"""`mx admin user` and `mx admin audit`: who is here, what they may be, what was done.

Works on the data directory, while the daemon runs too; it notices within half a second.
"""

import time
from typing import Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.data_directory import Data, stored
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column

user_app = typer.Typer(no_args_is_help=True, add_completion=False)
audit_app = typer.Typer(no_args_is_help=True, add_completion=False)
USERS: Final = (
    Column("owner"),
    Column("label"),
    Column("email"),
    Column("role"),
    Column("keys"),
    Column("second_factor", "2ND FACTOR"),
    Column("created"),
    Column("state"),
)
LINES: Final = (
    Column("seq"),
    Column("time"),
    Column("what"),
    Column("owner"),
    Column("key_id", "KEY"),
    Column("detail"),
    Column("host"),
)
Who = Annotated[str, typer.Argument(help="A number or an e-mail address: mx admin user list.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@user_app.command("list")
def list_users(ctx: typer.Context, data: Data = None) -> None:
    """Everybody who can log in."""
    from mexchange.daemon import people
    from mexchange.identity import roles

    mx: Invocation = ctx.obj
    rows = [
        {
            "owner": person.owner.owner,
            "label": person.owner.label,
            "email": person.email or None,
            "role": roles.show(person.owner.role),
            "keys": person.keys,
            "second_factor": person.owner.totp_sealed is not None,
            "created": show.rfc3339(person.owner.created_ns),
            "state": _state(person.owner.disabled_ns, person.owner.erased_ns),
        }
        for person in people.list_people(stored(data or mx.settings.data_dir), time_ns=time.time_ns())
    ]
    mx.output.rows(USERS, rows)


@user_app.command("disable")
def disable(ctx: typer.Context, who: Who, data: Data = None, yes: Yes = False) -> None:
    """Shut somebody out; their sessions end. What they have stays; freeze the account too if orders must not stand."""
    from mexchange.daemon import people

    mx: Invocation = ctx.obj
    if mx.confirm(f"Shut out {who}?", f"shuts out {who}", yes=yes):
        folder = stored(data or mx.settings.data_dir)
        owner = people.set_disabled(folder, who, is_disabled=True, time_ns=time.time_ns())
        mx.note(f"✓ {owner.owner} is shut out")


@user_app.command("enable")
def enable(ctx: typer.Context, who: Who, data: Data = None) -> None:
    """Let somebody in again."""
    from mexchange.daemon import people

    mx: Invocation = ctx.obj
    folder = stored(data or mx.settings.data_dir)
    owner = people.set_disabled(folder, who, is_disabled=False, time_ns=time.time_ns())
    mx.note(f"✓ {owner.owner} may log in")


@user_app.command("role")
def role(
    ctx: typer.Context,
    who: Who,
    name: Annotated[str, typer.Argument(metavar="ROLE", help="trader read-only market-maker admin service")],
    data: Data = None,
    yes: Yes = False,
) -> None:
    """What somebody is to the exchange; their sessions end and come back with the new rights."""
    from mexchange.daemon import people
    from mexchange.identity import roles

    mx: Invocation = ctx.obj
    try:
        wanted = roles.parse(name)
    except ValueError as error:
        raise CliError("E_USAGE", str(error), exit_code=USAGE) from None
    if mx.confirm(f"Make {who} {roles.show(wanted)}?", f"makes {who} {roles.show(wanted)}", yes=yes):
        owner = people.set_role(stored(data or mx.settings.data_dir), who, wanted, time_ns=time.time_ns())
        mx.note(f"✓ {owner.owner} is {roles.show(wanted)}")


@user_app.command("erase")
def erase(ctx: typer.Context, who: Who, data: Data = None, yes: Yes = False) -> None:
    """Forget everything personal: address, keys, second factor, sessions. Balances and the journal stay as they are."""
    from mexchange.daemon import people

    mx: Invocation = ctx.obj
    if mx.confirm(f"Erase {who}? They cannot log in any more.", f"erases {who}", yes=yes):
        owner = people.erase_person(stored(data or mx.settings.data_dir), who, time_ns=time.time_ns())
        mx.note(f"✓ {owner} is a number now")


@audit_app.command("list")
def list_audit(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("-n", help="So many lines.")] = 50,
    user: Annotated[str | None, typer.Option(help="Of this person only.")] = None,
    what: Annotated[str | None, typer.Option(help="Of this kind only, such as 'login refused'.")] = None,
    data: Data = None,
) -> None:
    """What people and operators did, newest first."""
    from mexchange.daemon import people

    mx: Invocation = ctx.obj
    found = people.audit_rows(stored(data or mx.settings.data_dir), limit=limit, who=user, kind=what)
    rows = [
        {
            "seq": row.sequence,
            "time": show.rfc3339(row.time_ns),
            "what": row.kind,
            "owner": row.owner or None,
            "key_id": row.key_id or None,
            "detail": row.detail or None,
            "host": row.host,
        }
        for row in found
    ]
    mx.output.rows(LINES, rows)


@audit_app.command("verify")
def verify_audit(
    ctx: typer.Context,
    head: Annotated[str, typer.Option(help="A digest that was printed before: it must still be in the chain.")] = "",
    data: Data = None,
) -> None:
    """Is every line the one that was written. Prints the chain's head: note it elsewhere from time to time."""
    from mexchange.daemon import people

    mx: Invocation = ctx.obj
    verdict = people.verify_audit(stored(data or mx.settings.data_dir), head=head)
    row = {
        "ok": not verdict.broken_at and verdict.has_mark,
        "rows": verdict.rows,
        "head": verdict.head.hex(),
        "broken_at": verdict.broken_at or None,
    }
    if mx.output.is_table:
        mx.output.say(f"{verdict.rows} lines, head {verdict.head.hex()}")
    else:
        mx.output.line(row)
    if verdict.broken_at:
        raise CliError("E_AUDIT", f"the audit log does not fit from line {verdict.broken_at} on", exit_code=1)
    if not verdict.has_mark:
        raise CliError(
            "E_AUDIT", f"{head} is not in the audit log: lines were cut off or put in its place", exit_code=1
        )


def _state(disabled_ns: int, erased_ns: int) -> str:
    if erased_ns:
        return "erased"
    return "disabled" if disabled_ns else "active"
