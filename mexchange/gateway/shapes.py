"""What answers look like: trades, balances, markets as the older protocol had them, and what was added.

All decimals are text here.
"""

from typing import Final

import msgspec

from mexchange.client.markets import Markets
from mexchange.codec.messages import Balance, Fill, MarketInfo
from mexchange.domain import text
from mexchange.domain.events import Filled
from mexchange.domain.market import TICK_SCALE, MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.units import Atoms
from mexchange.gateway import ids, times
from mexchange.gateway.decimals import ppm_text, trimmed

TAKER_SIDES: Final = {Side.BUY: "buy", Side.SELL: "sell"}


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
