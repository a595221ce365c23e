"""Which part of the past: `--since` and `--until`."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import NS_PER_S

FORMS: Final = "90m, 24h, 7d (ago), 2026-11-23, or 2026-11-23T18:00:00Z"
_AGO: Final = re.compile(r"(\d{1,6})(s|m|h|d|w)")
_NS_PER: Final = {
    "s": NS_PER_S,
    "m": 60 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
    "d": 86_400 * NS_PER_S,
    "w": 7 * 86_400 * NS_PER_S,
}

Since: TypeAlias = Annotated[str | None, typer.Option("--since", "--from", help=f"From then on: {FORMS}.")]
Until: TypeAlias = Annotated[str | None, typer.Option("--until", "--to", help="Up to then, exclusive; the same forms.")]


def time_ns(text: str | None, now_ns: int) -> int:
    """Nanoseconds since 1970 of what was typed, UTC unless it says otherwise; 0 for None. Raises CliError."""
    if text is None:
        return 0
    ago = _AGO.fullmatch(text.strip().lower())
    if ago is not None:
        return max(1, now_ns - int(ago[1]) * _NS_PER[ago[2]])
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CliError("E_USAGE", f"{text!r} is not a time", hint=FORMS, exit_code=USAGE) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since_1970 = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return max(1, (since_1970.days * 86_400 + since_1970.seconds) * NS_PER_S + since_1970.microseconds * 1_000)
