"""`mx profile`: named servers and their settings, in config.toml."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec
import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import Invocation, not_found
from mexchange.cli.output import Column
from mexchange.config import paths, profiles, values
from mexchange.config.profiles import ConfigFile, Profile
from mexchange.config.settings import SETTINGS

app = typer.Typer(no_args_is_help=True, add_completion=False)
COLUMNS: Final = (Column("name"), Column("server"), Column("market"), Column("default"))


@app.command("list")
def list_profiles(ctx: typer.Context) -> None:
    """All profiles."""
    mx: Invocation = ctx.obj
    config = _read(mx)
    rows = [
        {"name": name, "server": profile.server, "market": profile.market, "default": name == config.default_profile}
        for name, profile in sorted(config.profiles.items())
    ]
    mx.output.rows(COLUMNS, rows)


@app.command()
def show(ctx: typer.Context, name: Annotated[str | None, typer.Argument()] = None) -> None:
    """The settings of one profile; the one in use if none is named."""
    mx: Invocation = ctx.obj
    config = _read(mx)
    wanted = name or mx.settings.profile
    if wanted is None:
        raise not_found("profile in use", "mx profile new NAME")
    if wanted not in config.profiles:
        raise not_found(f"profile {wanted!r}", "mx profile list")
    found = msgspec.to_builtins(config.profiles[wanted])
    if mx.output.is_table:
        for key, value in found.items():
            mx.output.say(f"{key:14} {value}")
    else:
        mx.output.line(found)


@app.command()
def use(ctx: typer.Context, name: str) -> None:
    """Make a profile the default."""
    mx: Invocation = ctx.obj
    config = _read(mx)
    _known(config, name)
    _write(mx, msgspec.structs.replace(config, default_profile=name))
    mx.note(f"✓ {name} is the default profile")


@app.command()
def new(
    ctx: typer.Context,
    name: str,
    address: Annotated[str, typer.Argument(help="udp://host:port")],
    market: Annotated[str | None, typer.Option("-m", "--market")] = None,
) -> None:
    """Add a profile."""
    mx: Invocation = ctx.obj
    config = _read(mx)
    _checked(values.profile_name, "name", name)
    if name in config.profiles:
        raise CliError(
            "E_PROFILE",
            f"there is a profile {name!r} already",
            hint=f"mx profile set {name} KEY VALUE",
            exit_code=USAGE,
        )
    profile = Profile(server=_checked(values.server, "server", address), market=market)
    _write(mx, msgspec.structs.replace(config, profiles={**config.profiles, name: profile}))
    mx.note(f"✓ profile {name}: {profile.server}")


@app.command("set")
def set_value(ctx: typer.Context, name: str, key: str, value: str) -> None:
    """Change one setting of a profile."""
    mx: Invocation = ctx.obj
    config = _read(mx)
    _known(config, name)
    setting = next((setting for setting in SETTINGS if setting.key == key and setting.in_profile), None)
    if setting is None:
        known = ", ".join(setting.key for setting in SETTINGS if setting.in_profile)
        raise CliError("E_PROFILE", f"a profile has no {key!r}", hint=f"settings: {known}", exit_code=USAGE)
    _checked(setting.parse, key, value)
    profile = msgspec.structs.replace(config.profiles[name], **{key: value})
    _write(mx, msgspec.structs.replace(config, profiles={**config.profiles, name: profile}))
    mx.note(f"✓ {name}.{key} = {value}")


@app.command()
def rm(ctx: typer.Context, name: str) -> None:
    """Remove a profile; its key file stays."""
    mx: Invocation = ctx.obj
    config = _read(mx)
    _known(config, name)
    rest = {other: profile for other, profile in config.profiles.items() if other != name}
    default = None if config.default_profile == name else config.default_profile
    _write(mx, msgspec.structs.replace(config, profiles=rest, default_profile=default))
    mx.note(f"✓ profile {name} removed")


def _read(mx: Invocation) -> ConfigFile:
    return profiles.read(paths.config_file(mx.settings.config_dir))


def _write(mx: Invocation, config: ConfigFile) -> None:
    profiles.write(paths.config_file(mx.settings.config_dir), config)


def _known(config: ConfigFile, name: str) -> None:
    if name not in config.profiles:
        raise not_found(f"profile {name!r}", "mx profile list")


def _checked(parse: Callable[[str], Any], what: str, value: str) -> Any:
    try:
        return parse(value)
    except ValueError as error:
        raise CliError("E_PROFILE", f"{what}: {error}", exit_code=USAGE) from None
