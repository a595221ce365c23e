"""`--watch`: again and again, on a terminal in place, elsewhere as one line per change."""

import io
import sys
import time
from collections.abc import Callable
from typing import Annotated, Final, TypeAlias

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import NS_PER_S, Invocation
from mexchange.config import values

INTERVAL_DEFAULT: Final = "1s"
_HOME_AND_CLEAR: Final = "\x1b[H\x1b[J"
_ALTERNATE_ON: Final = "\x1b[?1049h\x1b[?25l"
_ALTERNATE_OFF: Final = "\x1b[?25h\x1b[?1049l"

Watch: TypeAlias = Annotated[str | None, typer.Option("--watch", help="Repeat so often, such as 1s; Ctrl-C ends.")]


def repeat(mx: Invocation, interval: str | None, once: Callable[[], None]) -> None:
    """Call `once`; with an interval until interrupted, printing only what changed."""
    if interval is None:
        once()
        return
    pause_s = _seconds(interval)
    if mx.output.is_table and sys.stdout.isatty():
        _in_place(mx, pause_s, once)
    else:
        _changes(mx, pause_s, once)


def _in_place(mx: Invocation, pause_s: float, once: Callable[[], None]) -> None:
    terminal = mx.output.stream
    terminal.write(_ALTERNATE_ON)
    try:
        while True:
            terminal.write(_HOME_AND_CLEAR + _printed(mx, once))
            terminal.flush()
            time.sleep(pause_s)
    finally:
        terminal.write(_ALTERNATE_OFF)
        terminal.flush()


def _changes(mx: Invocation, pause_s: float, once: Callable[[], None]) -> None:
    before: set[str] = set()
    while True:
        lines = _printed(mx, once).splitlines()
        for line in lines:
            if line not in before:
                mx.output.stream.write(line + "\n")
        mx.output.stream.flush()
        before = set(lines)
        time.sleep(pause_s)


def _printed(mx: Invocation, once: Callable[[], None]) -> str:
    stream = mx.output.stream
    mx.output.stream = text = io.StringIO()
    try:
        once()
    finally:
        mx.output.stream = stream
    return text.getvalue()


def _seconds(interval: str) -> float:
    try:
        return values.duration_ns(interval) / NS_PER_S
    except ValueError as error:
        raise CliError("E_USAGE", f"--watch: {error}", exit_code=USAGE) from None
