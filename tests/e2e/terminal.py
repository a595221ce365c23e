"""A real shell on a real terminal: runs a line of a transcript and returns what a person would see."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROWS_AND_COLUMNS: Final = "stty rows 50 cols 160 -echo; "
LINE_TIMEOUT_S: Final = 30.0
READ_BYTES: Final = 65_536
_ESCAPE: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Runs lines with `mx` on the path, each in a shell of its own, in one directory with one environment."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        programs = folder / "bin"
        programs.mkdir()
        launcher = programs / "mx"
        launcher.write_text(f'#!/bin/sh\nexec {sys.executable} -m mexchange "$@"\n')
        launcher.chmod(0o755)
        self._folder = folder
        self._environ = {**environ, "PATH": f"{programs}:{os.environ['PATH']}", "TERM": "xterm", "LANG": "C.UTF-8"}

    def run(self, line: str, typed: str = "") -> str:
        """What the line prints, stdout and stderr as they come, without colours. `typed` is entered at its prompt."""
        master, slave = pty.openpty()
        try:
            process = subprocess.Popen(
                ["sh", "-c", ROWS_AND_COLUMNS + line],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                cwd=self._folder,
                env=self._environ,
                start_new_session=True,
            )
            os.close(slave)
            return self._read(process, master, typed)
        finally:
            os.close(master)

    @staticmethod
    def _read(process: "subprocess.Popen[bytes]", master: int, typed: str) -> str:
        seen = b""
        deadline = time.monotonic() + LINE_TIMEOUT_S
        while time.monotonic() < deadline:
            if not select.select([master], [], [], 0.05)[0]:
                if process.poll() is not None:
                    break
                if typed and seen.rstrip().endswith(b"[y/N]"):
                    os.write(master, typed.encode() + b"\n")
                    seen += typed.encode() + b"\n"
                    typed = ""
                continue
            try:
                data = os.read(master, READ_BYTES)
            except OSError:  # the last holder of the other end is gone
                break
            if not data:
                break
            seen += data
        else:
            process.kill()
            raise AssertionError(f"no end after {LINE_TIMEOUT_S} s; so far:\n{seen.decode(errors='replace')}")
        process.wait()
        return _ESCAPE.sub("", seen.decode("utf-8", "replace").replace("\r\n", "\n"))
