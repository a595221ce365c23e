"""`--watch`: again and again, on a terminal in place, elsewhere as one line per change."""

import io
import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final, TypeAlias

import typer

from mexchange.cli.errors import USAGE, CliError
from mexchange.cli.invocation import NS_PER_S, Invocation
from mexchange.config import values

QUIT: Final = b"q"
_HOME_AND_CLEAR: Final = "\x1b[H\x1b[J"
_ALTERNATE_ON: Final = "\x1b[?1049h\x1b[?25l"
_ALTERNATE_OFF: Final = "\x1b[?25h\x1b[?1049l"

Watch: TypeAlias = Annotated[
    str | None, typer.Option("--watch", help="Repeat every second, or as often as told: 2s. q or Ctrl-C ends.")
]


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
        with _keys() as quit_within:
            while True:
                terminal.write(_HOME_AND_CLEAR + _printed(mx, once))
                terminal.flush()
                if quit_within(pause_s):
                    return
    finally:
        terminal.write(_ALTERNATE_OFF)
        terminal.flush()


@contextmanager
def _keys() -> Iterator[Callable[[float], bool]]:
    """A pause that a key ends at once: True if somebody wants to quit. Without a keyboard it only waits."""
    if not sys.stdin.isatty():
        yield _slept
        return
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    try:
        yield lambda pause_s: _pressed(keyboard, pause_s)
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


def _slept(pause_s: float) -> bool:
    time.sleep(pause_s)
    return False


def _pressed(keyboard: int, pause_s: float) -> bool:
    end = time.monotonic() + pause_s
    while (left := end - time.monotonic()) > 0:
        if select.select([keyboard], [], [], left)[0] and os.read(keyboard, 1) in (QUIT, b""):
            return True
    return False


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
