"""All sockets: how many there may be, from where, and what each is."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs

from mexchange.gateway.block_socket import BlockSocket
from mexchange.gateway.cookies import SESSION
from mexchange.gateway.decimals import Form
from mexchange.gateway.errors import BadRequest, GatewayError, NotFound, TooMany, Unavailable
from mexchange.gateway.figures import Figures
from mexchange.gateway.json_socket import Request, Socket
from mexchange.gateway.methods import Methods
from mexchange.gateway.services import Services
from mexchange.protocol.limits import host_of, is_loopback

GOING_AWAY: Final = 1012

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Sockets:
    """Takes upgrades."""

    def __init__(self, services: Services, methods: Methods, figures: Figures) -> None:
        self._services = services
        self._methods = methods
        self._figures = figures
        self._open: set[Socket | BlockSocket] = set()
        self._by_host: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def waiting(self) -> int:
        """Channels that are listened to, over all sockets."""
        return sum(len(socket.channels) for socket in self._open)

    async def take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """From the upgrade to the end. Raises GatewayError before it is accepted."""
        host = host_of((scope["client"][0], 0))
        self._check_room(host)
        socket = self._socket(scope, send)
        await receive()
        self._open.add(socket)
        self._by_host[host] += 1
        try:
            await send({"type": "websocket.accept"})
            if isinstance(socket, BlockSocket):
                await socket.greet()
            await socket.run(receive)
        finally:
            self._open.discard(socket)
            self._by_host[host] -= 1
            if not self._by_host[host]:
                del self._by_host[host]
            self._figures.conflated.inc(socket.outbox.conflated)
            if socket.outbox.is_over:
                self._figures.slow.inc()
            await self._methods.leave(socket)

    def _socket(self, scope: Scope, send: Send) -> Socket | BlockSocket:
        services = self._services
        host, limits = scope["client"][0], services.settings.limits
        cookie = services.cookies.token(scope["headers"], SESSION)
        match scope["path"].rstrip("/"):
            case "/ws":
                form = _form(scope)
                return Socket(send=send, form=form, host=host, cookie=cookie, limits=limits, answer=self._answer)
            case "/ws/binary":
                return BlockSocket(
                    send=send,
                    host=host,
                    cookie=cookie,
                    limits=limits,
                    link=services.link,
                    people=services.people,
                    hub=services.hub,
                    sign_ins=services.sign_ins,
                )
            case _:
                raise NotFound("Not found")

    def close_all(self) -> None:
        """We stop: others may be connected to."""
        for socket in list(self._open):
            socket.close(GOING_AWAY, "the gateway stops")

    async def _answer(self, socket: Socket, request: Request) -> object:
        name = request.method if request.method in self._methods.names else "unknown"
        try:
            result = await self._methods.answer(socket, request)
        except GatewayError:
            self._figures.socket_request(name, "refused")
            raise
        except Exception:
            self._figures.socket_request(name, "failed")
            raise
        self._figures.socket_request(name, "ok")
        return result

    def _check_room(self, host: str) -> None:
        limits = self._services.settings.limits
        if len(self._open) >= limits.sockets_max:
            raise Unavailable("too many sockets are open here", hint="try again later")
        factor = limits.loopback_factor if is_loopback(host) else 1
        if self._by_host[host] >= limits.sockets_per_address_max * factor:
            raise TooMany(text="this address has as many sockets as it may")


def _form(scope: Scope) -> Form:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("decimals", ["number"])[-1]
    found = {form.value: form for form in (Form.NUMBER, Form.STRING)}.get(asked)
    if found is None:
        raise BadRequest("decimals is number or string")
    return found
