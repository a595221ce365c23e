"""A terminal that is not there: Textual writes to it all that it would write to a real one."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from textual import events
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

WAIT_S: Final = 60.0


class CountingTerminal(HeadlessDriver):
    """Counts what is written, and says when something that was waited for was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bytes = 0
        self.writes = 0
        self._text = ""
        self._written = asyncio.Event()

    @property
    def is_headless(self) -> bool:
        """It takes output."""
        return False

    def write(self, data: str) -> None:
        """Count."""
        self.bytes += len(data.encode())
        self.writes += 1
        if self._text in data:
            self._written.set()

    def press(self, key: str) -> None:
        """A key as a real driver passes it on."""
        self.process_message(events.Key(key, None))

    async def painted(self, change: Callable[[], object], text: str) -> None:
        """Do this, and wait until this text is written."""
        self._text = text
        self._written.clear()
        change()
        await asyncio.wait_for(self._written.wait(), WAIT_S)


async def settled(app: App[Any]) -> CountingTerminal:
    """Wait until the app has drawn itself; its terminal."""
    terminal = app._driver
    assert isinstance(terminal, CountingTerminal)
    quiet = 0
    while quiet < 3:
        before = terminal.bytes
        await asyncio.sleep(0.1)
        quiet = quiet + 1 if terminal.bytes == before and before else 0
    return terminal
