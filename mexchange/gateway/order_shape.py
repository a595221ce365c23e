"""What an order looks like in answers, and the words that it is asked for with. All decimals are text."""

import uuid
from typing import Final

import msgspec

from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import MarketInfo, OrderState
from mexchange.domain import client_id, text
from mexchange.domain.client_id import NO_ID, is_uuid
from mexchange.domain.market import TICK_SCALE
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, Side
from mexchange.domain.units import Atoms
from mexchange.gateway import ids, times
from mexchange.gateway.decimals import trimmed

BID, ASK = "bid", "ask"
_SIDES: Final = {Side.BUY: BID, Side.SELL: ASK}
_STATES: Final = {
    OrderState.UNKNOWN: "pending",
    OrderState.OPEN: "open",
    OrderState.PARTIALLY_FILLED: "partially_filled",
    OrderState.FILLED: "filled",
    OrderState.CANCELLED: "cancelled",
    OrderState.REJECTED: "rejected",
    OrderState.EXPIRED: "expired",
    OrderState.FORGOTTEN: "cancelled",
}
AVERAGE_SCALE: Final = 9


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order of the caller."""

    id: str
    symbol: str
    side: str
    order_type: str
    price: str | None
    quantity: str
    filled_quantity: str
    status: str
    created_at: str
    client_order_id: str | None
    time_in_force: str
    post_only: bool
    remaining_quantity: str
    average_price: str | None
    quote_amount: str | None
    expires_at: str | None
    updated_at: str | None
    sequence: int
    reason: str | None


def order(own: OwnOrder, markets: Markets, now_ns: int) -> Order:
    """`now_ns`: for an order whose time nobody has told."""
    market = markets[own.market]
    base, quote = markets.asset(market.base), markets.asset(market.quote)

    def lots(value: int) -> str:
        return text.format_quantity(value, market.lot_size, base.scale)

    by_quote = own.is_quote_amount
    filled = lots(own.filled)
    return Order(
        id=ids.show(ids.ORDER, own.order_id),
        symbol=market.symbol,
        side=_SIDES[own.side],
        order_type=own.order_type.name.lower(),
        price=text.format_price(own.price, market.tick_size) if own.price else None,
        quantity=filled if by_quote else lots(own.quantity),
        filled_quantity=filled,
        status=_STATES[own.state],
        created_at=times.rfc3339(_created_ns(own, now_ns)),
        client_order_id=client_id.show(own.client_order_id) if own.client_order_id != NO_ID else None,
        time_in_force=own.time_in_force.name.lower(),
        post_only=bool(own.flags & OrderFlag.POST_ONLY),
        remaining_quantity=lots(0) if by_quote or not own.is_open else lots(own.leaves),
        average_price=_average(own, market),
        quote_amount=text.format_amount(Atoms(own.quantity), quote.scale) if by_quote else None,
        expires_at=times.maybe(own.expiry_ns),
        updated_at=times.maybe(own.last_ns),
        sequence=own.last_sequence,
        reason=_reason(own),
    )


def _created_ns(own: OwnOrder, now_ns: int) -> int:
    """A UUIDv7 says when it was minted."""
    if own.placed_ns:
        return own.placed_ns
    if own.client_order_id != NO_ID and is_uuid(own.client_order_id):
        name = uuid.UUID(bytes=own.client_order_id)
        if name.version == 7:
            return (name.int >> 80) * 1_000_000
    return now_ns


def _average(own: OwnOrder, market: MarketInfo) -> str | None:
    """Of all fills, rounded down to 10^-9."""
    notional = own.notional(market.atoms_per_tick_lot)
    if not own.filled or notional is None:
        return None
    value = notional * market.tick_size // (own.filled * market.atoms_per_tick_lot)
    return trimmed(text.format_decimal(value, AVERAGE_SCALE), text.decimals_of(market.tick_size, TICK_SCALE))


def _reason(own: OwnOrder) -> str | None:
    if own.reject_reason is not None:
        return own.reject_reason.name.lower()
    if own.done_reason is not None and own.done_reason is not DoneReason.FILLED:
        return own.done_reason.name.lower()
    return None


def order_type_of(word: str) -> OrderType:
    """`limit`, `market`. Raises KeyError."""
    return {"limit": OrderType.LIMIT, "market": OrderType.MARKET}[word]
