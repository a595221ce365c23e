"""The settings of a program that serves: a TOML file, overlaid by environment variables, overlaid by flags.

They are a struct, whose fields that are structs are the tables of the file. A table becomes part of the name of a
variable: `[limits] sessions_max` of the daemon is `MX_DAEMON_LIMITS_SESSIONS_MAX`. A list is given to a variable with
commas; a table of tables is for the file alone.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_origin

import msgspec

from mexchange.config.errors import BadFile, BadValue

Settings = TypeVar("Settings", bound=msgspec.Struct)


class _Place(NamedTuple):
    """Where the value of a variable goes."""

    group: str
    """Empty: beside the tables."""
    name: str
    is_list: bool


def load(
    kind: type[Settings],
    *,
    program: str,
    prefix: str,
    path: Path,
    environ: Mapping[str, str],
    flags: Mapping[str, object] | None = None,
) -> Settings:
    """The settings of `program`. `flags` by field name, None where not given. Raises BadFile, BadValue."""
    try:
        table = tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        table = {}
    except (OSError, ValueError) as error:
        raise BadFile(f"{path}: {error}") from None
    places = {prefix + name: place for name, place in _places(kind)}
    for variable, text in environ.items():
        if variable.startswith(prefix) and text:
            if variable not in places:
                raise BadValue(f"{variable}: there is no such setting of the {program}")
            _put(table, places[variable], text, path)
    table.update({name: value for name, value in (flags or {}).items() if value is not None})
    try:
        return msgspec.convert(table, kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadValue(f"settings of the {program} ({path}, {prefix}*): {error}") from None


def check(rules: Iterable[tuple[bool, str]]) -> None:
    """Of each rule: does it hold, and what to say if not. Raises BadValue for the first that does not."""
    for holds, sentence in rules:
        if not holds:
            raise BadValue(sentence)


def _places(kind: type[msgspec.Struct], group: str = "") -> Iterable[tuple[str, _Place]]:
    for field in msgspec.structs.fields(kind):
        name = f"{group}_{field.name}".upper() if group else field.name.upper()
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from _places(field.type, field.name)
        elif get_origin(field.type) is not dict:
            yield name, _Place(group, field.name, get_origin(field.type) is list)


def _put(table: dict[str, Any], place: _Place, text: str, path: Path) -> None:
    target = table.setdefault(place.group, {}) if place.group else table
    if not isinstance(target, dict):
        raise BadValue(f"{place.group} is a table in {path.name}")
    target[place.name] = [part.strip() for part in text.split(",") if part.strip()] if place.is_list else text
