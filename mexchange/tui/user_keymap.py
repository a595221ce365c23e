"""`keymap.toml`: the keys that somebody has given to ids of the table, and what would then collide."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from mexchange.tui.keymap import BY_ID, SCREENS, TABLE, Key, Scope


class UserKeymap(msgspec.Struct, frozen=True):
    """What `keymap.toml` says, and what is wrong with it."""

    keys: dict[str, str] = {}
    """By id; only ids that exist."""
    complaints: list[str] = []
    """One sentence each, told at the start."""


def load(path: Path) -> UserKeymap:
    """The user's keys; none if there is no file. A file that cannot be read is a complaint, never a failure."""
    try:
        table = tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return UserKeymap()
    except (OSError, ValueError) as error:
        return UserKeymap(complaints=[f"{path.name}: {error}"])
    keys, complaints = {}, []
    for name, value in table.items():
        if name not in BY_ID:
            complaints.append(f"{path.name}: there is no key {name!r}")
        elif not isinstance(value, str) or not value.strip():
            complaints.append(f"{path.name}: {name} needs text, such as {BY_ID[name].keys!r}")
        else:
            keys[name] = value
    return UserKeymap(keys, complaints + conflicts(keys))


def conflicts(user: Mapping[str, str]) -> list[str]:
    """Keys that would do two things: a sentence for each, naming both ids.

    Two rows collide in one scope, and where one is looked up before the other: a panel's before its screen's before
    the app's. What the table itself shadows is meant so.
    """
    meant = {frozenset((one.id, other.id)) for one, other, _ in _collisions(TABLE)}
    changed = [msgspec.structs.replace(key, keys=user.get(key.id, key.keys)) for key in TABLE]
    return [
        f"key {key} is both {one.id} ({one.description}) and {other.id} ({other.description})"
        for one, other, key in _collisions(changed)
        if frozenset((one.id, other.id)) not in meant
    ]


def _collisions(table: Iterable[Key]) -> list[tuple[Key, Key, str]]:
    seen: dict[str, list[Key]] = {}
    found = []
    for row in table:
        for key in row.all_keys:
            found += [(other, row, key) for other in seen.get(key, []) if _meet(other.scope, row.scope)]
            seen.setdefault(key, []).append(row)
    return found


def _meet(one: Scope, other: Scope) -> bool:
    """Can both be looked up at one moment. All panels but those of other screens live on the trade screen."""
    if one == other or "app" in (one, other):
        return True
    screens = {scope if scope in SCREENS else "trade" for scope in (one, other)}
    return len(screens) == 1 and (one in SCREENS or other in SCREENS)
