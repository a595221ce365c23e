"""What an order costs and brings, before it is sent: exact bounds, in integers.

Fees are taken from what a fill pays (docs/ARCHITECTURE.md): a buy receives base less fee, a sell quote less fee. Each
fill rounds its fee up, so many small fills may pay more than one large one. The bound assumes the worst, fills of a
single lot: what is said to arrive at least, does.
"""

from collections.abc import Sequence

import msgspec

from mexchange.client.guard import notional
from mexchange.codec.messages import Level, MarketInfo
from mexchange.domain.order import Side
from mexchange.domain.units import PPM_ONE, PRICE_MAX, AssetId, Atoms, Lots, Ticks, div_ceil, div_floor


class OrderCost(msgspec.Struct, frozen=True, kw_only=True):
    """Atoms. A limit order that fills better gives less or receives more."""

    pays: AssetId
    gives: Atoms
    """Held until it is filled or ends."""
    receives: AssetId
    gross: Atoms
    fee: Atoms
    """At most."""

    @property
    def net(self) -> Atoms:
        """What arrives at least."""
        return Atoms(self.gross - self.fee)

    def after(self, available: int) -> Atoms:
        """What is left to use of the asset that pays; negative: so much is missing."""
        return Atoms(available - self.gives)


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """What a market order would take from these levels."""

    filled: Lots
    ticks_lots: int
    """Price times quantity, summed."""
    worst: Ticks
    """The last price that it would trade at; 0: none."""


def limit_cost(market: MarketInfo, side: Side, *, price: int, quantity: int, fee_ppm: int) -> OrderCost:
    """Of an order that fills as a whole at `price`. Rebates are not counted on."""
    return _cost(market, side, quantity, worth=notional(market, price, quantity), lot_worth=notional(market, price, 1),
                 fee_ppm=fee_ppm)  # fmt: skip


def sweep_cost(market: MarketInfo, side: Side, sweep: Sweep, *, fee_ppm: int) -> OrderCost:
    """Of what a market order takes; an estimate, as the book moves on."""
    worth = Atoms(sweep.ticks_lots * market.atoms_per_tick_lot)
    return _cost(market, side, sweep.filled, worth=worth, lot_worth=notional(market, sweep.worst, 1), fee_ppm=fee_ppm)


def sweep(levels: Sequence[Level], quantity: int, *, side: Side, protection: int) -> Sweep:
    """`levels` of the other side, best first, down to the protection price."""
    filled = ticks_lots = worst = 0
    for level in levels:
        is_beyond = level.price > protection if side is Side.BUY else level.price < protection
        if is_beyond or filled == quantity:
            break
        taken = min(level.quantity, quantity - filled)
        filled, ticks_lots, worst = filled + taken, ticks_lots + taken * level.price, level.price
    return Sweep(filled=Lots(filled), ticks_lots=ticks_lots, worst=Ticks(worst))


def protection_price(market: MarketInfo, side: Side, reference: int) -> Ticks:
    """Where the exchange stops a market order that names no price: the market's band about the last price."""
    if side is Side.BUY:
        return Ticks(min(div_floor(reference * (PPM_ONE + market.band_ppm), PPM_ONE), PRICE_MAX))
    return Ticks(max(div_ceil(reference * (PPM_ONE - market.band_ppm), PPM_ONE), 1))


def fee_ppm(market: MarketInfo, *, may_take: bool, may_rest: bool) -> int:
    """The higher of the rates that the order may meet; 0 instead of a rebate."""
    return max(market.taker_ppm if may_take else 0, market.maker_ppm if may_rest else 0, 0)


def _cost(market: MarketInfo, side: Side, quantity: int, *, worth: int, lot_worth: int, fee_ppm: int) -> OrderCost:
    base = quantity * market.lot_size
    if side is Side.BUY:
        fee = quantity * div_ceil(market.lot_size * fee_ppm, PPM_ONE)
        return OrderCost(
            pays=market.quote, gives=Atoms(worth), receives=market.base, gross=Atoms(base), fee=Atoms(min(fee, base))
        )
    # A lot sold higher pays more fee, and still brings more: the bound at the lowest price holds for what arrives.
    fee = max(quantity * div_ceil(lot_worth * fee_ppm, PPM_ONE), div_ceil(worth * fee_ppm, PPM_ONE))
    return OrderCost(
        pays=market.base, gives=Atoms(base), receives=market.quote, gross=Atoms(worth), fee=Atoms(min(fee, worth))
    )
