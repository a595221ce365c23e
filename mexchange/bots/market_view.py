"""What a bot knows of one market when it decides. Ticks, lots, atoms."""

import msgspec

from mexchange.codec.messages import MarketInfo
from mexchange.domain.order import Side


class OwnQuote(msgspec.Struct, frozen=True):
    """One of the bot's resting orders."""

    order_id: int
    side: Side
    price: int
    leaves: int
    filled: int


class MarketView(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of one market."""

    info: MarketInfo
    fair: int
    """What the asset is worth, in ticks."""
    best_bid: int
    """Of others; 0: none."""
    best_ask: int
    bid_lots: int
    """What others bid for, as far as the bot sees."""
    ask_lots: int
    base: int
    """What the bot has of the base asset, held part included."""
    quote: int
    """The part of its quote asset that is meant for this market, held part included."""
    orders: tuple[OwnQuote, ...] = ()

    @property
    def base_value(self) -> int:
        """The base asset in quote atoms at the fair price."""
        return self.base // self.info.lot_size * self.fair * self.info.atoms_per_tick_lot

    @property
    def tilt_ppm(self) -> int:
        """How far the bot is from holding half its wealth in either asset: 1,000,000 all base, -1,000,000 all quote."""
        wealth = self.base_value + self.quote
        return (self.base_value - self.quote) * 1_000_000 // wealth if wealth > 0 else 0

    def lots_for(self, amount: int, price: int) -> int:
        """The lots that `amount` quote atoms buy at `price`, rounded down; 0: less than the minimum."""
        lots = amount // (price * self.info.atoms_per_tick_lot) if price > 0 else 0
        return lots if self.lots_min(price) <= lots else 0

    def lots_min(self, price: int) -> int:
        """The least that may be ordered at `price`."""
        notional_lots = -(-self.info.notional_min // (price * self.info.atoms_per_tick_lot))
        return max(self.info.quantity_min, notional_lots, 1)
