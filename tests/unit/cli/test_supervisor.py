"""Children are started in order, restarted when they die, and stopped in reverse."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mexchange.cli.supervisor import Child, GaveUp, Supervisor

LIVES = "import time; time.sleep(60)"
DIES = "raise SystemExit(3)"


def child(name: str, program: str) -> Child:
    return Child(name, [sys.executable, "-c", program], os.environ)


def test_a_killed_child_is_started_again_and_said_so() -> None:
    said: list[str] = []
    one = child("bot maker", LIVES)
    supervisor = Supervisor(said.append)
    with supervisor.running([one]):
        first = one.process
        assert first is not None
        first.kill()
        supervisor.watch(1_500_000_000)
        assert one.process is not first
        assert one.process is not None
        assert one.process.poll() is None
    assert said == ["bot maker was killed by signal 9; starting it again"]
    assert one.process.poll() is not None


def test_a_child_that_cannot_live_is_given_up() -> None:
    supervisor = Supervisor(lambda _: None)
    with pytest.raises(GaveUp, match="ended with code 3"), supervisor.running([child("daemon", DIES)]):
        supervisor.watch(20_000_000_000)


def test_children_start_in_order_and_stop_in_reverse(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = (
        "import signal,sys,time\n"
        "def end(*_):\n open({log!r},'a').write({name!r}+' ends\\n'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\nopen({log!r},'a').write({name!r}+' starts\\n')\ntime.sleep(60)"
    )

    def wait_for(name: str) -> None:
        while not log.exists() or f"{name} starts" not in log.read_text():
            time.sleep(0.02)

    children = []
    for name in ("daemon", "bot"):
        one = child(name, program.format(log=str(log), name=name))
        one.ready = lambda _, name=name: wait_for(name)
        children.append(one)
    with Supervisor(lambda _: None).running(children):
        pass
    assert log.read_text().split("\n")[:4] == ["daemon starts", "bot starts", "bot ends", "daemon ends"]


def test_a_signal_ends_the_watch_and_every_child() -> None:
    said: list[str] = []
    one = child("daemon", LIVES)
    supervisor = Supervisor(said.append)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    with supervisor.running([one]):
        supervisor.watch(30_000_000_000)
    assert said == ["stopping"]
    assert isinstance(one.process, subprocess.Popen)
    assert one.process.poll() is not None


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux tells children")
def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    lives = f"import os,time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    program = (
        "import os,sys,time\nfrom mexchange.cli.supervisor import Child, Supervisor\n"
        f"one = Child('daemon', [sys.executable, '-c', {lives!r}], os.environ)\n"
        "with Supervisor(print).running([one]): time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as supervisor:
        _wait_until(lambda: mark.exists() and mark.read_text() != "")
        supervisor.kill()
    _wait_until(lambda: not _runs(int(mark.read_text())))


def _runs(pid: int) -> bool:
    """Is there such a process that is not merely waiting to be forgotten."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
