"""`mx admin key`: further keys for an owner of the local market, such as one that may only look.

Works on the data directory, while the daemon runs too; it notices within half a second.
"""

import secrets
import time
from typing import Annotated, Final

import typer

from mexchange.cli import show
from mexchange.cli.data_directory import Data, stored
from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.config import keys
from mexchange.domain import scopes as scopes_of
from mexchange.domain.scopes import Scope

app = typer.Typer(no_args_is_help=True, add_completion=False)
COLUMNS: Final = (Column("key_id", "KEY"), Column("scopes"), Column("label"), Column("created"), Column("revoked"))
Owner = Annotated[str, typer.Argument(metavar="KEY_ID", help="A key of the same owner: mx auth status.")]


@app.command("new")
def new(
    ctx: typer.Context,
    of_key: Owner,
    scopes: Annotated[str, typer.Option(help="Comma separated: read trade withdraw.")] = "read",
    label: Annotated[str, typer.Option(help="A name for it.")] = "",
    data: Data = None,
) -> None:
    """Put a further key on record; its secret is shown this once."""
    from mexchange.daemon import people
    from mexchange.protocol.login import public_key_of

    mx: Invocation = ctx.obj
    seed = secrets.token_bytes(keys.SEED_BYTES)
    made = people.issue_key(
        stored(data or mx.settings.data_dir),
        public_key_of(seed),
        of_key=of_key,
        label=label,
        scopes=_scopes(scopes),
        time_ns=time.time_ns(),
    )
    if mx.output.is_table:
        mx.output.say(f"MX_API_KEY={made.key_id}\nMX_API_SECRET={seed.hex()}")
    else:
        mx.output.line({"key_id": made.key_id, "secret": seed.hex(), "scopes": scopes_of.show(made.scopes)})


@app.command("service")
def service(
    ctx: typer.Context,
    label: Annotated[str, typer.Argument(help="A name for the gateway.")] = "gateway",
    data: Data = None,
) -> None:
    """Make the key of a gateway: it signs people in and speaks for them; its secret is shown this once."""
    from mexchange.daemon import people
    from mexchange.protocol.login import public_key_of

    mx: Invocation = ctx.obj
    seed = secrets.token_bytes(keys.SEED_BYTES)
    folder = stored(data or mx.settings.data_dir)
    made = people.issue_service_key(folder, public_key_of(seed), label=label, time_ns=time.time_ns())
    if mx.output.is_table:
        mx.output.say(f"MX_API_KEY={made.key_id}\nMX_API_SECRET={seed.hex()}")
    else:
        mx.output.line({"key_id": made.key_id, "secret": seed.hex(), "scopes": scopes_of.show(made.scopes)})


@app.command("list")
def list_all(ctx: typer.Context, of_key: Owner, data: Data = None) -> None:
    """All keys of an owner, revoked ones too."""
    from mexchange.daemon import people

    mx: Invocation = ctx.obj
    rows = [
        {
            "key_id": key.key_id,
            "scopes": scopes_of.show(key.scopes),
            "label": key.label,
            "created": show.rfc3339(key.created_ns),
            "revoked": show.rfc3339(key.revoked_ns) if key.revoked_ns else None,
        }
        for key in people.list_keys(stored(data or mx.settings.data_dir), of_key)
    ]
    mx.output.rows(COLUMNS, rows)


@app.command("revoke")
def revoke(
    ctx: typer.Context,
    key_id: str,
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """No login with that key from now on; its sessions end."""
    from mexchange.daemon import people

    mx: Invocation = ctx.obj
    if not mx.confirm(f"Revoke {key_id}?", f"revokes {key_id}", yes=yes):
        return
    people.revoke_key(stored(data or mx.settings.data_dir), key_id, time_ns=time.time_ns())
    mx.note(f"✓ {key_id} revoked")


def _scopes(names: str) -> int:
    found = Scope.PUBLIC
    for name in names.split(","):
        if name.strip().upper() not in ("READ", "TRADE", "WITHDRAW"):
            raise CliError("E_USAGE", f"there is no scope {name!r}", hint="read trade withdraw", exit_code=USAGE)
        found |= Scope[name.strip().upper()]
    return found
