"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on a Unix socket, gone when the run ends.

As root it runs as another user, since the server refuses root. It dies with the process that started it.
"""

import asyncio
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

import asyncpg

START_S: Final = 60
SUPERUSER: Final = "mx"
_PR_SET_PDEATHSIG: Final = 1
_DEBIAN: Final = Path("/usr/lib/postgresql")
# The signal comes when the thread that started the server ends, so a test's own thread must not be the one.
_LASTING: Final = ThreadPoolExecutor(1, "postgres-parent")


def programs() -> Path | None:
    """The folder with initdb and postgres, of the newest version that is installed."""
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name.split(".")[0]), reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*folders, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in candidates if (folder / "postgres").exists()), None)


class Cluster:
    """Runs from construction to `end`. Its databases are made by `new_database`."""

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        """`folder`: the programs. Without `is_durable` it forgets to sync, which no test here is about."""
        self._programs = folder
        self._uid: int | None = None
        self._gid: int | None = None
        if os.geteuid() == 0:
            self._uid, self._gid = _other_user()
        self._groups: list[int] | None = None if self._uid is None else []
        self._databases = 0
        self.root = Path(tempfile.mkdtemp(prefix="mx-pg-", dir="/tmp"))  # short: socket paths are
        if self._uid is not None and self._gid is not None:
            os.chown(self.root, self._uid, self._gid)
        self._flags = [] if is_durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        self._run("initdb", "-D", f"{self.root}/data", "-U", SUPERUSER, "-A", "trust", "--no-sync", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = [f"{self._programs}/postgres", "-D", f"{self.root}/data", "-k", str(self.root)]
        words += ["-c", "listen_addresses=", "-c", "max_connections=60", *self._flags]
        with (self.root / "log").open("ab") as log:
            self._server = _LASTING.submit(
                subprocess.Popen,
                words,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=_die_with_parent,
                user=self._uid,
                group=self._gid,
                extra_groups=self._groups,
            ).result()
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start:\n" + (self.root / "log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """Every process of it at once, as a crash would."""
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text().split()
        for pid in (self._server.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait()

    def end(self) -> None:
        """Stop it and remove what it wrote."""
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def new_database(self) -> str:
        """The address of a new, empty database."""
        self._databases += 1
        name = f"test_{self._databases}"
        self.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def address(self, name: str) -> str:
        """Of one of its databases, as the setting `database` wants it."""
        return f"postgresql:///{name}?host={self.root}&user={SUPERUSER}"

    def execute(self, statement: str) -> None:
        """As the superuser, in the database `postgres`."""
        asyncio.run(self._execute(statement))

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(host=str(self.root), user=SUPERUSER, database="postgres", timeout=START_S)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [f"{self._programs}/{program}", *words],
            capture_output=True,
            check=False,
            cwd="/",
            user=self._uid,
            group=self._gid,
            extra_groups=self._groups,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()}")


def _other_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
