"""`mx auth`: this device's key, and who it makes you."""

import secrets
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from mexchange.cli.errors import AUTH, USAGE, CliError
from mexchange.cli.invocation import Invocation
from mexchange.cli.output import Column
from mexchange.config import keys, paths, profiles, server
from mexchange.config.profiles import Profile

app = typer.Typer(no_args_is_help=True, add_completion=False)
COLUMNS: Final = (Column("name"), Column("value"))
SCOPES: Final = ("public", "read", "trade", "withdraw", "admin")


@app.command()
def login(
    ctx: typer.Context,
    label: Annotated[str, typer.Argument(help="A name for this device.")] = "this device",
) -> None:
    """Enroll a key for this device, where the server allows it (demo markets), and open an account."""
    mx: Invocation = ctx.obj
    found = server.find_server(mx.settings)
    path = _key_path(mx, found)
    if keys.read(path) is not None:
        raise CliError(
            "E_AUTH", f"there is a key already: {path}", hint="mx auth status; mx auth logout", exit_code=USAGE
        )
    seed = secrets.token_bytes(keys.SEED_BYTES)
    from mexchange.client.blocking import BlockingClient
    from mexchange.protocol.login import EnrollLogin

    connection = msgspec.structs.replace(mx.connection(), login=EnrollLogin(seed=seed, label=label))
    with BlockingClient.connect(connection) as client:
        keys.write(path, seed)
        _write_profile(mx, found, client.session.key_id, client.session.account)
        mx.output.say(f"✓ enrolled as account {client.session.account} on {found.address} (device key {path})")
        if not mx.output.is_table:
            mx.output.line({"account": client.session.account, "key_id": client.session.key_id})


@app.command()
def trust(
    ctx: typer.Context,
    fingerprint: Annotated[
        str | None, typer.Argument(help="SHA256:…, as the daemon printed it; without it you are asked.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept whatever key the server shows.")] = False,
) -> None:
    """Accept the key of a server that is met for the first time."""
    mx: Invocation = ctx.obj
    found = server.find_server(mx.settings)
    from mexchange.client.blocking import BlockingClient
    from mexchange.protocol.login import AnonymousLogin
    from mexchange.protocol.server_key import fingerprint as fingerprint_of

    seen: list[bytes] = []
    connection = msgspec.structs.replace(
        mx.connection(), login=AnonymousLogin(), accept_new=True, on_new_key=seen.append
    )
    with BlockingClient.connect(connection):
        pass
    key = seen[0] if seen else found.key
    assert key is not None, "a server without a pinned key showed one"
    shown = fingerprint_of(key)
    if fingerprint is not None and fingerprint != shown:
        raise CliError("E_SERVER_KEY", f"the server's key is {shown}, not {fingerprint}", exit_code=AUTH)
    asked = f"Is {shown} the key of {found.address}?"
    if fingerprint is None and seen and not mx.confirm(asked, f"trusts {shown}", yes=yes):
        return
    if seen:
        mx.remember_key(found, key)
    mx.note(f"✓ {found.address} is known by {shown}")


@app.command()
def status(ctx: typer.Context) -> None:
    """Account, key and scopes of this session."""
    mx: Invocation = ctx.obj
    session = mx.client.session
    row = {
        "account": session.account or None,
        "key_id": session.key_id or None,
        "scopes": ",".join(name for bit, name in enumerate(SCOPES) if session.scopes >> bit & 1),
    }
    if mx.output.is_table:
        mx.output.rows(COLUMNS, [{"name": name, "value": value or "none"} for name, value in row.items()])
    else:
        mx.output.line(row)
    if not session.account:
        raise typer.Exit(AUTH)


@app.command()
def logout(ctx: typer.Context, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Forget this device's key. The account stays; without another key it cannot be reached."""
    mx: Invocation = ctx.obj
    path = _key_path(mx, server.find_server(mx.settings))
    if keys.read(path) is None:
        raise CliError("E_AUTH", f"there is no key at {path}", exit_code=AUTH)
    if mx.confirm(f"Delete {path}?", f"deletes the key {path}", yes=yes):
        path.unlink()
        mx.note(f"✓ {path} deleted")


def _key_path(mx: Invocation, found: server.Server) -> Path:
    if found.local is not None:
        return paths.local_key_file(found.local)
    if mx.settings.profile is None:
        raise CliError(
            "E_PROFILE", "a remote server needs a profile", hint="mx profile new NAME udp://host:port", exit_code=USAGE
        )
    return paths.key_file(mx.settings.config_dir, mx.settings.profile)


def _write_profile(mx: Invocation, found: server.Server, key_id: str, account: int) -> None:
    if found.local is not None:
        local = profiles.read_local(paths.local_profile_file(found.local)) or Profile()
        profile = msgspec.structs.replace(local, key_id=key_id, account=str(account))
        profiles.write_local(paths.local_profile_file(found.local), profile)
        return
    file = paths.config_file(mx.settings.config_dir)
    config = profiles.read(file)
    assert mx.settings.profile is not None
    profile = msgspec.structs.replace(mx.settings.chosen, key_id=key_id, account=str(account))
    profiles.write(file, msgspec.structs.replace(config, profiles={**config.profiles, mx.settings.profile: profile}))
