"""The reject that the exchange would give, as far as it can be known before sending: so that a button can say why.

The exchange decides, by its own state; this looks at a market's rules, its status, a balance and the best opposite
price as they were last seen. The order of the checks is that of precedence (domain/rejects.py).
"""

from typing import Final

from mexchange.client.errors import Rejected
from mexchange.client.guard import notional
from mexchange.client.order_cost import protection_price
from mexchange.codec.messages import MarketInfo
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import NOTIONAL_MAX

_STATUS_REASONS: Final[dict[int, RejectReason]] = {
    MarketStatus.CANCEL_ONLY: RejectReason.MARKET_CANCEL_ONLY,
    MarketStatus.HALTED: RejectReason.MARKET_HALTED,
    MarketStatus.CLOSED: RejectReason.MARKET_CLOSED,
}


def closed_reason(status: int) -> RejectReason | None:
    """Why no new order is taken in a market of this status."""
    return _STATUS_REASONS.get(status)


def foreseen(
    order: PlaceOrder, market: MarketInfo, *, status: int, reference: int, opposite: int, available: int | None
) -> Rejected | None:
    """`opposite`: the best price of the other side, 0: none; `available`: of the asset that pays, None: not known."""
    if (reason := closed_reason(status)) is not None:
        return _rejected(order, reason)
    if order.flags & OrderFlag.QUOTE_AMOUNT:
        return _too_dear(order, need=order.quantity, available=available)
    if order.quantity < market.quantity_min:
        return _rejected(order, RejectReason.QUANTITY_BELOW_MIN, market.quantity_min)
    if order.quantity > market.quantity_max:
        return _rejected(order, RejectReason.QUANTITY_ABOVE_MAX, market.quantity_max)
    price = order.price or protection_price(market, order.side, reference)
    worth = notional(market, reference if order.order_type is OrderType.MARKET else price, order.quantity)
    if worth < market.notional_min:
        return _rejected(order, RejectReason.NOTIONAL_BELOW_MIN, market.notional_min)
    if worth > NOTIONAL_MAX:
        return _rejected(order, RejectReason.NOTIONAL_ABOVE_MAX, NOTIONAL_MAX)
    takes = opposite and (price >= opposite if order.side is Side.BUY else price <= opposite)
    if takes and order.flags & OrderFlag.POST_ONLY and not order.flags & OrderFlag.SLIDE:
        return _rejected(order, RejectReason.POST_ONLY_WOULD_TAKE, opposite)
    need = notional(market, price, order.quantity) if order.side is Side.BUY else order.quantity * market.lot_size
    return _too_dear(order, need=need, available=available)


def _too_dear(order: PlaceOrder, *, need: int, available: int | None) -> Rejected | None:
    if available is None or need <= available:
        return None
    return _rejected(order, RejectReason.INSUFFICIENT_FUNDS, available)


def _rejected(order: PlaceOrder, reason: RejectReason, detail: int = 0) -> Rejected:
    return Rejected(reason, detail, client_order_id=order.client_order_id, market=order.market)
