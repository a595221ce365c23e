"""Where somebody wants to go in a recording, as typed: a sequence, a time of day, a while, or a part."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import msgspec

HELP: Final = "18204377 · 12:34:56 · +10m · -30s · 50%"

_SEQUENCE: Final = re.compile(r"(?:#|seq\s*)?(\d{1,3}(?:,\d{3})+|\d{1,19})")
_CLOCK: Final = re.compile(r"(?:(\d{4}-\d\d-\d\d)[ T])?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?")
_WHILE: Final = re.compile(r"([+-])(\d{1,9})(ms|s|m|h|d)?")
_PART: Final = re.compile(r"(\d{1,3})\s*%")
_NS_PER: Final = {"ms": 10**6, "s": 10**9, None: 10**9, "m": 60 * 10**9, "h": 3_600 * 10**9, "d": 86_400 * 10**9}


class Place(msgspec.Struct, frozen=True):
    """One of the two."""

    sequence: int | None = None
    time_ns: int | None = None


def parse_place(typed: str, *, begin_ns: int, end_ns: int, now_ns: int, zone: tzinfo | None) -> Place:
    """Raises ValueError with a sentence. A time of day without a date is the first such time not before `begin_ns`."""
    text = typed.strip().lower()
    if match := _PART.fullmatch(text):
        return Place(time_ns=begin_ns + (end_ns - begin_ns) * min(100, int(match[1])) // 100)
    if match := _WHILE.fullmatch(text):
        sign = -1 if match[1] == "-" else 1
        return Place(time_ns=now_ns + sign * int(match[2]) * _NS_PER[match[3]])
    if match := _CLOCK.fullmatch(typed.strip()):
        return Place(time_ns=_clock_ns(match, begin_ns, zone))
    if match := _SEQUENCE.fullmatch(text):
        return Place(sequence=int(match[1].replace(",", "")))
    raise ValueError(f"{typed.strip()!r} is no place: {HELP}")


def _clock_ns(match: re.Match[str], begin_ns: int, zone: tzinfo | None) -> int:
    date, hour, minute, second, fraction = match.groups()
    begin = datetime.fromtimestamp(begin_ns // 10**9, zone)
    day = datetime.fromisoformat(date) if date else begin
    try:
        moment = begin.replace(
            year=day.year,
            month=day.month,
            day=day.day,
            hour=int(hour),
            minute=int(minute),
            second=int(second or 0),
        )
    except ValueError:
        raise ValueError(f"there is no time {match[0]!r}") from None
    if not date and moment < begin:
        moment += timedelta(days=1)
    return int(moment.astimezone(UTC).timestamp()) * 10**9 + int((fraction or "0").ljust(9, "0"))
