"""What waits to be sent to one socket: bounded, in order, and shorter for whoever reads slowly.

Answers and private messages are never left out: when too many wait, the socket is given up. Of a channel at most a few
messages wait; then they give way to one snapshot, taken when its turn comes. Of a channel that tells its whole state
the latest message takes the place of the one that waits.
"""

import asyncio
from collections import deque
from typing import Final

from mexchange.gateway.channels import Channel, Text
from mexchange.gateway.decimals import Form

NEWS_WAITING_MAX: Final = 8
"""Of one channel, before a snapshot takes their place."""


class _Entry:
    """One message, or the promise of a snapshot. Neither: it was replaced."""

    __slots__ = ("channel", "text")

    def __init__(self, text: Text | None, channel: Channel | None) -> None:
        self.text = text
        self.channel = channel


class Outbox:
    """Filled by whatever happens, emptied by one sender."""

    def __init__(self, form: Form, waiting_max: int) -> None:
        self._form = form
        self._waiting_max = waiting_max
        self._entries: deque[_Entry] = deque()
        self._news: dict[Channel, list[_Entry]] = {}
        self._ready = asyncio.Event()
        self._certain = 0
        self.conflated = 0
        """Messages of channels that were left out."""

    @property
    def is_over(self) -> bool:
        """Do more messages wait that cannot be left out than may."""
        return self._certain > self._waiting_max

    def put(self, text: Text) -> None:
        """An answer, or something private."""
        self._certain += 1
        self._entries.append(_Entry(text, None))
        self._ready.set()

    def put_news(self, channel: Channel, text: Text) -> None:
        """What a channel says."""
        waiting = self._news.setdefault(channel, [])
        if channel.is_state and waiting:
            waiting[0].text = text
            self.conflated += 1
            return
        if len(waiting) == 1 and waiting[0].text is None:
            self.conflated += 1
            return  # a snapshot is to come, which will hold this
        if len(waiting) >= NEWS_WAITING_MAX:
            self.conflated += len(waiting)
            for entry in waiting:
                entry.channel = entry.text = None
            waiting.clear()
            self._add(waiting, _Entry(None, channel))
            return
        self._add(waiting, _Entry(text, channel))

    def drop(self, channel: Channel) -> None:
        """Nothing more of that channel."""
        for entry in self._news.pop(channel, ()):
            entry.channel = entry.text = None

    async def take(self) -> Text:
        """The next message, once there is one."""
        while True:
            while self._entries:
                text = self._text_of(self._entries.popleft())
                if text is not None:
                    return text
            self._ready.clear()
            await self._ready.wait()

    def _text_of(self, entry: _Entry) -> Text | None:
        channel = entry.channel
        if channel is None:
            if entry.text is not None:
                self._certain -= 1
            return entry.text
        waiting = self._news[channel]
        waiting.remove(entry)
        if not waiting:
            del self._news[channel]
        return entry.text if entry.text is not None else channel.snapshot(self._form)

    def _add(self, waiting: list[_Entry], entry: _Entry) -> None:
        waiting.append(entry)
        self._entries.append(entry)
        self._ready.set()
