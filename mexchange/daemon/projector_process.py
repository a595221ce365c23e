"""The projector as the daemon sees it: a child that is started, listened to, and started again when it dies.

Nothing ever waits for it but a clean stop, and that not for long: rows that are missing are made at the next start.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from mexchange.daemon.projection.report import STARTING, Report
from mexchange.telemetry import logs

AGAIN_S: Final = (0.2, 1.0, 5.0, 30.0)
"""Before a new start; the last one over and over, the first again after a run of `WELL_S`."""
WELL_S: Final = 60
STOP_S: Final = 3
"""It may write what waits, so long."""
DEAD: Final = "dead"


class ProjectorProcess:
    """One projector at a time, from `start` to `stop`."""

    def __init__(self, data: Path, *, durable_sequence: Callable[[], int]) -> None:
        self._data = data
        self._durable_sequence = durable_sequence
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._log = logs.get("daemon.history")
        self.report = Report(STARTING)
        """The last one."""
        self.starts = 0

    @property
    def pid(self) -> int:
        """Of the running one, 0 if there is none."""
        return self._process.pid if self._process is not None else 0

    def start(self) -> None:
        """On the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._keep_running())

    async def stop(self) -> None:
        """Let it write what waits, for a moment; it has ended when this returns."""
        self._stopping.set()
        if self._task is None:
            return
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        done, _ = await asyncio.wait([self._task], timeout=STOP_S)
        if not done:
            self.kill()
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def kill(self) -> None:
        """At once, from wherever."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def _keep_running(self) -> None:
        failures = 0
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            begin_s = loop.time()
            code = await self._run()
            if not self._stopping.is_set():
                failures = await self._pause(0 if loop.time() - begin_s > WELL_S else failures, code)

    async def _pause(self, failures: int, code: int) -> int:
        """Before a new start; the failures in a row."""
        pause_s = AGAIN_S[min(failures, len(AGAIN_S) - 1)]
        self.report = msgspec.structs.replace(self.report, state=DEAD, problem=f"ended with code {code}")
        self._log.warning("the projector ended, starting another one", code=code, in_s=pause_s)
        await asyncio.wait([asyncio.ensure_future(self._stopping.wait())], timeout=pause_s)
        return failures + 1

    async def _run(self) -> int:
        """From its start to its end; the exit code."""
        words = ["-m", "mexchange.daemon.projection", "--data-dir", os.fspath(self._data)]
        words += ["--durable", str(self._durable_sequence())]
        self.starts += 1
        try:
            self._process = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=PIPE, stdout=PIPE)
        except OSError as error:
            self._log.warning("the projector cannot be started", reason=str(error))
            return -1
        try:
            assert self._process.stdout is not None
            async for line in self._process.stdout:
                with suppress(msgspec.DecodeError):
                    self._hear(msgspec.json.decode(line, type=Report))
            return await self._process.wait()
        finally:
            self.kill()
            self._process = None

    def _hear(self, report: Report) -> None:
        """One that has just started has not looked yet how far the rows go: the one before had."""
        if report.state == STARTING and not report.sequence:
            report = msgspec.structs.replace(report, sequence=self.report.sequence, time_ns=self.report.time_ns)
        self.report = report
