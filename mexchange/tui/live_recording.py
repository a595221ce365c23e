"""Recording what the market does while one looks at it: the file of `mx record`, made in the background."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from mexchange.client.api import Client
from mexchange.client.errors import ClientError
from mexchange.client.recorder import Recorder
from mexchange.client.recording_writer import RecordingWriter
from mexchange.codec.messages import MarketInfo
from mexchange.tui.notices import Kind, Notice, Notices

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


class LiveRecording:
    """One file of one market, until `stop` or until something ends it: the connection, the disk, the size."""

    def __init__(self, client: Client, market: MarketInfo, folder: Path, notices: Notices) -> None:
        """`folder` is made if it is not there."""
        self.path = folder / f"{_file_name(market.symbol)}.mxr"
        self._client = client
        self._market = market
        self._notices = notices
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Is it being written."""
        return self._task is not None and not self._task.done()

    def start(self, ended: Callable[[], None]) -> None:
        """Begin. `ended` is called once, whatever ends it. Raises OSError if there can be no such file."""
        self.path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
        self._task = asyncio.create_task(self._record(os.fdopen(number, "w+b")), name="recording")
        self._task.add_done_callback(lambda _: ended())
        self._notices.tell(Notice(Kind.INFO, f"recording {self._market.symbol}", f"to {self.path}"))

    async def stop(self) -> None:
        """Until the file is whole. Idempotent."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _record(self, file: BinaryIO) -> None:
        with file:
            writer = RecordingWriter(file, created_ns=time.time_ns())
            recorder = Recorder(self._client, writer)
            try:
                await recorder.begin([self._market.market])
                await recorder.run()
            except (ClientError, OSError) as error:
                self._notices.tell(Notice(Kind.ERROR, f"the recording ends: {error}", severity="warning"))
            finally:
                await recorder.close()
                self._finish(file, writer)

    def _finish(self, file: BinaryIO, writer: RecordingWriter) -> None:
        try:
            writer.close()
            os.fsync(file.fileno())
        except OSError as error:
            self._notices.tell(Notice(Kind.ERROR, f"{self.path.name} has no end: {error}", severity="error"))
            return
        text = f"recorded {writer.moments:,} moments, {writer.trades:,} trades"
        self._notices.tell(Notice(Kind.INFO, text, f"R plays {self.path.name}"))


def _file_name(symbol: str) -> str:
    """`KCN-EUR 2026-11-23 19.57.00`: in the order of their times by name, and a name on every system."""
    kept = "".join(character if character.isalnum() else "-" for character in symbol)
    return f"{kept} {datetime.now().astimezone():%Y-%m-%d %H.%M.%S}"
