"""Times as the web writes them."""

import re
from datetime import UTC, datetime
from typing import Final

from mexchange.gateway.errors import BadRequest

_DIGITS: Final = re.compile(r"\d{1,12}")
_SECOND_NS: Final = 10**9
_LATEST_NS: Final = 2**63 - 1


def rfc3339(time_ns: int) -> str:
    """`2026-11-23T16:00:00.123456Z`."""
    moment = datetime.fromtimestamp(time_ns // _SECOND_NS, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{time_ns % _SECOND_NS // 1000:06d}Z"


def maybe(time_ns: int) -> str | None:
    """0 is never."""
    return rfc3339(time_ns) if time_ns else None


def parse(written: str, what: str) -> int:
    """Nanoseconds of Unix seconds or RFC 3339. Raises BadRequest."""
    if _DIGITS.fullmatch(written):
        return _checked(int(written) * _SECOND_NS, what)
    try:
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadRequest(f"{what} is neither Unix seconds nor a time such as 2026-11-23T16:00:00Z") from None
    return _checked((delta.days * 86_400 + delta.seconds) * _SECOND_NS + delta.microseconds * 1000, what)


def _checked(time_ns: int, what: str) -> int:
    if not 0 <= time_ns <= _LATEST_NS:
        raise BadRequest(f"{what} is not between 1970 and 2262")
    return time_ns
