"""A program on a real terminal: tmux keeps the screen, takes keys and clicks, and shows what a person would see."""

import os
import re
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

LOOK_S: Final = 0.05


class Tmux:
    """One terminal under a tmux server of its own; `end` it."""

    def __init__(self, folder: Path, *, columns: int, rows: int) -> None:
        self._socket = folder / "tmux"
        self._size = ("-x", str(columns), "-y", str(rows))
        self._columns = columns

    def run(self, words: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start a program. Its exit code is shown when it ends."""
        line = f"{shlex.join(words)}; echo EXIT=$?; exec cat"
        # The size is the terminal's own, whatever programs are told to believe elsewhere.
        here = {name: value for name, value in environ.items() if name not in ("COLUMNS", "LINES")}
        self._tmux("-f", os.devnull, "new-session", "-d", *self._size, "-s", "one", line, environ=here)

    def screen(self) -> str:
        """What is to be seen now."""
        return self._tmux("capture-pane", "-p", "-t", "one")

    def keys(self, *names: str) -> None:
        """Press keys, by tmux's names."""
        self._tmux("send-keys", "-t", "one", *names)

    def click(self, column: int, row: int) -> None:
        """The left button, at a cell counted from 0."""
        cell = f"{column + 1};{row + 1}"
        self._tmux("send-keys", "-t", "one", "-l", f"\x1b[<0;{cell}M\x1b[<0;{cell}m")

    def wait_for(self, pattern: str, within_s: float) -> str:
        """Until the screen has it; that screen. AssertionError with the last one."""
        return self.wait_until(lambda screen: re.search(pattern, screen) is not None, pattern, within_s)

    def wait_until(self, condition: Callable[[str], bool], what: str, within_s: float) -> str:
        """Until it is true of the screen; that screen."""
        deadline = time.monotonic() + within_s
        while not condition(screen := self.screen()):
            assert time.monotonic() < deadline, f"{what!r} was not to be seen within {within_s} s:\n{screen}"
            time.sleep(LOOK_S)
        return screen

    def end(self) -> None:
        """The terminal is closed, and with it what runs there."""
        subprocess.run(("tmux", "-S", os.fspath(self._socket), "kill-server"), check=False, capture_output=True)

    def _tmux(self, *words: str, environ: Mapping[str, str] | None = None) -> str:
        command = ("tmux", "-S", os.fspath(self._socket), *words)
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
        return done.stdout
