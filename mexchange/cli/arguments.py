"""Global options may stand anywhere on the line: `mx order list -o json` is `mx -o json order list`."""

from collections.abc import Mapping, Sequence
from typing import Final

WITH_VALUE: Final = frozenset(
    {"-P", "--profile", "--server", "--account", "-o", "--output", "--fields", "--tz", "--timeout"}
)
WITHOUT_VALUE: Final = frozenset(
    {"--no-header", "--raw-decimals", "--quiet", "-v", "-vv", "--verbose", "--no-color", "--no-input", "--meta"}
)


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
    return first + rest


def expand_alias(arguments: Sequence[str], aliases: Mapping[str, str]) -> list[str]:
    """The first word replaced by what the user's configuration says it stands for, once."""
    if not arguments or arguments[0] not in aliases:
        return list(arguments)
    return [*aliases[arguments[0]].split(), *arguments[1:]]
