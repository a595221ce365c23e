"""How the numbers of one market look: integers of the exchange to text, exactly."""

from datetime import UTC, datetime, tzinfo
from typing import Final

import msgspec

from mexchange.codec.messages import AssetInfo, MarketInfo
from mexchange.domain.market import TICK_SCALE
from mexchange.domain.text import decimals_of, format_decimal, format_price, format_quantity
from mexchange.domain.units import div_ceil
from mexchange.tui.plain import narrow

SECOND_NS = 1_000_000_000


class Shown(msgspec.Struct, frozen=True):
    """The scales of one market, and the reader's time zone."""

    symbol: str
    tick_size: int
    """In 10^-9 quote units."""
    lot_size: int
    """In atoms of the base asset."""
    scale: int
    """Decimals of the base asset."""
    base: str = ""
    zone: tzinfo = UTC

    def price(self, ticks: int) -> str:
        """`1,000.26`: with the decimals of the tick size."""
        return format_price(ticks, self.tick_size, thousands=True)

    def middle(self, ticks_sum: int) -> str:
        """Half of the sum of two prices: with one more decimal where the half lies between two ticks."""
        if ticks_sum % 2 == 0:
            return self.price(ticks_sum // 2)
        decimals = decimals_of(self.tick_size * 5, TICK_SCALE + 1)
        return format_decimal(ticks_sum * self.tick_size * 5, TICK_SCALE + 1, decimals, thousands=True)

    def size(self, lots: int) -> str:
        """`27.000`: with the decimals of the lot size."""
        return format_quantity(lots, self.lot_size, self.scale, thousands=True)

    def size_about(self, lots: int) -> str:
        """`33`: whole units of the base asset, rounded up, for what is an estimate anyway."""
        return f"{div_ceil(lots * self.lot_size, 10**self.scale):,}"

    def time(self, time_ns: int) -> str:
        """`22:42:49`, in the reader's zone."""
        return self.moment(time_ns).strftime("%H:%M:%S")

    def moment(self, time_ns: int) -> datetime:
        """A time since the Unix epoch as the reader's calendar has it, to the second."""
        return datetime.fromtimestamp(time_ns // SECOND_NS, self.zone)

    def offset_ns(self, time_ns: int) -> int:
        """How far the reader's zone is ahead of UTC then."""
        offset = self.moment(time_ns).utcoffset()
        return 0 if offset is None else (offset.days * 86_400 + offset.seconds) * SECOND_NS


NO_SHOWN: Final = Shown("", 1, 1, 0)
"""Of no market yet."""


def shown_of(market: MarketInfo, base: AssetInfo, zone: tzinfo = UTC) -> Shown:
    """How this market's numbers look; its names come from the server and are made harmless here."""
    return Shown(
        narrow(market.symbol, 24), market.tick_size, market.lot_size, base.scale, narrow(base.symbol, 12), zone
    )
