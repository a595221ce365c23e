"""One JSON WebSocket: reads requests, sends what waits in its outbox, hears channels and its person's account.

One task reads, one sends, and each request has one of its own. Either ends the socket. A frame that cannot be
read is answered, never met by silence; pings and pongs are the server's business below us.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import msgspec

from mexchange.config.gateway import GatewayLimits
from mexchange.domain.events import Event
from mexchange.gateway.channels import Channel
from mexchange.gateway.decimals import Form
from mexchange.gateway.errors import TOO_FAST, GatewayError, known
from mexchange.gateway.outbox import Outbox
from mexchange.gateway.own_channels import OwnChannels
from mexchange.gateway.people import Person
from mexchange.protocol.limits import TokenBucket
from mexchange.telemetry import logs

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INTERNAL: Final = -32603
SLOW_READER: Final = 1013
SESSION_ENDED: Final = 4401
IDLE: Final = 1000
TURNS: Final = frozenset(
    {
        "public/auth",
        "public/subscribe",
        "public/unsubscribe",
        "private/subscribe",
        "private/unsubscribe",
        "private/register_bot",
        "unsubscribe",
    }
)
"""Methods that change the socket itself: what comes after them waits."""
REQUESTS_WAITING_MAX: Final = 64
"""Orders of one socket that are under way at a time; beyond it reading waits."""

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

_encode: Final = msgspec.json.Encoder().encode
_log: Final = logs.get("gateway.socket")


class Request(msgspec.Struct, frozen=True):
    """`{"id", "method", "params"}`. The parameters are read by the method."""

    method: str
    id: str | int | None = None
    params: msgspec.Raw = msgspec.Raw(b"{}")


_decode: Final = msgspec.json.Decoder(Request).decode

Answerer = Callable[["Socket", Request], Awaitable[object]]


class Socket:
    """One socket, from the accepted upgrade to its end."""

    def __init__(
        self, *, send: Send, form: Form, host: str, cookie: bytes | None, limits: GatewayLimits, answer: Answerer
    ) -> None:
        """`cookie`: the token that came with the upgrade. `answer` carries out a request; it may raise."""
        self.form = form
        self.host = host
        self.cookie = cookie
        self.limits = limits
        self.channels: dict[str, Channel] = {}
        """Public ones, by name."""
        self.own = OwnChannels(self)
        self.person: Person | None = None
        self.outbox = Outbox(form, limits.waiting_messages_max)
        self._send = send
        self._answer = answer
        self._frames = TokenBucket(limits.frames_per_second, limits.frames_burst, time.monotonic_ns())
        self._closing: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._slots = asyncio.Semaphore(REQUESTS_WAITING_MAX)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_turn: asyncio.Task[None] | None = None
        self._heard_at = time.monotonic()

    async def run(self, receive: Receive) -> None:
        """Until either side has enough."""
        sender = asyncio.create_task(self._send_all())
        reader = asyncio.create_task(self._read_all(receive))
        watch = asyncio.create_task(self._watch_idle())
        try:
            await asyncio.wait((sender, reader, self._closing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sender, reader, watch, *self._tasks):
                task.cancel()
            await asyncio.gather(sender, reader, watch, return_exceptions=True)
        if self._closing.done():
            code, reason = self._closing.result()
            with suppress(Exception):  # the other side may be gone
                await asyncio.wait_for(self._send({"type": "websocket.close", "code": code, "reason": reason}), 1)
        elif not reader.cancelled() and reader.exception() is not None:
            _log.error("a socket failed", exc_info=reader.exception())

    def close(self, code: int, reason: str) -> None:
        """The end, once."""
        if not self._closing.done():
            self._closing.set_result((code, reason))

    def put(self, message: dict[str, object]) -> None:
        """An answer or something private; a socket that does not read is closed."""
        self.outbox.put(_encode(message).decode())
        self._check()

    def put_text(self, text: str) -> None:
        """The same, encoded already."""
        self.outbox.put(text)
        self._check()

    # As the hearer of channels and the listener of an account.

    def hear(self, channel: Channel, text: str) -> None:
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
        self.own.events(events)

    def own_break(self) -> None:
        """Some of them are lost."""
        self.own.broken()

    def balances_changed(self) -> None:
        """More, or less."""
        self.own.balances_changed()

    def session_ended(self) -> None:
        """Signed out, here or elsewhere."""
        self.put({"type": "session_ended"})
        asyncio.get_running_loop().call_later(0.05, self.close, SESSION_ENDED, "the session has ended")

    # Reading and sending.

    async def _send_all(self) -> None:
        while True:
            text = await self.outbox.take()
            await self._send({"type": "websocket.send", "text": text})

    async def _read_all(self, receive: Receive) -> None:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            if event["type"] == "websocket.receive":
                self._heard_at = time.monotonic()
                await self._slots.acquire()
                self._take(event.get("text"))

    def _take(self, text: str | None) -> None:
        """One frame."""
        if not self._frames.take(1, time.monotonic_ns()):
            self._slots.release()
            self._refuse(_id_of(text), TOO_FAST, "too many requests", "E_RATE")
            return
        request = _request(text)
        if isinstance(request, Request):
            task = asyncio.create_task(self._carry_out(request, self._last_turn))
            if request.method in TURNS:
                self._last_turn = task
            self._tasks.add(task)
            task.add_done_callback(self._done)
        else:
            self._slots.release()
            code, message = request
            self._refuse(_id_of(text), code, message)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._slots.release()
        if self._last_turn is task:
            self._last_turn = None

    async def _carry_out(self, request: Request, before: asyncio.Task[None] | None) -> None:
        """Requests overlap, but wait for an earlier one that changes who or what this socket is."""
        if before is not None:
            await asyncio.wait((before,))
        try:
            result = await self._answer(self, request)
        except msgspec.ValidationError as error:
            self._refuse(request.id, -32602, f"Invalid params: {error}", "E_REQUEST")
        except msgspec.DecodeError as error:
            self._refuse(request.id, -32602, f"Invalid params: {error}", "E_REQUEST")
        except Exception as error:
            self._failed(request, error)
        else:
            self.put({"id": request.id, "result": result})

    def _failed(self, request: Request, error: Exception) -> None:
        told = known(error, rpc=_NO_OF_METHOD.get(request.method, -32602))
        if told is None:
            _log.error("a request failed", method=request.method, exc_info=error)
            self._refuse(request.id, INTERNAL, "this should not have happened", "E_INTERNAL")
            return
        self._refuse(request.id, told.rpc, str(told), told.code, told)

    def _refuse(
        self,
        name: str | int | None,
        code: int,
        message: str,
        reason: str = "E_REQUEST",
        told: GatewayError | None = None,
    ) -> None:
        error: dict[str, object] = {"code": code, "message": message, "reason": reason}
        if told is not None:
            error |= {"hint": told.hint, **told.extra}
        self.put({"id": name, "error": error})

    def _check(self) -> None:
        if self.outbox.is_over:
            self.close(SLOW_READER, "read faster")

    async def _watch_idle(self) -> None:
        limit = self.limits.idle_socket_seconds
        while True:
            await asyncio.sleep(limit / 4)
            listens = self.channels or self.own.names or self.person is not None
            if not listens and time.monotonic() - self._heard_at > limit:
                self.close(IDLE, "nobody is here")


_NO_OF_METHOD: Final = {
    "private/place_order": 10001,
    "private/cancel_order": 10002,
    "private/cancel_all": 10002,
    "private/amend_order": 10003,
}
"""Codes of the engine's no."""


def _request(text: str | None) -> Request | tuple[int, str]:
    if text is None:
        return INVALID_REQUEST, "a request is a text frame; binary frames go to /ws/binary"
    try:
        return _decode(text)
    except msgspec.ValidationError as error:
        return INVALID_REQUEST, f"not a request: {error}"
    except (msgspec.DecodeError, RecursionError):
        return PARSE_ERROR, "not JSON"


class _Named(msgspec.Struct):
    id: str | int | None = None


def _id_of(text: str | None) -> str | int | None:
    """Of a frame that is no request, if it has one."""
    if text is None:
        return None
    with suppress(msgspec.DecodeError, RecursionError):
        return msgspec.json.decode(text, type=_Named).id
    return None
