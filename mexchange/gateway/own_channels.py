"""What a socket is told about its person's account: pushes about orders, and the channels orders, fills, balances.

The pushes come without a subscription, to every socket of the owner, as in the older protocol; the channels carry the
whole records and the account sequence, by which a listener who comes back is told what was missed.
"""

from typing import Final, Protocol

from mexchange.client.errors import GapUnavailable
from mexchange.client.markets import Markets
from mexchange.codec.messages import Balance
from mexchange.domain import client_id
from mexchange.domain.client_id import NO_ID
from mexchange.domain.events import Accepted, Amended, Done, Event, Filled, Prevented, Rejected
from mexchange.domain.order import DoneReason
from mexchange.domain.rejects import REJECTS
from mexchange.gateway import ids, order_shape, shapes
from mexchange.gateway.channel_names import PRIVATE
from mexchange.gateway.errors import BadRequest
from mexchange.gateway.people import Person

RESUMED_MAX: Final = 1_000
"""Events that are replayed; beyond it there is a snapshot with `gap`."""


class Outlet(Protocol):
    """A socket, once somebody is signed in there."""

    person: Person | None

    def put(self, message: dict[str, object]) -> None:
        """Send that."""
        ...


class OwnChannels:
    """Of one socket."""

    def __init__(self, socket: Outlet) -> None:
        self._socket = socket
        self._markets: Markets | None = None
        self._balances: dict[int, Balance] = {}
        self.names: set[str] = set()

    def signed_in(self, markets: Markets) -> None:
        """Whose account it is, is known now."""
        self._markets = markets

    async def join(self, name: str, after: int | None) -> None:
        """Begin with what stands, or with what was missed since `after`. Raises BadRequest, ClientError."""
        if name not in PRIVATE:
            raise BadRequest(f"there is no private channel {name!r}", code="E_CHANNEL", hint=" ".join(PRIVATE))
        person = self._person
        if after is not None and name != "balances":
            if not await self._resume(name, after):
                self._snapshot(name, gap=True)
        else:
            self._snapshot(name)
        if name == "balances":
            self._balances = dict(person.client.exchange.balances.balances)
        self.names.add(name)

    def leave(self, name: str) -> None:
        """Enough of that."""
        self.names.discard(name)

    def events(self, events: list[Event]) -> None:
        """What happened, in order."""
        if self._markets is None:
            return
        for event in events:
            for push in _pushes(event, self._person, self._markets):
                self._socket.put(push)
        self._tell_orders(events)
        self._tell_fills(events)

    def broken(self) -> None:
        """Something was missed for good: what stands now."""
        for name in sorted(self.names):
            self._snapshot(name, gap=True)

    def balances_changed(self) -> None:
        """Those that are others than before."""
        if "balances" not in self.names or self._markets is None:
            return
        now = self._person.client.exchange.balances.balances
        changed = [row for asset, row in now.items() if self._balances.get(asset) != row]
        if changed:
            self._balances = dict(now)
            self._say("balances", {"balances": shapes.balances(changed, self._markets)})

    @property
    def _person(self) -> Person:
        assert self._socket.person is not None
        return self._socket.person

    def _say(self, name: str, notification: dict[str, object], *, sequence: int | None = None) -> None:
        head = self._person.client.exchange.stream.next - 1 if sequence is None else sequence
        self._socket.put({"channel_name": name, "notification": {**notification, "account_sequence": head}})

    def _snapshot(self, name: str, *, gap: bool = False) -> None:
        assert self._markets is not None
        exchange = self._person.client.exchange
        now_ns = self._person.client.server_time_ns()
        found: dict[str, object] = {"snapshot": True}
        if gap:
            found["gap"] = True
        sequence = exchange.stream.next - 1
        match name:
            case "orders":
                found["orders"] = [
                    order_shape.order(own, self._markets, now_ns) for own in exchange.orders.open.values()
                ]
            case "fills":
                found["fills"] = []
            case _:
                found["balances"] = shapes.balances(list(exchange.balances.balances.values()), self._markets)
        self._say(name, found, sequence=sequence)

    async def _resume(self, name: str, after: int) -> bool:
        """Tell the events behind `after`; False: that cannot be done, or is too much."""
        client = self._person.client
        head = client.exchange.stream.next - 1
        if after > head or head - after > RESUMED_MAX:
            return False
        if after == head:
            return True
        try:
            events = await client.events(after + 1, head)
        except GapUnavailable:
            return False
        if name == "orders":
            orders = client.exchange.orders
            if any(orders.get(order_id) is None for order_id in _touched(events)):
                return False  # they ended before this gateway met the account
            self._tell_orders(events, resumed=True)
        else:
            self._tell_fills(events, resumed=True)
        return True

    def _tell_orders(self, events: list[Event], *, resumed: bool = False) -> None:
        if "orders" not in self.names and not resumed:
            return
        assert self._markets is not None
        orders = self._person.client.exchange.orders
        now_ns = self._person.client.server_time_ns()
        found = [own for order_id in _touched(events) if (own := orders.get(order_id)) is not None]
        if found:
            rows = [order_shape.order(own, self._markets, now_ns) for own in found]
            self._say("orders", {"orders": rows}, sequence=events[-1].account_sequence)

    def _tell_fills(self, events: list[Event], *, resumed: bool = False) -> None:
        if "fills" not in self.names and not resumed:
            return
        assert self._markets is not None
        now_ns = self._person.client.server_time_ns()
        fills = [event for event in events if isinstance(event, Filled)]
        if fills:
            rows = [shapes.trade_of_event(fill, self._markets, now_ns) for fill in fills]
            self._say("fills", {"fills": rows}, sequence=events[-1].account_sequence)


def _touched(events: list[Event]) -> dict[int, None]:
    """Orders that these events are about, each once, in order."""
    return {
        event.order_id: None for event in events if isinstance(event, Accepted | Filled | Done | Amended | Prevented)
    }


def _pushes(event: Event, person: Person, markets: Markets) -> list[dict[str, object]]:
    match event:
        case Accepted():
            return [
                {
                    "type": "order_accepted",
                    "order_id": ids.show(ids.ORDER, event.order_id),
                    "client_order_id": _name(event.client_order_id),
                    "symbol": markets[event.market].symbol,
                    "sequence": event.sequence,
                }
            ]
        case Filled() if event.leaves:
            return [_partially_filled(event, person, markets)]
        case Done():
            return [_done(event, person, markets)]
        case Amended():
            return [
                {
                    "type": "order_amended",
                    "order_id": ids.show(ids.ORDER, event.order_id),
                    "client_order_id": _name_of_order(event.order_id, person),
                    "price": markets.show_price(event.market, event.price),
                    "quantity": markets.show_quantity(event.market, event.quantity),
                    "sequence": event.sequence,
                }
            ]
        case Rejected():
            row = REJECTS[event.reason]
            return [
                {
                    "type": "order_rejected",
                    "order_id": ids.show(ids.ORDER, event.order_id) if event.order_id else None,
                    "client_order_id": _name(event.client_order_id),
                    "reason": row.code,
                    "message": row.text,
                }
            ]
        case _:
            return []


def _partially_filled(event: Filled, person: Person, markets: Markets) -> dict[str, object]:
    order = person.client.exchange.orders.get(event.order_id)
    return {
        "type": "order_partially_filled",
        "order_id": ids.show(ids.ORDER, event.order_id),
        "client_order_id": _name_of_order(event.order_id, person),
        "filled_quantity": markets.show_quantity(event.market, order.filled if order else event.quantity),
        "price": markets.show_price(event.market, event.price),
        "quantity": markets.show_quantity(event.market, event.quantity),
        "trade_id": event.trade_id,
        "sequence": event.sequence,
    }


def _done(event: Done, person: Person, markets: Markets) -> dict[str, object]:
    is_filled = event.reason is DoneReason.FILLED
    found: dict[str, object] = {
        "type": "order_filled" if is_filled else "order_cancelled",
        "order_id": ids.show(ids.ORDER, event.order_id),
        "client_order_id": _name_of_order(event.order_id, person),
        "filled_quantity": markets.show_quantity(event.market, event.filled),
        "sequence": event.sequence,
    }
    return found if is_filled else {**found, "reason": event.reason.name.lower()}


def _name(name: bytes) -> str | None:
    return client_id.show(name) if name != NO_ID else None


def _name_of_order(order_id: int, person: Person) -> str | None:
    order = person.client.exchange.orders.get(order_id)
    return _name(order.client_order_id) if order is not None else None
