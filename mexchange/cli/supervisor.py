"""Keeps child processes alive: starts them in order, restarts the dead and says so, stops them in reverse.

They end with it, however it ends: on Linux the kernel tells them.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

POLL_S: Final = 0.1
STOP_S: Final = 15
RESTARTS_PER_MINUTE_MAX: Final = 5
PAUSE_S: Final = 0.5
MINUTE_NS: Final = 60_000_000_000
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""That end it; the last one comes when its terminal is closed."""
_PR_SET_PDEATHSIG: Final = 1


@dataclass(slots=True)
class Child:
    """A program to keep running. `ready` returns when it can be used, or raises."""

    name: str
    words: Sequence[str]
    environ: Mapping[str, str]
    ready: Callable[["subprocess.Popen[bytes]"], None] | None = None
    process: "subprocess.Popen[bytes] | None" = None
    restarts_ns: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Run it, and wait until it is ready."""
        self.process = subprocess.Popen(
            list(self.words),
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            preexec_fn=_ending_with(os.getpid()) if sys.platform == "linux" else None,
        )
        if self.ready is not None:
            self.ready(self.process)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL if that is not enough."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class StoppedBySignal(Exception):
    """One of SIGNALS came."""


class GaveUp(RuntimeError):
    """A child died too often."""


class Supervisor:
    """A few children and their fate."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._children: list[Child] = []

    @contextmanager
    def running(self, children: Sequence[Child]) -> Iterator[None]:
        """Start them in order; stop them in reverse order at the end, however it comes."""
        previous = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        try:
            for child in children:
                self._children.append(child)
                child.start()
            yield
        except StoppedBySignal:
            self._say("stopping")
        finally:
            for number in previous:
                signal.signal(number, signal.SIG_IGN)
            for child in reversed(self._children):
                child.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def watch(self, limit_ns: int | None) -> None:
        """Look after the children until a signal or the limit. Raises GaveUp."""
        end = None if limit_ns is None else time.monotonic_ns() + limit_ns
        while end is None or time.monotonic_ns() < end:
            for child in self._children:
                if child.process is not None and child.process.poll() is not None:
                    self._restart(child)
            time.sleep(POLL_S)

    def _restart(self, child: Child) -> None:
        assert child.process is not None
        now = time.monotonic_ns()
        child.restarts_ns = [then for then in child.restarts_ns if now - then < MINUTE_NS] + [now]
        code = child.process.returncode
        ended = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        if len(child.restarts_ns) > RESTARTS_PER_MINUTE_MAX:
            raise GaveUp(f"{child.name} {ended}, the {len(child.restarts_ns)}th time within a minute")
        self._say(f"{child.name} {ended}; starting it again")
        time.sleep(PAUSE_S)
        child.start()

    @staticmethod
    def _on_signal(_number: int, _frame: object) -> None:
        raise StoppedBySignal


def _ending_with(parent: int) -> Callable[[], None]:
    """For the child, before it becomes its program: a clean stop when the parent is gone."""
    prctl = ctypes.CDLL(None).prctl

    def end_with_parent() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(0)

    return end_with_parent
