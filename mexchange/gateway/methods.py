"""The methods of the JSON WebSocket, one table."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import msgspec

from mexchange.client.orders import OwnOrder
from mexchange.gateway import ids, shapes, trading
from mexchange.gateway.bots import Bots, Strategy
from mexchange.gateway.channel_names import PRIVATE
from mexchange.gateway.encoding import encoded, token_of
from mexchange.gateway.errors import BadRequest, GatewayError, Unauthorized
from mexchange.gateway.heartbeat import beat
from mexchange.gateway.hub import Hub
from mexchange.gateway.json_socket import METHOD_NOT_FOUND, Request, Socket
from mexchange.gateway.link import Link
from mexchange.gateway.order_body import AmendBody, CancelAllBody, CancelBody, NewOrder, order_name
from mexchange.gateway.people import People, Person
from mexchange.gateway.sign_in_limits import SignInLimits
from mexchange.gateway.trade_channels import TradesChannel
from mexchange.gateway.trading import Trading
from mexchange.gateway.wire import Wire

T = TypeVar("T")


class AuthParams(msgspec.Struct, frozen=True):
    """Whose token; without one, that of the upgrade's cookie."""

    token: str | None = None


class ChannelsParams(msgspec.Struct, frozen=True):
    """Channels by name, and from where to go on."""

    channels: list[str]
    resume: dict[str, int] = {}


class BotParams(msgspec.Struct, frozen=True):
    """How a bot's strategies do."""

    strategies: list[Strategy]


class SymbolParams(msgspec.Struct, frozen=True):
    """One market, or all."""

    symbol: str | None = None


class Methods:
    """Carries out requests of sockets."""

    def __init__(
        self, *, link: Link, people: People, hub: Hub, trading: Trading, bots: Bots, sign_ins: SignInLimits
    ) -> None:
        self._link = link
        self._people = people
        self._hub = hub
        self._trading = trading
        self._bots = bots
        self._sign_ins = sign_ins
        self._table: Final[dict[str, Callable[[Socket, Request], Awaitable[object]]]] = {
            "public/auth": self._auth,
            "public/subscribe": self._subscribe,
            "private/subscribe": self._subscribe_own,
            "unsubscribe": self._unsubscribe,
            "public/unsubscribe": self._unsubscribe,
            "private/unsubscribe": self._unsubscribe,
            "private/place_order": self._place,
            "private/cancel_order": self._cancel,
            "private/amend_order": self._amend,
            "private/cancel_all": self._cancel_all,
            "private/preview_order": self._preview,
            "private/get_order": self._get_order,
            "private/open_orders": self._open_orders,
            "private/balances": self._balances,
            "private/register_bot": self._register_bot,
            "private/bot_status": self._bot_status,
            "public/ping": self._ping,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """All methods."""
        return tuple(self._table)

    async def answer(self, socket: Socket, request: Request) -> object:
        """The result. Raises what `known` of errors.py knows, and msgspec's errors for parameters."""
        method = self._table.get(request.method)
        if method is None:
            raise GatewayError(f"Method not found: {request.method[:64]}", code="E_METHOD", rpc=METHOD_NOT_FOUND)
        return await method(socket, request)

    async def leave(self, socket: Wire) -> None:
        """The socket is gone."""
        if socket.person is not None:
            socket.person.listeners.pop(socket, None)
        self._bots.leave(socket)
        for channel in list(socket.channels.values()):
            await self._hub.leave(channel, socket)
        socket.channels.clear()

    # Who it is.

    async def _auth(self, socket: Socket, request: Request) -> object:
        params = _params(request, AuthParams)
        token = socket.cookie if params.token is None else token_of(params.token)
        if token is None:
            raise Unauthorized("Invalid or expired token")
        try:
            person = await self._sign_ins.guard(socket.host, lambda: self._people.of_token(token, socket.host))
        except Unauthorized:
            raise Unauthorized("Invalid or expired token") from None
        socket.belong_to(person)
        socket.own.signed_in(self._link.markets)
        shown = encoded(token) if params.token else None
        return {
            "access_token": shown,
            "token_type": "bearer",
            "user_id": ids.show(ids.OWNER, person.owner),
        }

    async def _ping(self, socket: Socket, request: Request) -> object:
        return beat(socket.form, self._link)

    # Channels.

    async def _subscribe(self, socket: Socket, request: Request) -> object:
        params = _params(request, ChannelsParams)
        names = list(dict.fromkeys(params.channels))
        if len({*socket.channels, *names}) > socket.limits.channels_per_socket_max:
            raise GatewayError("too many channels of one socket", code="E_SUBSCRIPTIONS", hint="unsubscribe some first")
        for name in names:
            if name in PRIVATE:
                await self._subscribe_one_of_own(socket, name, params.resume.get(name))
                continue
            channel = await self._hub.join(name, socket)
            socket.outbox.drop(channel)
            socket.channels[name] = channel
            after = params.resume.get(name)
            if after is not None and isinstance(channel, TradesChannel):
                text = channel.resumed(socket.form, after)
            else:
                text = channel.snapshot(socket.form)
            if text is not None:
                socket.put_text(text)
        return params.channels

    async def _subscribe_own(self, socket: Socket, request: Request) -> object:
        params = _params(request, ChannelsParams)
        _person(socket)
        for name in dict.fromkeys(params.channels):
            await self._subscribe_one_of_own(socket, name, params.resume.get(name))
        return params.channels

    async def _subscribe_one_of_own(self, socket: Socket, name: str, after: int | None) -> None:
        _person(socket)
        await socket.own.join(name, after)

    async def _unsubscribe(self, socket: Socket, request: Request) -> object:
        params = _params(request, ChannelsParams)
        for name in params.channels:
            socket.own.leave(name)
            channel = socket.channels.pop(name, None)
            if channel is not None:
                await self._hub.leave(channel, socket)
                socket.outbox.drop(channel)
        return params.channels

    # Orders.

    async def _place(self, socket: Socket, request: Request) -> object:
        person = _person(socket)
        answer, order = await self._trading.place(person, _params(request, NewOrder))
        return {
            **self._brief(order),
            "client_order_id": trading.shown_name(order),
            "sequence": answer.sequence,
            "duplicate": answer.duplicate,
        }

    async def _cancel(self, socket: Socket, request: Request) -> object:
        person = _person(socket)
        return self._brief(await self._trading.cancel(person, _params(request, CancelBody)))

    async def _amend(self, socket: Socket, request: Request) -> object:
        person = _person(socket)
        answer, order = await self._trading.amend(person, _params(request, AmendBody))
        shown = self._trading.shown(order)
        return {
            **self._brief(order),
            "quantity": shown.quantity,
            "price": shown.price,
            "sequence": answer.sequence,
        }

    async def _cancel_all(self, socket: Socket, request: Request) -> object:
        person = _person(socket)
        return {"cancelled": await self._trading.cancel_all(person, _params(request, CancelAllBody))}

    async def _preview(self, socket: Socket, request: Request) -> object:
        person = _person(socket)
        return await self._trading.preview(person, _params(request, NewOrder))

    async def _get_order(self, socket: Socket, request: Request) -> object:
        person = _person(socket)
        order_id, name = order_name(_params(request, CancelBody))
        return self._trading.shown(await self._trading.find(person, order_id, name))

    async def _open_orders(self, socket: Socket, request: Request) -> object:
        person = _person(socket)
        symbol = _params(request, SymbolParams).symbol
        market = self._link.markets.by_symbol(symbol).market if symbol else 0
        exchange = person.client.exchange
        orders = [self._trading.shown(own) for own in exchange.orders.open.values() if market in (0, own.market)]
        return {"orders": orders, "account_sequence": exchange.stream.next - 1}

    async def _balances(self, socket: Socket, request: Request) -> object:
        state = await _person(socket).client.account()
        rows = shapes.balances(state.balances, self._link.markets)
        return {"balances": rows, "account_sequence": state.account_sequence}

    def _brief(self, order: OwnOrder) -> dict[str, object]:
        shown = self._trading.shown(order)
        return {"order_id": shown.id, "status": shown.status, "filled_quantity": shown.filled_quantity}

    # Bots.

    async def _register_bot(self, socket: Socket, request: Request) -> object:
        self._bots.register(_person(socket).account, socket)
        return "ok"

    async def _bot_status(self, socket: Socket, request: Request) -> object:
        self._bots.told(_person(socket).account, socket, _params(request, BotParams).strategies)
        return "ok"


def _person(socket: Socket) -> Person:
    person = socket.person
    if person is None or person.has_ended:
        raise Unauthorized("Unauthorized", hint="public/auth first")
    return person


def _params(request: Request, kind: type[T]) -> T:
    """Raises msgspec's errors, BadRequest."""
    try:
        return msgspec.json.decode(request.params, type=kind)
    except RecursionError:
        raise BadRequest("the parameters are nested too deeply") from None
