"""What somebody asks for, in words and decimals, as a command in ticks and lots.

The checks come in the order, and with the words, of the older protocol; whatever else is wrong with an order the
engine says.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, TypeVar

import msgspec

from mexchange.client.markets import Markets
from mexchange.codec.messages import MarketInfo
from mexchange.domain import client_id
from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.commands import AmendOrder, PlaceOrder
from mexchange.domain.market import TICK_SCALE
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.units import PRICE_MAX, AccountId, Lots, OrderId, Ticks, TimeNs
from mexchange.gateway import ids, order_shape, times
from mexchange.gateway.decimals import digits_of
from mexchange.gateway.errors import BadRequest, NotFound

T = TypeVar("T")

SIDES: Final = {"bid": Side.BUY, "buy": Side.BUY, "ask": Side.SELL, "sell": Side.SELL}
_LIVES: Final = {each.name.lower(): each for each in TimeInForce}
_PREVENTIONS: Final = {each.name.lower(): each for each in SelfTradePrevention}
_ME: Final = AccountId(0)


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it is asked for; decimals as numbers or as text."""

    symbol: str
    side: str
    order_type: str = "limit"
    price: Decimal | None = None
    quantity: Decimal | None = None
    quote_amount: Decimal | None = None
    max_slippage_price: Decimal | None = None
    client_order_id: str | None = None
    time_in_force: str | None = None
    expires_at: str | None = None
    post_only: bool = False
    slide: bool = False
    self_trade_prevention: str | None = None


class CancelBody(msgspec.Struct, frozen=True, kw_only=True):
    """Which order, by either name."""

    order_id: str | None = None
    client_order_id: str | None = None


class AmendBody(msgspec.Struct, frozen=True, kw_only=True):
    """New price, new total quantity, or both."""

    order_id: str
    price: Decimal | None = None
    quantity: Decimal | None = None
    expected_filled: Decimal | None = None
    client_order_id: str | None = None


class CancelAllBody(msgspec.Struct, frozen=True, kw_only=True):
    """All orders, of one market, of one side."""

    symbol: str | None = None
    side: str | None = None


def place_order(body: NewOrder, markets: Markets) -> PlaceOrder:
    """The command. Raises BadRequest, UnknownMarket, TextError, BadClientOrderId."""
    _check_finite(body)
    market = _market(body.symbol, markets)
    side = _word(SIDES, body.side, "side must be bid or ask")
    try:
        order_type = order_shape.order_type_of(body.order_type.lower())
    except KeyError:
        raise BadRequest("order_type must be limit or market", code="E_ORDER_TYPE") from None
    quote_amount = _quote_amount(body, side, order_type)
    if order_type is OrderType.LIMIT and body.price is None:
        raise BadRequest("Limit order requires price", code="E_PRICE")
    return PlaceOrder(
        account=_ME,
        client_order_id=_name(body.client_order_id),
        market=market.market,
        side=side,
        quantity=_quantity(body, quote_amount, market, markets),
        price=_limit_or_protection(body, market, markets, side, order_type),
        order_type=order_type,
        time_in_force=_life(body, order_type),
        self_trade_prevention=_word(
            _PREVENTIONS, body.self_trade_prevention or "default", f"self_trade_prevention: {' '.join(_PREVENTIONS)}"
        ),
        flags=_flags(body, quote_amount is not None),
        expiry_ns=TimeNs(times.parse(body.expires_at, "expires_at") if body.expires_at else 0),
    )


def order_name(body: CancelBody) -> tuple[int, ClientOrderId]:
    """Order id, or 0 and the client order id. Raises BadRequest, NotFound, BadClientOrderId."""
    if body.order_id is not None:
        return order_id(body.order_id), NO_ID
    if body.client_order_id is None:
        raise BadRequest("order_id or client_order_id is missing")
    return 0, client_id.parse(body.client_order_id)


def order_id(shown: str) -> int:
    """The number of an order's UUID. Raises NotFound."""
    number = ids.parse(ids.ORDER, shown)
    if not number:
        raise NotFound("Order not found", code="E_ORDER_NOT_FOUND")
    return number


def amend_order(body: AmendBody, market: int, markets: Markets) -> AmendOrder:
    """The command, in the terms of the order's market. Raises as `place_order`."""
    _check_finite(body)
    if body.price is None and body.quantity is None:
        raise BadRequest("price or quantity is missing", code="E_AMEND")
    expected = body.expected_filled
    return AmendOrder(
        account=_ME,
        client_order_id=_name(body.client_order_id),
        order_id=OrderId(order_id(body.order_id)),
        price=Ticks(0) if body.price is None else markets.price(market, digits_of(_above_zero(body.price), "price")),
        quantity=Lots(0) if body.quantity is None else markets.quantity(market, digits_of(body.quantity, "quantity")),
        expected_filled=Lots(-1) if expected is None else _lots_or_none(expected, market, markets),
    )


def scope(body: CancelAllBody, markets: Markets) -> tuple[int, int]:
    """Market and side, 0 for all. Raises BadRequest, UnknownMarket."""
    market = _market(body.symbol, markets).market if body.symbol else 0
    return market, _word(SIDES, body.side, "side must be bid or ask") if body.side else 0


def _check_finite(body: msgspec.Struct) -> None:
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if isinstance(value, Decimal) and not value.is_finite():
            raise BadRequest(f"{name} is not a number")


def _market(symbol: str, markets: Markets) -> MarketInfo:
    if symbol.count("/") != 1 or len(symbol) > 64:
        raise BadRequest("Invalid symbol format (expected BASE/QUOTE)", code="E_SYMBOL")
    return markets.by_symbol(symbol)


def _quote_amount(body: NewOrder, side: Side, order_type: OrderType) -> Decimal | None:
    """Quantity 0 beside a quote amount means the latter."""
    if body.quote_amount is None or body.quantity:
        if body.quantity is None:
            raise BadRequest("Either quantity or quote_amount must be provided", code="E_QUANTITY")
        if body.quantity <= 0:
            raise BadRequest("Quantity must be positive", code="E_QUANTITY")
        if body.quote_amount is not None:
            raise BadRequest("quantity and quote_amount exclude each other", code="E_QUANTITY")
        return None
    if body.quote_amount <= 0:
        raise BadRequest("Quote amount must be positive", code="E_AMOUNT")
    if side is not Side.BUY or order_type is not OrderType.MARKET:
        raise BadRequest(
            "Quote currency orders (quote_amount) are only supported for market buy orders", code="E_ORDER_TYPE"
        )
    if body.max_slippage_price is not None and body.max_slippage_price <= 0:
        raise BadRequest("max_slippage_price must be positive for quote currency orders", code="E_PRICE")
    return body.quote_amount


def _quantity(body: NewOrder, quote_amount: Decimal | None, market: MarketInfo, markets: Markets) -> Lots:
    if quote_amount is not None:
        return Lots(markets.amount(market.quote, digits_of(quote_amount, "quote_amount")))
    assert body.quantity is not None
    return markets.quantity(market.market, digits_of(body.quantity, "quantity"))


def _limit_or_protection(
    body: NewOrder, market: MarketInfo, markets: Markets, side: Side, order_type: OrderType
) -> Ticks:
    if order_type is OrderType.MARKET:
        return _protection(body.max_slippage_price, market, side)
    assert body.price is not None
    return markets.price(market.market, digits_of(_above_zero(body.price), "price"))


def _protection(price: Decimal | None, market: MarketInfo, side: Side) -> Ticks:
    """The worst price, moved to the next tick on the safe side: programs multiply the best price by a rate."""
    if price is None:
        return Ticks(0)
    if price <= 0:
        raise BadRequest("max_slippage_price must be positive", code="E_PRICE")
    digits_of(price, "max_slippage_price")
    rounding = ROUND_FLOOR if side is Side.BUY else ROUND_CEILING
    ticks = int((price * 10**TICK_SCALE / market.tick_size).to_integral_value(rounding))
    if not 0 < ticks <= PRICE_MAX:
        raise BadRequest("max_slippage_price is not a price of this market", code="E_PRICE")
    return Ticks(ticks)


def _above_zero(price: Decimal) -> Decimal:
    if price <= 0:
        raise BadRequest("Price must be positive", code="E_PRICE")
    return price


def _lots_or_none(expected: Decimal, market: int, markets: Markets) -> Lots:
    return Lots(0) if expected == 0 else markets.quantity(market, digits_of(expected, "expected_filled"))


def _life(body: NewOrder, order_type: OrderType) -> TimeInForce:
    if body.time_in_force is not None:
        return _word(_LIVES, body.time_in_force, f"time_in_force must be one of {' '.join(_LIVES)}")
    if order_type is OrderType.MARKET:
        return TimeInForce.IOC
    return TimeInForce.GTD if body.expires_at else TimeInForce.GTC


def _flags(body: NewOrder, is_quote_amount: bool) -> OrderFlag:
    flags = OrderFlag(0)
    if body.post_only or body.slide:
        flags |= OrderFlag.POST_ONLY
    if body.slide:
        flags |= OrderFlag.SLIDE
    return flags | OrderFlag.QUOTE_AMOUNT if is_quote_amount else flags


def _name(shown: str | None) -> ClientOrderId:
    return NO_ID if shown is None else client_id.parse(shown)


def _word(words: dict[str, T], word: str, text: str) -> T:
    found = words.get(word.lower())
    if found is None:
        raise BadRequest(text)
    return found
