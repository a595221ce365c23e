"""Every no of the gateway: an HTTP status, a code of the WebSocket, and what the exchange's own refusals become.

GatewayError
├── BadRequest       400  what was asked cannot be read, or is not possible
├── Unauthorized     401  nobody is signed in, or not any more
├── Forbidden        403  not from there, or not with these rights
├── NotFound         404
├── TooMany          429  with the time to wait
└── Unavailable      503  the exchange is away, or full
"""

from typing import Final

from mexchange.client.errors import (
    ClientError,
    LoginRefused,
    NotLive,
    OutcomeUnknown,
    QueryRefused,
    Rejected,
    TimedOut,
    TooBusy,
    Unreachable,
)
from mexchange.client.markets import UnknownSymbol
from mexchange.domain import client_id
from mexchange.domain.client_id import BadClientOrderId
from mexchange.domain.rejects import RejectReason
from mexchange.domain.text import TextError

INVALID_PARAMS: Final = -32602
UNAUTHORIZED: Final = 10000
ORDER_REJECTED: Final = 10001
TOO_FAST: Final = 10429
AWAY: Final = 10503

_STATUS_BY_EXIT: Final = {3: 404, 4: 403, 6: 409, 7: 504, 8: 503, 9: 429}
"""The exit codes of `mx` say what kind of no it is; whatever else is 400."""
_OVERLOADED: Final = frozenset({RejectReason.OVERLOADED, RejectReason.READ_ONLY})


class GatewayError(Exception):
    """`status` of HTTP, `rpc` of the WebSocket; `extra` fields go into the answer."""

    status = 400
    rpc = INVALID_PARAMS
    code = "E_REQUEST"

    def __init__(
        self,
        text: str,
        *,
        code: str | None = None,
        hint: str = "",
        status: int | None = None,
        rpc: int | None = None,
        retry_after_s: int = 0,
        extra: dict[str, object] | None = None,
    ) -> None:
        super().__init__(text)
        self.code = code or self.code
        self.hint = hint
        self.status = status or self.status
        self.rpc = rpc or self.rpc
        self.retry_after_s = retry_after_s
        self.extra = extra or {}

    def as_json(self) -> dict[str, object]:
        """`{error, code, hint}` and what is special."""
        return {"error": str(self), "code": self.code, "hint": self.hint, **self.extra}


class BadRequest(GatewayError):
    """What was asked cannot be done like that."""


class Unauthorized(GatewayError):
    """Sign in first."""

    status = 401
    rpc = UNAUTHORIZED
    code = "E_AUTH"


class Forbidden(GatewayError):
    """Not from there."""

    status = 403
    rpc = UNAUTHORIZED
    code = "E_ORIGIN"


class NotFound(GatewayError):
    """There is no such thing."""

    status = 404
    code = "E_NOT_FOUND"


class TooMany(GatewayError):
    """Wait."""

    status = 429
    rpc = TOO_FAST
    code = "E_RATE"

    def __init__(self, wait_ns: int = 1_000_000_000, text: str = "too many requests") -> None:
        super().__init__(text, hint="wait, then send it again", retry_after_s=max(1, -(-wait_ns // 1_000_000_000)))


class Unavailable(GatewayError):
    """Ask again shortly."""

    status = 503
    rpc = AWAY
    code = "E_UNAVAILABLE"


SESSION_ENDED: Final = "the session has ended"


def known(error: Exception, *, rpc: int = ORDER_REJECTED) -> GatewayError | None:
    """What an error of the client, of a symbol or of a number is for whoever asked; None: it is a defect.

    `rpc`: the WebSocket's code of a no of the engine.
    """
    match error:
        case GatewayError():
            return error
        case UnknownSymbol():
            return NotFound(str(error), code=error.code, hint=_near(error))
        case TextError():
            return BadRequest(str(error), code=error.code, hint=error.hint)
        case BadClientOrderId():
            return BadRequest(str(error), code="E_CLIENT_ID")
        case Rejected():
            return _rejected(error, rpc)
        case OutcomeUnknown():
            name = client_id.show(error.client_order_id)
            return GatewayError(
                "no answer in time: the outcome is unknown",
                code="E_OUTCOME_UNKNOWN",
                hint="ask for the order by its client order id; do not send it with a new one",
                status=504,
                rpc=AWAY,
                extra={"client_order_id": name},
            )
        case QueryRefused():
            return _query_refused(error)
        case LoginRefused() if not error.retryable:
            return Unauthorized(SESSION_ENDED)
        case TooBusy():
            return TooMany()
        case NotLive() | TimedOut() | Unreachable() | ClientError():
            return Unavailable("the exchange does not answer now", hint="ask again shortly")
    return None


def _near(error: UnknownSymbol) -> str:
    return f"did you mean {error.nearest[0]}?" if error.nearest else "GET /api/markets lists them"


def _rejected(error: Rejected, rpc: int) -> GatewayError:
    status = 503 if error.reason in _OVERLOADED else _STATUS_BY_EXIT.get(error.exit_code, 400)
    return GatewayError(str(error), code=error.code, hint=error.hint, status=status, rpc=rpc)


def _query_refused(error: QueryRefused) -> GatewayError:
    if error.code in ("E_SESSION", "E_AUTH"):
        return Unauthorized(SESSION_ENDED, code=error.code)
    status = _STATUS_BY_EXIT.get(error.exit_code, 400)
    return GatewayError(str(error), code=error.code, hint=error.hint, status=status)
