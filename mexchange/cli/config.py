"""`mx config`: the settings in force, and where each one comes from."""

import os
import shlex
import subprocess
from typing import Annotated, Final

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation, not_found
from mexchange.cli.output import Column
from mexchange.config import keys, paths, server
from mexchange.config.errors import ConfigError
from mexchange.config.settings import explain

app = typer.Typer(no_args_is_help=True, add_completion=False)
COLUMNS: Final = (Column("name"), Column("value"), Column("origin"))


@app.command()
def get(ctx: typer.Context, name: str) -> None:
    """One setting's value."""
    mx: Invocation = ctx.obj
    for line in explain(mx.settings):
        if name in (line.name, line.name.removesuffix("_ns")):
            mx.output.stream.write(line.value + "\n")
            return
    raise not_found(f"setting {name!r}", "mx config doctor")


@app.command("set")
def set_value(ctx: typer.Context, key: str, value: str) -> None:
    """Change a setting of the profile in use."""
    from mexchange.cli.profile import set_value as set_in_profile

    mx: Invocation = ctx.obj
    if mx.settings.profile is None:
        raise CliError("E_PROFILE", "no profile is in use", hint="mx profile new NAME udp://host:port", exit_code=USAGE)
    set_in_profile(ctx, mx.settings.profile, key, value)


@app.command()
def path(ctx: typer.Context) -> None:
    """Where the file of profiles is."""
    mx: Invocation = ctx.obj
    mx.output.stream.write(f"{paths.config_file(mx.settings.config_dir)}\n")


@app.command()
def edit(ctx: typer.Context, editor: Annotated[str | None, typer.Option(envvar="EDITOR")] = None) -> None:
    """Open the file of profiles in $EDITOR."""
    mx: Invocation = ctx.obj
    if editor is None:
        raise CliError("E_USAGE", "which editor", hint="set EDITOR", exit_code=USAGE)
    file = paths.config_file(mx.settings.config_dir)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    subprocess.run([*shlex.split(editor), os.fspath(file)], check=True)


@app.command()
def doctor(ctx: typer.Context) -> None:
    """Every setting with its origin, then whether the server answers and who you are there."""
    mx: Invocation = ctx.obj
    rows = [{"name": line.name, "value": line.value, "origin": str(line.origin)} for line in explain(mx.settings)]
    rows += _server_rows(mx)
    mx.output.rows(COLUMNS, rows)


def _server_rows(mx: Invocation) -> list[dict[str, str]]:
    try:
        found = server.find_server(mx.settings)
        credentials = keys.find_credentials(mx.settings, found)
    except ConfigError as error:
        return [{"name": "reaches", "value": f"no: {error}", "origin": error.hint}]
    rows = [
        {"name": "reaches", "value": found.address, "origin": str(found.origin)},
        {"name": "key", "value": "none: public session", "origin": ""}
        if credentials is None
        else {"name": "key", "value": credentials.key_id or "", "origin": str(credentials.origin)},
    ]
    from mexchange.client.errors import ClientError

    try:
        mx.client.status()  # an answer to measure the way there and back
        session = mx.client.session
    except ClientError as error:
        return [*rows, {"name": "answers", "value": f"no: {error}", "origin": ""}]
    micros = session.round_trip_ns // 1_000
    return [
        *rows,
        {"name": "answers", "value": f"yes, in {micros // 1_000}.{micros % 1_000:03d} ms", "origin": ""},
        {"name": "account", "value": str(session.account or "none"), "origin": "server"},
    ]
