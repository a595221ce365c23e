"""Global options may stand anywhere on the line: `mx order list -o json` is `mx -o json order list`.

`--watch` may have a value: `--watch`, `--watch 2s`, `--watch=2s`.
"""

import re
from collections.abc import Container, Mapping, Sequence
from typing import Final

WITH_VALUE: Final = frozenset(
    {"-P", "--profile", "--server", "--account", "-o", "--output", "--fields", "--tz", "--timeout"}
)
WITHOUT_VALUE: Final = frozenset(
    {"--no-header", "--raw-decimals", "--quiet", "-v", "-vv", "--verbose", "--no-color", "--no-input", "--meta"}
)
WATCH: Final = "--watch"
WATCH_DEFAULT: Final = "1s"
_INTERVAL: Final = re.compile(r"[0-9.]+[a-z]*")


def hoist(arguments: Sequence[str]) -> list[str]:
    """The same words with global options first. What follows `--` stays where it is."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in WITHOUT_VALUE or (word.partition("=")[0] in WITH_VALUE and "=" in word):
            first.append(word)
        elif word in WITH_VALUE:
            first += [word, *(value for value in [next(words, None)] if value is not None)]
        else:
            rest.append(word)
    return first + _with_intervals(rest)


def _with_intervals(words: list[str]) -> list[str]:
    """The same words, each `--watch` joined with its value."""
    joined: list[str] = []
    end = words.index("--") if "--" in words else len(words)
    at = 0
    while at < end:
        word, following = words[at], words[at + 1] if at + 1 < end else ""
        at += 1
        if word == WATCH:
            given = _INTERVAL.fullmatch(following) is not None
            word = f"{WATCH}={following if given else WATCH_DEFAULT}"
            at += given
        joined.append(word)
    return joined + words[end:]


def help_first(words: list[str], commands: Container[str]) -> list[str]:
    """`help order buy` is `order buy --help`; other words stay."""
    at = next((at for at, word in enumerate(words) if not word.startswith("-")), len(words))
    if words[at : at + 1] != ["help"] or len(words) == at + 1 or words[at + 1] not in commands:
        return words
    return [*words[:at], *words[at + 1 :], "--help"]


def expand_alias(arguments: Sequence[str], aliases: Mapping[str, str]) -> list[str]:
    """The first word replaced by what the user's configuration says it stands for, once."""
    if not arguments or arguments[0] not in aliases:
        return list(arguments)
    return [*aliases[arguments[0]].split(), *arguments[1:]]
