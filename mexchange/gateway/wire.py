"""What sockets of either kind share: a reader, a sender behind an outbox, requests that overlap, and one end.

One task reads, one sends, and each request has one of its own. Pings and pongs are the server's business below us.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from mexchange.config.gateway import GatewayLimits
from mexchange.domain.events import Event
from mexchange.gateway.channels import Channel, Text
from mexchange.gateway.decimals import Form
from mexchange.gateway.errors import TooMany
from mexchange.gateway.outbox import Outbox
from mexchange.gateway.people import Person
from mexchange.protocol.limits import TokenBucket
from mexchange.telemetry import logs

SLOW_READER: Final = 1013
SESSION_ENDED: Final = 4401
IDLE: Final = 1000
RESTARTED: Final = 1012
REQUESTS_WAITING_MAX: Final = 64
"""Requests of one socket that are under way at a time; beyond it reading waits."""
FAREWELL_S: Final = 0.05
"""Between the last message and the end."""

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

_log: Final = logs.get("gateway.socket")


class Wire:
    """One socket, from the accepted upgrade to its end."""

    def __init__(self, *, send: Send, form: Form, host: str, cookie: bytes | None, limits: GatewayLimits) -> None:
        """`cookie`: the token that came with the upgrade."""
        self.form = form
        self.host = host
        self.cookie = cookie
        self.limits = limits
        self.channels: dict[str, Channel] = {}
        """Public ones, by name."""
        self.person: Person | None = None
        self.outbox = Outbox(form, limits.waiting_messages_max)
        self.frames = TokenBucket(limits.frames_per_second, limits.frames_burst, time.monotonic_ns())
        self._send = send
        self._closing: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._slots = asyncio.Semaphore(REQUESTS_WAITING_MAX)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_turn: asyncio.Task[None] | None = None
        self._heard_at = time.monotonic()

    async def run(self, receive: Receive) -> None:
        """Until either side has enough."""
        tasks = [
            asyncio.ensure_future(work)
            for work in (self._send_all(), self._read_all(receive), self._watch(), self.beat())
        ]
        sender, reader = tasks[:2]
        try:
            await asyncio.wait((sender, reader, self._closing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*tasks, *self._tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._closing.done():
            code, reason = self._closing.result()
            with suppress(Exception):  # the other side may be gone
                await asyncio.wait_for(self._send({"type": "websocket.close", "code": code, "reason": reason}), 1)
        elif reader.done() and not reader.cancelled() and reader.exception() is not None:
            _log.error("a socket failed", exc_info=reader.exception())

    def close(self, code: int, reason: str) -> None:
        """The end, once."""
        if not self._closing.done():
            self._closing.set_result((code, reason))

    def put_text(self, text: Text) -> None:
        """An answer or something private; a socket that does not read is closed."""
        self.outbox.put(text)
        if self.outbox.is_over:
            self.close(SLOW_READER, "read faster")

    # For subclasses.

    def take(self, event: dict[str, Any]) -> None:
        """One message has come."""
        raise NotImplementedError

    async def beat(self) -> None:
        """Whatever is told from time to time; needs not return."""

    def is_listening(self) -> bool:
        """Has it a reason to stay open in silence."""
        return bool(self.channels) or self.person is not None

    def start(self, work: Callable[[], Coroutine[Any, Any, None]], *, is_turn: bool) -> None:
        """Begin a request, behind the last one that was a turn: one that changes who or what this socket is."""

        async def behind(before: asyncio.Task[None] | None) -> None:
            if before is not None:
                await asyncio.wait((before,))
            await work()

        task = asyncio.create_task(behind(self._last_turn))
        if is_turn:
            self._last_turn = task
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def release(self) -> None:
        """A message that began no request was dealt with."""
        self._slots.release()

    def belong_to(self, person: Person) -> None:
        """Hear of this person's account from now on. Raises TooMany."""
        if self not in person.listeners and len(person.listeners) >= self.limits.sockets_per_session_max:
            raise TooMany(text="this session has as many sockets as it may")
        if self.person is not None and self.person is not person:
            self.person.listeners.pop(self, None)
        self.person = person
        person.listeners[self] = None

    # As the hearer of channels and the listener of an account.

    def hear(self, channel: Channel, text: Text) -> None:
        """News of a channel."""
        self.outbox.put_news(channel, text)

    def moved(self, old: Channel, new: Channel) -> None:
        """The channel was opened anew: its state once more."""
        self.outbox.drop(old)
        self.channels[new.name.text] = new
        text = new.snapshot(self.form)
        if text is not None:
            self.put_text(text)

    def own_events(self, events: list[Event]) -> None:
        """Of our person's account."""
        raise NotImplementedError

    def own_break(self) -> None:
        """Some of them are lost."""
        raise NotImplementedError

    def balances_changed(self) -> None:
        """More, or less."""
        raise NotImplementedError

    def session_ended(self) -> None:
        """Signed out, here or elsewhere."""
        asyncio.get_running_loop().call_later(FAREWELL_S, self.close, SESSION_ENDED, "the session has ended")

    def exchange_moved(self) -> None:
        """Whoever comes again is served."""
        self.close(RESTARTED, "the exchange has moved")

    # Reading and sending.

    async def _send_all(self) -> None:
        while True:
            text = await self.outbox.take()
            kind = "text" if isinstance(text, str) else "bytes"
            await self._send({"type": "websocket.send", kind: text})

    async def _read_all(self, receive: Receive) -> None:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            if event["type"] == "websocket.receive":
                self._heard_at = time.monotonic()
                await self._slots.acquire()
                self.take(event)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._slots.release()
        if self._last_turn is task:
            self._last_turn = None

    async def _watch(self) -> None:
        limit = self.limits.idle_socket_seconds
        while True:
            await asyncio.sleep(limit / 4)
            if not self.is_listening() and time.monotonic() - self._heard_at > limit:
                self.close(IDLE, "nobody is here")
