"""`config.toml`: profiles, aliases, which profile is the default. Written by `mx profile` and `mx auth`, mode 0600.

default_profile = "demo"
[profile.demo]
server = "udp://127.0.0.1:9001"
market = "KCN/EUR"
[alias]
bb = "book KCN/EUR -n 5"
"""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from mexchange.config import values
from mexchange.config.errors import BadFile, ForbiddenInProject

Struct = TypeVar("Struct", bound=msgspec.Struct)

PROJECT_FILE = ".mx.toml"
PROJECT_MAY_SET = ("market", "output", "alias")
"""A file that somebody else may have put into a working directory decides neither server nor risk."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Settings that belong together, usually one server. None: not set here. Texts as a person writes them."""

    server: str | None = None
    server_key: str | None = None
    """The public key that the server must show, 64 hex digits."""
    key_id: str | None = None
    """The name that the server gave to this device's key."""
    account: str | None = None
    market: str | None = None
    output: str | None = None
    timeout: str | None = None
    confirm: str | None = None
    max_notional: str | None = None
    price_band: str | None = None
    color: str | None = None


class ConfigFile(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"profiles": "profile", "aliases": "alias"},
):
    """The whole of `config.toml`. Replaced, not changed: `msgspec.structs.replace`, then `write`."""

    default_profile: str | None = None
    profiles: dict[str, Profile] = msgspec.field(default_factory=dict)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)


class ProjectFile(msgspec.Struct, frozen=True, rename={"aliases": "alias"}):
    """What a `.mx.toml` may say."""

    market: str | None = None
    output: str | None = None
    aliases: dict[str, str] = msgspec.field(default_factory=dict)


def read(path: Path) -> ConfigFile:
    """The file, or an empty one if there is none. Raises BadFile."""
    config = _convert(path, _read_toml(path), ConfigFile)
    for name in config.profiles:
        try:
            values.profile_name(name)
        except ValueError as error:
            raise BadFile(f"{path}: profile {error}") from None
    return config


def write(path: Path, config: ConfigFile) -> None:
    """Bring the file up to date, mode 0600; comments and order in it stay. Raises OSError, BadFile."""
    _write_toml(path, config)


def read_local(path: Path) -> Profile | None:
    """The single profile that a data directory keeps for people on its machine, if it does. Raises BadFile."""
    table = _read_toml(path)
    return _convert(path, table, Profile) if table else None


def write_local(path: Path, profile: Profile) -> None:
    """Bring that file up to date, mode 0600; comments and order in it stay. Raises OSError, BadFile."""
    _write_toml(path, profile)


def read_project(folder: Path) -> ProjectFile:
    """`.mx.toml` of the working directory, or an empty one. Raises BadFile, ForbiddenInProject."""
    path = folder / PROJECT_FILE
    table = _read_toml(path)
    for key in table:
        if key not in PROJECT_MAY_SET:
            raise ForbiddenInProject(
                f"{path} sets {key!r}, but may only set market, output and [alias]",
                "put it into a profile: mx profile set",
            )
    return _convert(path, table, ProjectFile)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadFile(f"{path}: {error}") from None


def _write_toml(path: Path, content: msgspec.Struct) -> None:
    from mexchange.config import toml_document  # most commands only read

    toml_document.save(path, msgspec.to_builtins(content))


def _convert(path: Path, table: dict[str, Any], kind: type[Struct]) -> Struct:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise BadFile(f"{path}: {error}") from None
