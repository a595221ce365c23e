"""What amounts are worth in one asset, at the latest prices that were heard of."""

from mexchange.client.markets import Markets
from mexchange.codec.messages import MarketInfo
from mexchange.domain.portfolio import Quote, Rate, rates_to
from mexchange.domain.units import AssetId, Ticks


class Worth:
    """In `asset`. A market that nothing was heard of counts with the reference price of its rules."""

    def __init__(self, markets: Markets, asset: int) -> None:
        self.asset = AssetId(asset)
        self._quotes = {market.market: quote_of(market, market.reference_price) for market in markets}
        self.markets = markets
        self._rates: dict[AssetId, Rate] | None = None

    def heard(self, market: int, price: int) -> None:
        """The last price of a market; 0: none."""
        if market in self._quotes and price and self._quotes[market].price != price:  # type: ignore[index]
            info = self.markets[market]
            self._quotes[info.market] = quote_of(info, price)
            self._rates = None

    def value(self, asset: int, atoms: int) -> int | None:
        """Atoms of `self.asset`, rounded down; None: no market leads there."""
        if self._rates is None:
            self._rates = rates_to(self.asset, self._quotes.values())
        rate = self._rates.get(AssetId(asset))
        return None if rate is None else rate.value(atoms)


def quote_of(market: MarketInfo, price: int) -> Quote:
    """What the market says at this price in ticks; 0: none."""
    return Quote(
        market=market.market,
        base=market.base,
        quote=market.quote,
        lot_size=market.lot_size,
        atoms_per_tick_lot=market.atoms_per_tick_lot,
        price=Ticks(price),
    )
