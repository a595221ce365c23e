"""Structured logs on stderr: lines for people or JSON for machines, secrets removed.

A program calls `configure` once at its start. What happens per order is counted (`telemetry.metrics`), never logged: a
line costs more than an order.
"""

import sys
from contextlib import suppress
from typing import Any, Final, Literal, TextIO

import msgspec
import structlog
from structlog.typing import FilteringBoundLogger, Processor

from mexchange.telemetry.redaction import remove_secrets

Form = Literal["console", "json"]
Level = Literal["debug", "info", "warning", "error"]

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(*, form: Form = "console", level: Level = "info", stream: TextIO | None = None) -> None:
    """Send everything at or above `level` to `stream` (stderr). Console lines have colours only on a terminal."""
    target = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            remove_secrets,
            *_renderer(form, target),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=lambda *_: _Lines(target),
        cache_logger_on_first_use=False,
    )


class _Lines(structlog.WriteLogger):
    """Drops what cannot be written: a log on a full disk must not stop what it reports on."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = msg


def get(name: str) -> FilteringBoundLogger:
    """The logger of a part of a program: `get("daemon.journal").warning("disk nearly full", free_bytes=n)`."""
    logger: FilteringBoundLogger = structlog.get_logger(part=name)
    return logger


def _renderer(form: Form, target: TextIO) -> list[Processor]:
    if form == "json":
        return [structlog.processors.JSONRenderer(serializer=_to_json)]
    return [structlog.dev.ConsoleRenderer(colors=target.isatty())]


def _to_json(event: dict[str, Any], **_options: object) -> str:
    return msgspec.json.encode(event).decode()
