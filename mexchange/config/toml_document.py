"""A TOML file that people write into as well: what changes is changed in it, their comments and their order stay."""

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.items import AbstractTable, AoT, Comment, Item, Null, Whitespace

from mexchange.config import private_file
from mexchange.config.errors import BadFile

Table = Mapping[str, Any]
NOTHING: Final[Table] = {}


def save(path: Path, wanted: Table, *, silent: Table = NOTHING) -> None:
    """Make the file say `wanted`, mode 0600. Raises OSError; BadFile if it is no TOML, and then it stays as it is.

    `silent` are values that hold where the file says nothing, in the same shape: they are written where the file names
    them already, and not added.
    """
    try:
        text = path.read_bytes().decode() if path.exists() else ""
        text = revised(text, wanted, silent=silent)
    except ValueError as error:  # no UTF-8, no TOML
        raise BadFile(f"{path}: {error}", "correct it, or remove it") from None
    private_file.write(path, text.encode())


def revised(text: str, wanted: Table, *, silent: Table = NOTHING) -> str:
    """`text` with the values of `wanted`, and of `silent` where it names them; anything else in it is removed.

    Raises ValueError if it is no TOML.
    """
    document = tomlkit.parse(text)
    head = {name: value for name, value in wanted.items() if name not in document and not _is_table(value)}
    _revise(document, {name: value for name, value in wanted.items() if name not in head}, silent)
    return _with_head(document, head)


def _revise(here: MutableMapping[str, Any], wanted: Table, silent: Table) -> None:
    """Change a table in place."""
    for name in [*here]:
        if name not in wanted and name not in silent:
            del here[name]
    for name, value in wanted.items():
        inside = here.get(name)
        if isinstance(value, Mapping) and isinstance(inside, MutableMapping):
            _revise(inside, value, silent.get(name, NOTHING))
        elif not _revise_list(inside, value) and not _is_same(inside, value):
            here[name] = value
    for name in set(here) & set(silent) - set(wanted):
        inside, value = here[name], silent[name]
        if isinstance(value, Mapping) and isinstance(inside, MutableMapping):
            _revise(inside, NOTHING, value)
        elif not _is_same(inside, value):
            here[name] = value


def _revise_list(here: object, wanted: object) -> bool:
    """Take away and add tables of a list in place. False, and nothing done, where that does not give `wanted`."""
    if not isinstance(here, AoT) or not isinstance(wanted, list | tuple):
        return False
    kept = [each for each in here.unwrap() if each in wanted]
    if not kept or [*wanted[: len(kept)]] != kept:
        return False
    for place in range(len(here) - 1, -1, -1):
        if here[place].unwrap() not in kept:
            del here[place]
    for each in wanted[len(kept) :]:
        here.append(tomlkit.item(dict(each)))
    return True


def _is_table(value: object) -> bool:
    """Is it written under a heading: these stand behind all that is not."""
    return isinstance(value, Mapping) or (
        isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)
    )


def _is_same(item: object, value: object) -> bool:
    """Also in kind: `1` is not `true`."""
    there = item.unwrap() if isinstance(item, Item) else item
    return repr(there) == repr(list(value) if isinstance(value, tuple) else value)


def _with_head(document: tomlkit.TOMLDocument, head: Table) -> str:
    """The text, with `head` behind the last value that stands in no table: a comment above a table stays with it."""
    if not head:
        return tomlkit.dumps(document)
    lines = tomlkit.dumps(head)
    body = [item for _, item in document.body]
    begin = next((place for place, item in enumerate(body) if isinstance(item, AbstractTable | AoT)), None)
    if begin is None:
        text = tomlkit.dumps(document)
        return text + ("" if not text or text.endswith("\n") else "\n") + lines
    front = body[:begin]
    while front and isinstance(front[-1], Comment):
        front.pop()
    values = [item for item in front if not isinstance(item, Comment | Whitespace | Null)]
    anchor = next(reversed(values or [item for item in front if isinstance(item, Comment)]), None)
    if anchor is None:
        return f"{lines}\n{tomlkit.dumps(document)}"
    anchor.trivia.trail += lines
    return tomlkit.dumps(document)
