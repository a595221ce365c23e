"""The user's own limits, on every way to an order, before anything is sent: worth, distance from the market, grid.

Every front end sends through here, whichever key, click, drag or file the order came from. The exchange checks again,
by its own rules; these are about slips of the hand. The reference is the last price that the caller knows, else the
one that came with the market's rules, which is as old as the connection.
"""

from typing import Final

import msgspec

from mexchange.client.errors import BeyondOwnLimit
from mexchange.client.markets import Markets
from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import MarketInfo
from mexchange.domain import text
from mexchange.domain.commands import AmendOrder, PlaceOrder
from mexchange.domain.order import OrderFlag, OrderType, Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.text import TextError
from mexchange.domain.units import PPM_ONE, PRICE_MAX, QUANTITY_MAX, SUPPLY_MAX, Atoms, MarketId, Ticks

PPM_DECIMALS: Final = 6


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the user allows. None: no limit."""

    max_notional: str | None = None
    """Decimal text in the quote asset: no order is worth more."""
    price_band: str | None = None
    """Decimal text, 0.05 is 5 %: no price is further from the reference, to either side."""
    is_kept_from_giving_away: bool = False
    """May no buy be above, and no sell below, the reference by more than the market's own band. A bid far below the
    market is a wish; one far above it is a slip."""


def guard(order: PlaceOrder, registry: Markets, limits: Limits, reference: int = 0) -> None:
    """Refuse a new order that is off the grid or beyond the limits. Raises BeyondOwnLimit, TextError."""
    market = registry[order.market]
    reference = reference or market.reference_price
    by_amount = bool(order.flags & OrderFlag.QUOTE_AMOUNT)
    if order.order_type is OrderType.LIMIT or order.price:
        _check_price(order.price)
    _check_quantity(order.quantity, SUPPLY_MAX if by_amount else QUANTITY_MAX)
    worth = Atoms(order.quantity) if by_amount else notional(market, order.price or reference, order.quantity)
    _check_worth(market, worth, registry, limits)
    _check_distance(market, order.side, order.price, registry, limits, reference)


def guard_amend(command: AmendOrder, order: OwnOrder, registry: Markets, limits: Limits, reference: int = 0) -> None:
    """The same for what an order becomes by `command`; a price or quantity of 0 stays as it is."""
    market = registry[MarketId(order.market)]
    price, quantity = command.price or order.price, command.quantity or order.quantity
    _check_price(price)
    _check_quantity(quantity, QUANTITY_MAX)
    _check_worth(market, notional(market, price, quantity), registry, limits)
    _check_distance(market, order.side, command.price, registry, limits, reference or market.reference_price)


def notional(market: MarketInfo, price: int, quantity: int) -> Atoms:
    """What so many lots are worth at a price, in quote atoms, exactly."""
    return Atoms(price * quantity * market.atoms_per_tick_lot)


def distance_ppm(price: int, reference: int) -> int:
    """How far a price is from the reference, in millionths of it, rounded up: nothing seems nearer than it is."""
    return -(-abs(price - reference) * PPM_ONE // reference)


def _check_price(price: int) -> None:
    if not 1 <= price <= PRICE_MAX:
        raise TextError(RejectReason.PRICE_INVALID, f"a price is from 1 to {PRICE_MAX:,} ticks, not {price:,}")


def _check_quantity(quantity: int, largest: int) -> None:
    if not 1 <= quantity <= largest:
        raise TextError(RejectReason.QUANTITY_INVALID, f"a quantity is from 1 to {largest:,} lots, not {quantity:,}")


def _check_worth(market: MarketInfo, worth: Atoms, registry: Markets, limits: Limits) -> None:
    if limits.max_notional is None:
        return
    quote = registry.asset(market.quote)
    if worth > registry.amount(quote.asset, limits.max_notional):
        raise BeyondOwnLimit(
            "E_MAX_NOTIONAL",
            f"the order is worth {registry.show_amount(quote.asset, worth)} {quote.symbol}, "
            f"your own limit is {limits.max_notional}",
            hint="raise max_notional in your profile or MX_MAX_NOTIONAL if that is meant",
        )


def _check_distance(
    market: MarketInfo, side: Side, price: Ticks, registry: Markets, limits: Limits, reference: int
) -> None:
    """No price, no distance: the exchange protects market orders by the market's band."""
    if not price:
        return
    away = abs(price - reference) * PPM_ONE
    if limits.price_band is not None and away > reference * text.parse_decimal(limits.price_band, PPM_DECIMALS):
        raise BeyondOwnLimit(
            "E_PRICE_BAND",
            f"{_shown(market, price, registry)} is further from the last price "
            f"{_shown(market, reference, registry)} than your own limit of {limits.price_band} allows",
            hint="raise price_band in your profile if that is meant",
        )
    gives_away = price > reference if side is Side.BUY else price < reference
    if limits.is_kept_from_giving_away and gives_away and away > reference * market.band_ppm:
        raise BeyondOwnLimit(
            "E_PRICE_BAND",
            f"{side.name.lower()} at {_shown(market, price, registry)} is {_percent(away, reference)} % on the losing "
            f"side of the last price {_shown(market, reference, registry)}",
            hint="a price nearer to the market; mx order has no such limit unless you set one",
        )


def _shown(market: MarketInfo, price: int, registry: Markets) -> str:
    return registry.show_price(market.market, price)


def _percent(away: int, reference: int) -> str:
    """`away` is parts per million times the reference."""
    return text.format_decimal(away // reference, 4, 1)
