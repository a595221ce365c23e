"""Who is signed in, as far as this gateway has met them: for each web session a session of the exchange.

A token that comes with a request is tried at the exchange, which alone knows what it is worth; nothing about people is
kept here that another gateway would need. A session that is not used is closed after a while, and opened again when its
token comes again. When the exchange ends one, its sockets are told and closed.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from mexchange.client.api import Client
from mexchange.client.errors import ClientError, LoginRefused
from mexchange.codec.messages import Login
from mexchange.config.gateway import GatewayLimits
from mexchange.domain.events import Event
from mexchange.gateway.errors import SESSION_ENDED, Unauthorized, Unavailable
from mexchange.gateway.link import PROGRAM, Link, Place
from mexchange.protocol.limits import TokenBucket
from mexchange.protocol.login import LoginContext, WebLogin
from mexchange.telemetry import logs

IDLE_S: Final = 120.0
"""Without a request and without a socket."""
SWEEP_S: Final = 5.0


class Listener(Protocol):
    """A socket of somebody."""

    def own_events(self, events: list[Event]) -> None:
        """What happened to their account, in order."""
        ...

    def own_break(self) -> None:
        """Events are lost for good; orders and balances are right again."""
        ...

    def balances_changed(self) -> None:
        """They have more, or less."""
        ...

    def session_ended(self) -> None:
        """They are signed in no more."""
        ...

    def exchange_moved(self) -> None:
        """The exchange is elsewhere now: come again."""
        ...


class WebToken:
    """The login of a web session, whose token may be replaced by a newer one while it lasts."""

    def __init__(self, place: Place, token: bytes, host: str) -> None:
        self._place = place
        self.token = token
        self._host = host

    def is_at(self, place: Place) -> bool:
        """Is the exchange still there, and the same."""
        was = self._place
        return (was.host, was.port, was.server_key) == (place.host, place.port, place.server_key)

    def message(self, context: LoginContext) -> Login:
        """With the token of now."""
        return WebLogin(self._place.key_id, self._place.seed, self.token, self._host, PROGRAM).message(context)


class Person:
    """Somebody who is signed in."""

    def __init__(self, client: Client, login: WebToken, limits: GatewayLimits) -> None:
        now_ns = time.monotonic_ns()
        self.client = client
        self.login = login
        self.listeners: dict[Listener, None] = {}
        """In the order in which they came."""
        self.used = time.monotonic()
        self.requests = TokenBucket(limits.requests_per_second_per_session, limits.requests_burst_per_session, now_ns)
        self.orders = TokenBucket(limits.orders_per_second_per_session, limits.orders_per_second_per_session, now_ns)
        self.has_ended = False
        self.email: str | None = None
        own = client.exchange.own
        self._stops: list[Callable[[], None]] = [
            own.on_events(self._events),
            own.on_break(lambda _: own.sync.request().on_done(self._broken)),
            own.balances.on_change(lambda: self._each(lambda listener: listener.balances_changed())),
        ]

    @property
    def account(self) -> int:
        """Of the exchange."""
        return self.client.exchange.account

    @property
    def owner(self) -> int:
        """Of the exchange."""
        return self.client.session.owner

    def leave(self) -> None:
        """The exchange is elsewhere."""
        self._each(lambda listener: listener.exchange_moved())

    def end(self) -> None:
        """The exchange says so."""
        if not self.has_ended:
            self.has_ended = True
            self._each(lambda listener: listener.session_ended())

    async def close(self) -> None:
        """No more of this."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        await self.client.close()

    def _broken(self) -> None:
        """A snapshot has taken the place of what was lost."""
        self._each(lambda listener: listener.own_break())

    def _events(self, events: list[Event]) -> None:
        self._each(lambda listener: listener.own_events(events))

    def _each(self, tell: Callable[[Listener], None]) -> None:
        for listener in tuple(self.listeners):
            tell(listener)


class People:
    """Everybody who is signed in here."""

    def __init__(self, link: Link, limits: GatewayLimits) -> None:
        self._link = link
        self._limits = limits
        self._known: OrderedDict[bytes, asyncio.Future[Person]] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._log = logs.get("gateway.people")

    def __len__(self) -> int:
        return len(self._known)

    def start(self) -> None:
        """Begin to look after idle ones."""
        self._task = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Close all."""
        if self._task is not None:
            self._task.cancel()
        for person in self._present():
            await person.close()
        self._known.clear()

    async def of_token(self, token: bytes, host: str) -> Person:
        """Whose token that is; `host`: where they are. Raises Unauthorized, Unavailable."""
        key = _key(token)
        future = self._known.get(key)
        if future is None:
            if len(self._known) >= self._limits.people_max and not self._make_room():
                raise Unavailable("too many people are signed in here", hint="ask again later")
            future = self._known[key] = asyncio.get_running_loop().create_future()
            await self._open(key, future, token, host)
        person = await asyncio.shield(future)
        if person.has_ended:
            raise Unauthorized(SESSION_ENDED, code="E_SESSION")
        person.used = time.monotonic()
        self._known.move_to_end(key)
        return person

    def renewed(self, old: bytes | None, new: bytes) -> None:
        """A refresh gave new tokens: who is here goes on under the new one."""
        future = self._known.pop(_key(old), None) if old else None
        if future is not None and future.done() and future.exception() is None:
            future.result().login.token = new
            self._known[_key(new)] = future

    async def forget(self, token: bytes) -> None:
        """Signed out."""
        future = self._known.pop(_key(token), None)
        if future is not None and future.done() and future.exception() is None:
            future.result().end()
            await future.result().close()

    async def exchange_moved(self) -> None:
        """The link is new: sessions at an address of before are of no use; those at the same one have healed."""
        place = self._link.place
        for key, future in list(self._known.items()):
            if future.done() and future.exception() is None and not future.result().login.is_at(place):
                del self._known[key]
                future.result().leave()
                self._leave(future.result())

    async def _open(self, key: bytes, future: "asyncio.Future[Person]", token: bytes, host: str) -> None:
        try:
            place = self._link.place
            login = WebToken(place, token, host)
            client = await Client.connect(place.connection(login))
            try:
                await client.orders_view()
                await client.balances_view()
            except BaseException:
                await client.close()
                raise
        except BaseException as error:
            self._known.pop(key, None)
            told = _told(error)
            future.set_exception(told)
            future.exception()  # whoever waits gets it; nobody may wait
            if isinstance(error, Exception):
                raise told from None
            raise
        person = Person(client, login, self._limits)
        client.exchange.on_closed(lambda error: self._closed(person, error))
        future.set_result(person)

    def _closed(self, person: Person, error: ClientError) -> None:
        """Nothing goes over that session any more, or we closed it."""
        for key, future in list(self._known.items()):
            if future.done() and future.exception() is None and future.result() is person:
                del self._known[key]
        if isinstance(error, LoginRefused):
            person.end()

    def _present(self) -> Iterable[Person]:
        return [
            future.result()
            for future in self._known.values()
            if future.done() and not future.cancelled() and future.exception() is None
        ]

    def _make_room(self) -> bool:
        """Close the one that was not used for the longest time, if nobody listens there."""
        for key, future in self._known.items():
            if future.done() and future.exception() is None and not future.result().listeners:
                del self._known[key]
                self._leave(future.result())
                return True
        return False

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            now = time.monotonic()
            for person in self._present():
                if not person.listeners and now - person.used > IDLE_S:
                    self._leave(person)

    def _leave(self, person: Person) -> None:
        task = asyncio.ensure_future(person.close())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


def _key(token: bytes) -> bytes:
    """Tokens themselves are not kept as keys: a table of hashes tells nobody anything."""
    return hashlib.sha256(token).digest()


def _told(error: BaseException) -> Exception:
    if isinstance(error, LoginRefused) and not error.retryable:
        return Unauthorized(SESSION_ENDED, code="E_SESSION")
    if isinstance(error, Exception) and not isinstance(error, ClientError):
        return error
    return Unavailable("the exchange does not answer now", hint="ask again shortly")
