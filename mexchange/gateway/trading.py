"""Orders of somebody who is signed in: one way for REST and WebSocket. Every answer is the engine's, and durable."""

import time
from typing import Final

import msgspec

from mexchange.client.answer import Answer
from mexchange.client.errors import Rejected
from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import MarketInfo
from mexchange.domain import client_id, text
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import CancelOrder
from mexchange.domain.events import Accepted, Done, Event, Filled, MassCancelled
from mexchange.domain.events import Rejected as RejectedEvent
from mexchange.domain.market import TICK_SCALE
from mexchange.domain.order import OrderFlag, Side
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import AccountId, OrderId
from mexchange.gateway import ids, order_body, order_shape, shapes
from mexchange.gateway.decimals import trimmed
from mexchange.gateway.errors import BadRequest, NotFound, TooMany
from mexchange.gateway.link import Link
from mexchange.gateway.order_body import AmendBody, CancelAllBody, CancelBody, NewOrder
from mexchange.gateway.people import Person

DEADLINE_S: Final = 5.0
"""Until the outcome of a command counts as unknown."""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """An order that the engine has taken."""

    order_id: str
    order: order_shape.Order
    duplicate: bool
    sequence: int


class PreviewFill(msgspec.Struct, frozen=True, kw_only=True):
    """What it would trade."""

    price: str
    quantity: str
    fee: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What an order would do now."""

    accepted: bool
    code: str | None = None
    error: str | None = None
    hint: str | None = None
    fills: list[PreviewFill] = []
    filled_quantity: str = "0"
    average_price: str | None = None
    fee: str = "0"
    fee_asset: str | None = None
    rests_quantity: str = "0"
    locked_asset: str | None = None
    locked_amount: str | None = None


class Trading:
    """Carries out what people ask for."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def place(self, person: Person, body: NewOrder) -> tuple[Answer, OwnOrder]:
        """A new order. Raises GatewayError, ClientError, TextError, UnknownMarket, BadClientOrderId."""
        command = order_body.place_order(body, self._link.markets)
        _charge(person)
        answer = await person.client.submit(command, timeout_s=DEADLINE_S)
        return answer, await self._order_of(person, answer)

    async def cancel(self, person: Person, body: CancelBody) -> OwnOrder:
        """Off the book. Raises as `place`; NotFound, BadRequest for an order that is over."""
        order_id, target = order_body.order_name(body)
        command = CancelOrder(AccountId(0), NO_ID, OrderId(order_id), target)
        _charge(person)
        try:
            answer = await person.client.submit(command, timeout_s=DEADLINE_S)
        except Rejected as rejected:
            if rejected.reason is not RejectReason.ORDER_NOT_FOUND:
                raise
            known = await self.find(person, order_id, target)
            status = order_shape.order(known, self._link.markets, 0).status
            raise BadRequest(f"Cannot cancel order with status: {status}", code=rejected.code) from None
        return await self._order_of(person, answer)

    async def amend(self, person: Person, body: AmendBody) -> tuple[Answer, OwnOrder]:
        """Another price or quantity. Raises as `place`."""
        known = await self.find(person, order_body.order_id(body.order_id), NO_ID)
        command = order_body.amend_order(body, known.market, self._link.markets)
        _charge(person)
        answer = await person.client.submit(command, timeout_s=DEADLINE_S)
        return answer, await self._order_of(person, answer)

    async def cancel_all(self, person: Person, body: CancelAllBody) -> int:
        """How many. Raises as `place`."""
        market, side = order_body.scope(body, self._link.markets)
        _charge(person)
        answer = await person.client.mass_cancel(market, side, timeout_s=DEADLINE_S)
        return answer.event.orders if isinstance(answer.event, MassCancelled) else 0

    async def preview(self, person: Person, body: NewOrder) -> Preview:
        """What it would do; nothing changes. Raises as `place`."""
        command = order_body.place_order(body, self._link.markets)
        _charge(person)
        found = await person.client.preview(command, timeout_s=DEADLINE_S)
        account = person.account
        return preview_of([event for event in found.events if event.account == account], self._link.markets)

    async def find(self, person: Person, order_id: int, name: ClientOrderId) -> OwnOrder:
        """An order of theirs. Raises NotFound, ClientError."""
        known = person.client.exchange.orders.get(order_id) if order_id else None
        if known is not None and (known.is_open or known.notional_before is not None):
            return known
        found = await person.client.order(order_id, client_order_id=name, timeout_s=DEADLINE_S)
        if found is None or (order_id == 0 and found.order_id == 0 and found.reject_reason is None):
            raise NotFound("Order not found", code="E_ORDER_NOT_FOUND")
        return found

    async def _order_of(self, person: Person, answer: Answer) -> OwnOrder:
        if answer.order is not None:
            return answer.order
        return await self.find(person, answer.order_id, NO_ID if answer.order_id else answer.client_order_id)

    def shown(self, order: OwnOrder) -> order_shape.Order:
        """For whoever asked."""
        return order_shape.order(order, self._link.markets, self._link.now_ns())

    def placed(self, answer: Answer, order: OwnOrder) -> Placed:
        """The answer of REST."""
        return Placed(
            order_id=ids.show(ids.ORDER, order.order_id),
            order=self.shown(order),
            duplicate=answer.duplicate,
            sequence=answer.sequence,
        )

    def locked(self, order: OwnOrder) -> tuple[str, str]:
        """Asset and amount that an open order holds."""
        markets = self._link.markets
        return held(order.side, order.price, order.leaves if order.is_open else 0, markets[order.market], markets)

    def released(self, order: OwnOrder) -> tuple[str | None, str | None]:
        """Asset and amount that the end of an order gave back, as far as we saw it."""
        markets = self._link.markets
        market = markets[order.market]
        asset = market.quote if order.side is Side.BUY else market.base
        if not order.released:
            return None, None
        return markets.asset(asset).symbol, shapes.amount(order.released, asset, markets)


def held(side: Side, price: int, leaves: int, market: MarketInfo, markets: Markets) -> tuple[str, str]:
    """What an order of so many lots at that price holds."""
    if side is Side.BUY:
        asset, atoms = market.quote, price * leaves * market.atoms_per_tick_lot
    else:
        asset, atoms = market.base, leaves * market.lot_size
    return markets.asset(asset).symbol, shapes.amount(atoms, asset, markets)


def preview_of(events: list[Event], markets: Markets) -> Preview:
    """The account's events as one answer."""
    accepted: Accepted | None = None
    fills: list[Filled] = []
    leaves = 0
    for event in events:
        match event:
            case RejectedEvent():
                row = REJECTS[event.reason]
                return Preview(accepted=False, code=row.code, error=row.text, hint=row.hint)
            case Accepted():
                accepted, leaves = event, event.quantity
            case Filled() if accepted is not None and event.order_id == accepted.order_id:
                fills.append(event)
                leaves = event.leaves
            case Done() if accepted is not None and event.order_id == accepted.order_id:
                leaves = 0
            case _:
                pass
    if accepted is None:
        return Preview(accepted=False, code="E_PREVIEW", error="nothing would come of it")
    return _accepted(accepted, fills, leaves, markets)


def _accepted(accepted: Accepted, fills: list[Filled], leaves: int, markets: Markets) -> Preview:
    market = markets[accepted.market]
    received = markets.received_asset(accepted.market, accepted.side)
    if accepted.flags & OrderFlag.QUOTE_AMOUNT:
        leaves = 0
    asset, amount = held(accepted.side, accepted.price, leaves, market, markets)
    filled = sum(fill.quantity for fill in fills)
    ticks_lots = sum(fill.price * fill.quantity for fill in fills)
    average = None
    if filled:
        digits = text.format_decimal(ticks_lots * market.tick_size // filled, TICK_SCALE)
        average = trimmed(digits, text.decimals_of(market.tick_size, TICK_SCALE))
    return Preview(
        accepted=True,
        fills=[
            PreviewFill(
                price=markets.show_price(accepted.market, fill.price),
                quantity=markets.show_quantity(accepted.market, fill.quantity),
                fee=shapes.amount(fill.fee, received.asset, markets),
            )
            for fill in fills
        ],
        filled_quantity=markets.show_quantity(accepted.market, filled),
        average_price=average,
        fee=shapes.amount(sum(fill.fee for fill in fills), received.asset, markets),
        fee_asset=received.symbol,
        rests_quantity=markets.show_quantity(accepted.market, leaves),
        locked_asset=asset,
        locked_amount=amount,
    )


def _charge(person: Person) -> None:
    """One order of the session's rate. Raises TooMany."""
    now_ns = time.monotonic_ns()
    if not person.orders.take(1, now_ns):
        raise TooMany(person.orders.wait_ns(1, now_ns))


def shown_name(order: OwnOrder) -> str | None:
    """Of the order's own client order id."""
    return client_id.show(order.client_order_id) if order.client_order_id != NO_ID else None
