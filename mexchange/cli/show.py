"""Rows: the same fields, named the same way, wherever an order, a trade or a ticker is printed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from mexchange.cli.output import Column
from mexchange.domain import client_id, order_id
from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.domain.units import MarketId

if TYPE_CHECKING:
    from mexchange.client.markets import Markets
    from mexchange.client.orders import OwnOrder
    from mexchange.codec.messages import MarketInfo, Trade

SIDE_WORDS: Final = {Side.BUY: "buy", Side.SELL: "sell"}
SIDE_MARKS: Final = {Side.BUY: "BUY ▲", Side.SELL: "SELL ▼"}
NS_PER_MS: Final = 1_000_000

ORDER_COLUMNS: Final = (
    Column("id"),
    Column("market"),
    Column("side"),
    Column("type"),
    Column("tif"),
    Column("price", right=True),
    Column("quantity", right=True),
    Column("filled", right=True),
    Column("remaining", right=True),
    Column("status"),
)


def rfc3339(time_ns: int, time_zone: str | None = None) -> str:
    """`2026-11-22T13:42:49.118Z`, in UTC unless a zone is named."""
    moment = datetime.fromtimestamp(time_ns // NS_PER_MS / 1_000, UTC)
    if time_zone is not None and time_zone.upper() != "UTC":
        from zoneinfo import ZoneInfo

        return moment.astimezone(ZoneInfo(time_zone)).isoformat(timespec="milliseconds")
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1_000:03d}Z"


def order_row(order: "OwnOrder", markets: "Markets", *, table: bool) -> dict[str, object]:
    """An order as a row; prices and quantities are decimal text."""
    market = markets[MarketId(order.market)]
    return {
        "id": order_id.show(order.order_id),
        "client_order_id": client_id.show(order.client_order_id),
        "market": market.symbol,
        "side": SIDE_MARKS[order.side] if table else SIDE_WORDS[order.side],
        "type": OrderType(order.order_type).name.lower(),
        "tif": TimeInForce(order.time_in_force).name.lower(),
        **price_fields(markets, market.market, order.order_type, order.price),
        "quantity": order_quantity(markets, market, order.quantity, order.flags),
        "filled": markets.show_quantity(market.market, order.filled),
        "remaining": order_quantity(markets, market, order.leaves if order.is_open else 0, order.flags),
        "avg_price": markets.show_average(market.market, order.notional(market.atoms_per_tick_lot), order.filled),
        "status": status_word(order),
        "seq": order.last_sequence,
    }


def status_word(order: "OwnOrder") -> str:
    """`open`, `partially_filled`, `filled`, `cancelled`, `rejected`, `expired`, `unknown`."""
    return order.state.name.lower()


def trade_row(trade: "Trade", market: "MarketInfo", markets: "Markets") -> dict[str, object]:
    """A public trade; side is the taker's."""
    row: dict[str, object] = {
        "seq": trade.sequence,
        "market": market.symbol,
        "trade": trade.trade_id,
        "price": markets.show_price(market.market, trade.price),
        "size": markets.show_quantity(market.market, trade.quantity),
        "side": SIDE_WORDS[Side(trade.side)],
        "ts": rfc3339(trade.time_ns),
    }
    if trade.flags & 1:
        row["synthetic"] = True
    return row


def short_id(identifier: bytes) -> str:
    """`0193..c2`: enough of a client order id to recognise it."""
    shown = client_id.show(identifier)
    return shown if len(shown) <= 16 else f"{shown[:4]}..{shown[-2:]}"


def joined(parts: Sequence[str]) -> str:
    """Parts of a line, three blanks apart."""
    return "   ".join(part for part in parts if part)


def price_fields(registry: "Markets", market: int, order_type: int, price: int) -> dict[str, object]:
    """`price` of a limit order; a market order has a `protection_price` instead."""
    shown = registry.show_price(market, price) if price else None
    if order_type == OrderType.MARKET:
        return {"price": None, "protection_price": shown}
    return {"price": shown}


def order_quantity(registry: "Markets", market: "MarketInfo", quantity: int, flags: OrderFlag) -> str:
    """Lots as a quantity; by quote amount, atoms as an amount of the quote asset."""
    if flags & OrderFlag.QUOTE_AMOUNT:
        return registry.show_amount(market.quote, quantity)
    return registry.show_quantity(market.market, quantity)
