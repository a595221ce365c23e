"""What a person types for a setting, and what it means. Every function raises ValueError with a sentence."""

import re
from typing import Final

OUTPUTS: Final = ("table", "json", "ndjson", "csv", "tsv")
CONFIRMS: Final = ("always", "over", "never")
COLORS: Final = ("mx", "mx-cb", "none")
"""Green and red; blue and orange for eyes that do not tell those apart; no colours."""
PORT_DEFAULT: Final = 9001

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})
_NS_PER: Final = {"ms": 1_000_000, "s": 1_000_000_000, "": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000}
_DURATION: Final = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(ms|s|m|h)?")
_DECIMAL: Final = re.compile(r"\d{1,18}(?:\.\d{1,18})?")
_PROFILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HOST: Final = re.compile(r"[A-Za-z0-9_.:%-]{1,255}")


def text(value: str) -> str:
    """Anything but nothing."""
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def boolean(value: str) -> bool:
    """1 true yes on, 0 false no off."""
    word = value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{value!r} is not one of 1 true yes on 0 false no off")


def output(value: str) -> str:
    """A form of output."""
    return _one_of(OUTPUTS, value)


def color(value: str) -> str:
    """A palette."""
    return _one_of(COLORS, value)


def confirm(value: str) -> str:
    """When an order asks for confirmation."""
    return _one_of(CONFIRMS, value)


def duration_ns(value: str) -> int:
    """`500ms`, `2s`, `1.5s`, `3m`, `1h`; a bare number is seconds. Nanoseconds, above zero."""
    match = _DURATION.fullmatch(value.strip().lower())
    if match is None:
        raise ValueError(f"{value!r} is not a time such as 500ms, 2s or 1.5m")
    whole, fraction, unit = match.groups(default="")
    nanoseconds = int(whole + fraction) * _NS_PER[unit] // int(10 ** len(fraction))
    if nanoseconds == 0:
        raise ValueError("must be longer than nothing")
    return nanoseconds


def decimal(value: str) -> str:
    """An amount or a ratio as decimal text, not negative; stays text, since money is never a float."""
    if _DECIMAL.fullmatch(value.strip()) is None:
        raise ValueError(f"{value!r} is not a number such as 5000 or 0.05")
    return value.strip()


def profile_name(value: str) -> str:
    """A name that can be part of a file name."""
    if _PROFILE.fullmatch(value) is None:
        raise ValueError(f"{value!r} is not a name of letters, digits, '-', '_' and '.'")
    return value


def server(value: str) -> str:
    """`udp://host:port`, in that form whatever was left out: `host`, `host:port`, `::1` and `[::1]:9001` will do."""
    host, port = split_server(value)
    return f"udp://[{host}]:{port}" if ":" in host else f"udp://{host}:{port}"


def split_server(value: str) -> tuple[str, int]:
    """Host and port of a server address."""
    scheme, separator, rest = value.strip().partition("://")
    if separator and scheme.lower() != "udp":
        raise ValueError(f"{value!r}: the scheme is udp://")
    rest = (rest if separator else scheme).rstrip("/")
    if rest.startswith("["):
        host, bracket, port = rest[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            raise ValueError(f"{value!r} is not an address such as udp://[::1]:9001")
        port = port[1:]
    elif rest.count(":") > 1:
        host, port = rest, ""
    else:
        host, _, port = rest.partition(":")
    if _HOST.fullmatch(host) is None:
        raise ValueError(f"{value!r} is not an address such as udp://127.0.0.1:9001")
    return host, _port(port) if port else PORT_DEFAULT


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:6]) <= 65_535:
        raise ValueError(f"port {value!r} is not a number from 1 to 65535")
    return int(value)


def _one_of(words: tuple[str, ...], value: str) -> str:
    word = value.strip().lower()
    if word not in words:
        raise ValueError(f"{value!r} is not one of {' '.join(words)}")
    return word
