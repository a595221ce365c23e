"""A channel: who listens, when it speaks, and that what it says is encoded once for all of them.

    source changes ──> at once, or `span` after the last time ──> speak ──> one text a form ──> every listener

Each kind of channel says what a new listener is told (`snapshot`) and what is new (`news`); both are built as plain
values with their decimals in one form.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

import msgspec

from mexchange.gateway.channel_names import Name
from mexchange.gateway.decimals import Form
from mexchange.gateway.sources import Source

_encode: Final = msgspec.json.Encoder().encode

Text: TypeAlias = str | bytes
"""A frame: JSON text, or blocks."""
Build = Callable[[Form], dict[str, object] | bytes | None]


class Hearer(Protocol):
    """A socket that listens."""

    form: Form

    def hear(self, channel: "Channel", text: Text) -> None:
        """Something new of a channel; whoever is slow may be given a snapshot instead, later."""
        ...

    def moved(self, old: "Channel", new: "Channel") -> None:
        """The channel of that name is another one now: what it tells begins with a snapshot."""
        ...


class Channel:
    """One name, its listeners, and when it spoke last. Subclasses say what."""

    is_state = False
    """Does each message make the one before it needless."""

    def __init__(self, name: Name, *sources: Source) -> None:
        self.name = name
        self.hearers: dict[Hearer, None] = {}
        """In the order in which they came."""
        self.sources = sources
        self._loop = asyncio.get_running_loop()
        self._span_s = name.span_ms / 1000
        self._spoke_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.spoken = 0

    def open(self) -> None:
        """From now on it speaks when its sources change."""
        for source in self.sources:
            source.listeners.append(self.touch)

    def close(self) -> None:
        """Silence."""
        for source in self.sources:
            source.listeners.remove(self.touch)
        if self._timer is not None:
            self._timer.cancel()

    def touch(self) -> None:
        """Something changed: speak when it is time."""
        if self._timer is None:
            due = max(self._loop.time(), self._spoke_at + self._span_s)
            self._timer = self._loop.call_at(due, self._speak)

    def snapshot(self, form: Form) -> Text | None:
        """The message for somebody who joins, so that the next one fits; None: there is nothing yet."""
        return self._text(self.build_snapshot(form))

    def build_snapshot(self, form: Form) -> dict[str, object] | bytes | None:
        """What stands as of the last message."""
        raise NotImplementedError

    def news(self) -> Build | None:
        """What changed since the last message, to be built for each form; None: nothing."""
        raise NotImplementedError

    def _speak(self) -> None:
        self._timer = None
        self._spoke_at = self._loop.time()
        build = self.news()
        if build is None:
            return
        self.spoken += 1
        texts: dict[Form, Text | None] = {}
        for hearer in tuple(self.hearers):
            form = hearer.form
            if form not in texts:
                texts[form] = self._text(build(form))
            text = texts[form]
            if text is not None:
                hearer.hear(self, text)

    def _text(self, notification: dict[str, object] | bytes | None) -> Text | None:
        if notification is None or isinstance(notification, bytes):
            return notification
        return _encode({"channel_name": self.name.text, "notification": notification}).decode()
