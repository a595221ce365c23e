"""What must not be written into a log: secrets by the name of their field, and raw bytes of any kind."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

REMOVED: Final = "(removed)"
DEPTH_MAX: Final = 4
"""Deeper structures are not logged: they would be walked for each line."""

_SECRET: Final = re.compile(
    r"secret|seed|token|password|passphrase|private|cookie|signature|otp|api_?key\b", re.IGNORECASE
)


def remove_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the same event without secrets."""
    for name in event:
        event[name] = _clean(name, event[name], 0)
    return event


def _clean(name: str, value: object, depth: int) -> object:
    if _SECRET.search(name):
        return REMOVED
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if depth == DEPTH_MAX:
        return "…"
    if isinstance(value, Mapping):
        return {key: _clean(str(key), inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", inner, depth + 1) for inner in value]
    return str(value)
