"""The demo market of this machine: started in the background by the program that people use for it, and ended.

    Enter while OFFLINE ─> mx demo --bg --no-web ─> daemon, market maker, taker ─ it goes on alone ─> mx demo --stop

Leaving while it is being started takes it back; once it runs it stays until somebody ends it.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from mexchange.config import demo_run, paths
from mexchange.config.errors import ConfigError
from mexchange.config.settings import Settings

PATIENCE_S: Final = 150
"""Longer than the program itself waits for its parts."""
WORDS_MAX: Final = 300


class Failed(Exception):
    """The program's own words, and its remedy."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.hint = hint or "mx demo says more"


class LocalMarket:
    """That of the data directory in use. On one running event loop."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], changed: Callable[[], None]) -> None:
        """`changed` is called when `doing` has."""
        self._settings = settings
        self._environ = environ
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._over = asyncio.Event()
        self._over.set()
        self._begun_s = 0.0
        self.doing = ""
        """What of it is under way, in a word; empty: nothing."""
        self.was_started = False
        """By us."""

    @property
    def is_starting(self) -> bool:
        """Is it being started by us."""
        return self.doing == "Starting"

    @property
    def progress(self) -> str:
        """For the banner; empty where nothing is under way."""
        return f"{self.doing} the local market … {int(time.monotonic() - self._begun_s)} s" if self.doing else ""

    @property
    def can_start(self) -> bool:
        """Is the market that is meant one of this machine: no other was named."""
        return self._settings.server is None and not self.doing

    @property
    def log(self) -> Path:
        """What its programs write."""
        return paths.demo_log_file(self._settings.data_dir)

    @property
    def pid(self) -> int:
        """Of the process that looks after it; 0 if none does, or somebody else's market is meant."""
        if self._settings.server is not None:
            return 0
        with contextlib.suppress(ConfigError):
            run = demo_run.read(self._settings.data_dir)
            if run is not None and demo_run.is_alive(run):
                return run.pid
        return 0

    @property
    def farewell(self) -> str:
        """What whoever leaves should know; empty if they leave nothing behind."""
        if not self.was_started or not (pid := self.pid):
            return ""
        return (
            f"The local market that you started goes on: pid {pid}, daemon and two bots, log {self.log}\n"
            "mx tui comes back to it, mx demo --stop ends it."
        )

    async def start(self) -> None:
        """Until it can be traded on. Raises Failed, OSError. Nothing is left behind where this is cancelled."""
        await self._run("Starting", "--bg", "--no-web")
        self.was_started = True

    async def stop(self) -> None:
        """Until nothing of it runs. Raises Failed, OSError."""
        await self._run("Stopping", "--stop")
        self.was_started = False

    async def close(self) -> None:
        """Take back a start that is under way. Idempotent."""
        self._terminate()
        await self._over.wait()

    async def _run(self, doing: str, *words: str) -> None:
        """`mx demo` with these words, on the data directory in use."""
        self.doing, self._begun_s = doing, time.monotonic()
        self._over.clear()
        self._changed()
        try:
            await self._ran(words)
        finally:
            self.doing = ""
            self._over.set()
            self._changed()

    async def _ran(self, words: Sequence[str]) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mexchange", "--output", "json", "demo", *words),
            env={**self._environ, "MX_DATA_DIR": os.fspath(self._settings.data_dir)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._process = process
        try:
            async with asyncio.timeout(PATIENCE_S):
                _, said = await process.communicate()
        except TimeoutError:
            raise Failed(f"no answer after {PATIENCE_S} s", f"its log is {self.log}") from None
        finally:
            self._terminate()
            await process.communicate()
            self._process = None
        if process.returncode:
            raise _failure(said.decode(errors="replace"), process.returncode)

    def _terminate(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()


def _failure(said: str, code: int) -> Failed:
    """Its last line is an error for programs, if it came to that."""
    last = said.strip().rpartition("\n")[2]
    with contextlib.suppress(ValueError, KeyError, TypeError):
        error = json.loads(last)
        return Failed(str(error["message"])[:WORDS_MAX], str(error["hint"])[:WORDS_MAX])
    return Failed(last[-WORDS_MAX:] or f"code {code}")
