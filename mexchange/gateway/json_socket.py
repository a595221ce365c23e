"""One JSON WebSocket: requests and their answers, news of channels, and what happens to its person's account.

A frame that cannot be read is answered, never met by silence.
"""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import msgspec

from mexchange.config.gateway import GatewayLimits
from mexchange.domain.events import Event
from mexchange.gateway.decimals import Form
from mexchange.gateway.errors import INVALID_PARAMS, TOO_FAST, GatewayError, known
from mexchange.gateway.own_channels import OwnChannels
from mexchange.gateway.wire import Send, Wire
from mexchange.telemetry import logs

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INTERNAL: Final = -32603
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

_encode: Final = msgspec.json.Encoder().encode
_log: Final = logs.get("gateway.socket")


class Request(msgspec.Struct, frozen=True):
    """`{"id", "method", "params"}`. The parameters are read by the method."""

    method: str
    id: str | int | None = None
    params: msgspec.Raw = msgspec.Raw(b"{}")


_decode: Final = msgspec.json.Decoder(Request).decode

Answerer = Callable[["Socket", Request], Awaitable[object]]


class Socket(Wire):
    """One JSON socket. `answer` carries out a request; it may raise."""

    def __init__(
        self, *, send: Send, form: Form, host: str, cookie: bytes | None, limits: GatewayLimits, answer: Answerer
    ) -> None:
        super().__init__(send=send, form=form, host=host, cookie=cookie, limits=limits)
        self.own = OwnChannels(self)
        self._answer = answer

    def put(self, message: dict[str, object]) -> None:
        """An answer or something private."""
        self.put_text(_encode(message).decode())

    def is_listening(self) -> bool:
        """To anything, or for somebody."""
        return super().is_listening() or bool(self.own.names)

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
        super().session_ended()

    def take(self, event: dict[str, Any]) -> None:
        """One frame."""
        text: str | None = event.get("text")
        if not self.frames.take(1, time.monotonic_ns()):
            self.release()
            self._refuse(_id_of(text), TOO_FAST, "too many requests", "E_RATE")
            return
        request = _request(text)
        if isinstance(request, Request):
            self.start(lambda: self._carry_out(request), is_turn=request.method in TURNS)
        else:
            self.release()
            code, message = request
            self._refuse(_id_of(text), code, message)

    async def _carry_out(self, request: Request) -> None:
        try:
            result = await self._answer(self, request)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            self._refuse(request.id, INVALID_PARAMS, f"Invalid params: {error}")
        except Exception as error:
            self._failed(request, error)
        else:
            self.put({"id": request.id, "result": result})

    def _failed(self, request: Request, error: Exception) -> None:
        told = known(error, rpc=_NO_OF_METHOD.get(request.method, INVALID_PARAMS))
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
