"""What answers look like: orders, trades, balances, markets as the older protocol had them, and what was added.

All decimals are text here.
"""

import uuid
from typing import Final

import msgspec

from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import Balance, Fill, MarketInfo, OrderState
from mexchange.domain import client_id, text
from mexchange.domain.client_id import NO_ID, is_uuid
from mexchange.domain.events import Filled
from mexchange.domain.market import TICK_SCALE, MarketStatus
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, Side
from mexchange.domain.units import Atoms
from mexchange.gateway import ids, times
from mexchange.gateway.decimals import ppm_text, trimmed

BID, ASK = "bid", "ask"
_SIDES: Final = {Side.BUY: BID, Side.SELL: ASK}
TAKER_SIDES: Final = {Side.BUY: "buy", Side.SELL: "sell"}
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


class OwnTrade(msgspec.Struct, frozen=True, kw_only=True):
    """The caller's side of a trade."""

    id: str
    symbol: str
    side: str
    price: str
    quantity: str
    total: str
    fee: str
    settled_at: str
    fee_asset: str
    order_id: str
    trade_id: int
    role: str
    realised: str | None
    account_sequence: int


class BalanceRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller has of one asset."""

    asset: str
    available: str
    locked: str


class Market(msgspec.Struct, frozen=True, kw_only=True):
    """A market and its rules."""

    id: int
    symbol: str
    base: str
    quote: str
    tick_size: str
    lot_size: str
    min_quantity: str
    max_quantity: str
    min_notional: str
    band: str
    maker_fee: str
    taker_fee: str
    reference_price: str
    status: str
    price_decimals: int
    quantity_decimals: int


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """An asset."""

    symbol: str
    scale: int
    display_decimals: int


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


def trade_of_fill(fill: Fill, markets: Markets) -> OwnTrade:
    """From the history."""
    return _own_trade(
        markets,
        market=fill.market,
        side=Side(fill.side),
        trade_id=fill.trade_id,
        order_id=fill.order_id,
        price=fill.price,
        quantity=fill.quantity,
        fee=fill.fee,
        time_ns=fill.time_ns,
        is_maker=bool(fill.is_maker),
        account_sequence=fill.account_sequence,
        realised=fill.realised,
    )


def trade_of_event(event: Filled, markets: Markets, now_ns: int) -> OwnTrade:
    """As it happens."""
    return _own_trade(
        markets,
        market=event.market,
        side=event.side,
        trade_id=event.trade_id,
        order_id=event.order_id,
        price=event.price,
        quantity=event.quantity,
        fee=event.fee,
        time_ns=now_ns,
        is_maker=event.is_maker,
        account_sequence=event.account_sequence,
        realised=None,
    )


def _own_trade(
    markets: Markets,
    *,
    market: int,
    side: Side,
    trade_id: int,
    order_id: int,
    price: int,
    quantity: int,
    fee: int,
    time_ns: int,
    is_maker: bool,
    account_sequence: int,
    realised: int | None,
) -> OwnTrade:
    info = markets[market]
    received, quote = markets.received_asset(market, side), markets.asset(info.quote)
    total = Atoms(price * quantity * info.atoms_per_tick_lot)
    return OwnTrade(
        id=ids.trade(market, trade_id),
        symbol=info.symbol,
        side=TAKER_SIDES[side],
        price=markets.show_price(market, price),
        quantity=markets.show_quantity(market, quantity),
        total=trimmed(text.format_amount(total, quote.scale), quote.display_decimals),
        fee=trimmed(text.format_amount(Atoms(fee), received.scale), received.display_decimals),
        settled_at=times.rfc3339(time_ns),
        fee_asset=received.symbol,
        order_id=ids.show(ids.ORDER, order_id),
        trade_id=trade_id,
        role="maker" if is_maker else "taker",
        realised=None if realised is None else trimmed(text.format_amount(Atoms(realised), quote.scale), 2),
        account_sequence=account_sequence,
    )


def amount(atoms: int, asset: int, markets: Markets) -> str:
    """Exactly, with at least the decimals that are shown of that asset."""
    info = markets.asset(asset)
    return trimmed(text.format_amount(Atoms(atoms), info.scale), info.display_decimals)


def balances(rows: list[Balance], markets: Markets) -> list[BalanceRow]:
    """Sorted by the asset's name."""
    found = [
        BalanceRow(
            asset=markets.asset(row.asset).symbol,
            available=amount(row.available, row.asset, markets),
            locked=amount(row.held, row.asset, markets),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: row.asset)


def market(info: MarketInfo, markets: Markets) -> Market:
    """The rules."""
    base, quote = markets.asset(info.base), markets.asset(info.quote)
    price_decimals = text.decimals_of(info.tick_size, TICK_SCALE)

    def lots(value: int) -> str:
        return text.format_quantity(value, info.lot_size, base.scale)

    return Market(
        id=info.market,
        symbol=info.symbol,
        base=base.symbol,
        quote=quote.symbol,
        tick_size=text.format_price(1, info.tick_size),
        lot_size=lots(1),
        min_quantity=lots(info.quantity_min),
        max_quantity=lots(info.quantity_max),
        min_notional=trimmed(text.format_amount(info.notional_min, quote.scale), quote.display_decimals),
        band=ppm_text(info.band_ppm),
        maker_fee=ppm_text(info.maker_ppm),
        taker_fee=ppm_text(info.taker_ppm),
        reference_price=text.format_price(info.reference_price, info.tick_size),
        status=MarketStatus(info.status).name.lower(),
        price_decimals=price_decimals,
        quantity_decimals=text.decimals_of(info.lot_size, base.scale),
    )


def order_type_of(word: str) -> OrderType:
    """`limit`, `market`. Raises KeyError."""
    return {"limit": OrderType.LIMIT, "market": OrderType.MARKET}[word]
