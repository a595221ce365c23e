"""A terminal that is not there: Textual writes to it all that it would write to a real one."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from textual import events
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

WAIT_S: Final = 30.0


class CountingTerminal(HeadlessDriver):
    """Counts bytes, and says when there were some."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bytes = 0
        self.written = asyncio.Event()

    @property
    def is_headless(self) -> bool:
        """It takes output."""
        return False

    def write(self, data: str) -> None:
        """Count."""
        self.bytes += len(data.encode())
        self.written.set()

    def press(self, key: str, character: str | None) -> None:
        """A key as a real driver passes it on."""
        self.send_message(events.Key(key, character))

    async def painted(self, change: Callable[[], object]) -> int:
        """Do this and wait for what it writes; returns how many bytes that were until the app had nothing to do."""
        before = self.bytes
        self.written.clear()
        change()
        await asyncio.wait_for(self.written.wait(), WAIT_S)
        return self.bytes - before


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
