"""The numbers of one market as text, each made once as long as it is in use."""

from typing import Final

from mexchange.client.markets import Markets
from mexchange.domain import text
from mexchange.domain.market import TICK_SCALE
from mexchange.gateway.decimals import trimmed

CACHED_MAX: Final = 20_000


class MarketText:
    """Ticks and lots to digits."""

    def __init__(self, market: int, markets: Markets) -> None:
        info = markets[market]
        base, quote = markets.asset(info.base), markets.asset(info.quote)
        self.market = market
        self.symbol = info.symbol
        self._tick_size = info.tick_size
        self._lot_size = info.lot_size
        self._atoms_per_tick_lot = info.atoms_per_tick_lot
        self._base_scale = base.scale
        self._quote_scale = quote.scale
        self._price_decimals = text.decimals_of(info.tick_size, TICK_SCALE)
        self._prices: dict[int, str] = {}
        self._quantities: dict[int, str] = {}

    def price(self, ticks: int) -> str:
        """With the decimals of the tick."""
        found = self._prices.get(ticks)
        if found is None:
            if len(self._prices) >= CACHED_MAX:
                self._prices.clear()
            found = self._prices[ticks] = text.format_price(ticks, self._tick_size)
        return found

    def quantity(self, lots: int) -> str:
        """With the decimals of the lot."""
        found = self._quantities.get(lots)
        if found is None:
            if len(self._quantities) >= CACHED_MAX:
                self._quantities.clear()
            found = self._quantities[lots] = text.format_quantity(lots, self._lot_size, self._base_scale)
        return found

    def value(self, ticks_lots: int) -> str:
        """Of a sum of price times quantity, in the quote asset."""
        return self.quote(ticks_lots * self._atoms_per_tick_lot)

    def quote(self, atoms: int) -> str:
        """An amount of the quote asset, without needless zeros."""
        return trimmed(text.format_decimal(atoms, self._quote_scale), 2)

    def middle(self, bid: int, ask: int, *, hundredths: int = 100) -> str:
        """Half of the sum of two prices, times so many hundredths; exactly."""
        value = (bid + ask) * self._tick_size * 5 * hundredths
        return trimmed(text.format_decimal(value, TICK_SCALE + 3), self._price_decimals)

    def difference(self, ticks: int) -> str:
        """Of two prices, with its sign."""
        shown = self.price(abs(ticks))
        return f"-{shown}" if ticks < 0 else shown
