"""How much, and at which price: the arithmetic behind a trader's keys and buttons. Integers in, integers out.

Everything rounds so that the order stays affordable: sizes down to whole lots.
"""

from typing import Final

import msgspec

from mexchange.codec.messages import MarketInfo
from mexchange.domain.order import Side
from mexchange.domain.units import PRICE_MAX, QUANTITY_MAX, Atoms, Lots, Ticks, div_floor

HUNDRED: Final = 100


class Flattening(msgspec.Struct, frozen=True, kw_only=True):
    """What selling everything of a market's base comes to."""

    quantity: Lots
    """To sell, at most the largest order."""
    rest: Atoms
    """Base atoms that stay: less than a lot, or beyond the largest order."""


def affordable(market: MarketInfo, side: Side, *, available: int, price: int) -> Lots:
    """The most that `available` (of the asset that pays) is enough for. Fees come out of what is received."""
    per_lot = price * market.atoms_per_tick_lot if side is Side.BUY else market.lot_size
    lots = div_floor(available, per_lot) if per_lot and available > 0 else 0
    return Lots(min(lots, market.quantity_max, QUANTITY_MAX))


def share(market: MarketInfo, side: Side, *, percent: int, available: int, price: int) -> Lots:
    """So many hundredths of what is available, in whole lots."""
    return affordable(market, side, available=div_floor(available * percent, HUNDRED), price=price)


def flattening(market: MarketInfo, *, amount: int) -> Flattening:
    """All of `amount` base atoms, sold in one order."""
    lots = affordable(market, Side.SELL, available=amount, price=0)
    return Flattening(quantity=lots, rest=Atoms(amount - lots * market.lot_size))


def stepped_price(price: int, steps: int) -> Ticks:
    """So many ticks further, within what a price may be."""
    return Ticks(min(max(price + steps, 1), PRICE_MAX))


def stepped_size(quantity: int, steps: int, *, step: int) -> Lots:
    """So many steps further, onto multiples of the step; never below one lot."""
    if quantity % step:
        steps += steps < 0
        quantity -= quantity % step
    return Lots(min(max(quantity + steps * step, 1), QUANTITY_MAX))


def middle(bid: int, ask: int) -> Ticks:
    """Between the two; on the grid, toward the bid. 0: a side is empty."""
    return Ticks(div_floor(bid + ask, 2) if bid and ask else 0)
