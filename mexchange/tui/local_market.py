"""Starting the demo market of this machine from within the client: by the program that people use for it."""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Final

from mexchange.config.settings import Settings

START_S: Final = 60
WORDS_MAX: Final = 300


class NotStarted(Exception):
    """The program's own words."""

    hint = "mx daemon start --demo says more"


def can_start(settings: Settings) -> bool:
    """Is the server that is meant one that we could start: no other was named."""
    return settings.server is None


async def start(settings: Settings, environ: Mapping[str, str]) -> None:
    """`mx daemon start --demo --bg` on the data directory in use. Raises NotStarted."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "mexchange",
        "daemon",
        "start",
        "--demo",
        "--bg",
        env={**environ, "MX_DATA_DIR": os.fspath(settings.data_dir)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(START_S):
            _, said = await process.communicate()
    except TimeoutError:
        raise NotStarted(f"the daemon was not ready after {START_S} s") from None
    if process.returncode:
        raise NotStarted(said.decode(errors="replace").strip()[-WORDS_MAX:] or f"code {process.returncode}")
