"""The markets and assets of one exchange, by id and by symbol, and their numbers as text."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from mexchange.codec.messages import AssetInfo, MarketInfo
from mexchange.domain import text
from mexchange.domain.market import TICK_SCALE
from mexchange.domain.order import Side
from mexchange.domain.units import Atoms, Lots, Ticks, div_floor


class UnknownSymbol(KeyError):
    """No market or asset of that name here; `nearest` are names that look like it."""

    code = "E_MARKET_NOT_FOUND"
    hint = "mx markets lists them"
    exit_code = 3

    def __init__(self, kind: str, symbol: str, nearest: list[str]) -> None:
        super().__init__(symbol)
        self.symbol = symbol
        self.nearest = nearest
        self._text = f"there is no {kind} {symbol}" + (f"; did you mean {nearest[0]}?" if nearest else "")

    def __str__(self) -> str:
        return self._text


class UnknownMarket(UnknownSymbol):
    """No such market."""


class UnknownAsset(UnknownSymbol):
    """No such asset."""

    code = "E_ASSET_NOT_FOUND"
    hint = "mx balance lists the assets"


class Markets:
    """Read-only. Iterates over markets in the order of their ids."""

    def __init__(self, markets: Iterable[MarketInfo], assets: Iterable[AssetInfo], sequence: int = 0) -> None:
        self._markets = {market.market: market for market in sorted(markets, key=lambda market: market.market)}
        self._assets = {asset.asset: asset for asset in sorted(assets, key=lambda asset: asset.asset)}
        self._markets_by_symbol = {market.symbol: market for market in self._markets.values()}
        self._assets_by_symbol = {asset.symbol: asset for asset in self._assets.values()}
        self.sequence = sequence

    def __iter__(self) -> Iterator[MarketInfo]:
        return iter(self._markets.values())

    def __len__(self) -> int:
        return len(self._markets)

    def __contains__(self, market: int) -> bool:
        return market in self._markets

    def __getitem__(self, market: int) -> MarketInfo:
        try:
            return self._markets[market]  # type: ignore[index]
        except KeyError:
            raise UnknownMarket("market", f"number {market}", []) from None

    @property
    def assets(self) -> list[AssetInfo]:
        """In the order of their ids."""
        return list(self._assets.values())

    def by_symbol(self, symbol: str) -> MarketInfo:
        """`KCN/EUR`, in any case. Raises UnknownMarket."""
        found = self._markets_by_symbol.get(symbol.upper())
        if found is None:
            raise UnknownMarket("market", symbol, get_close_matches(symbol.upper(), self._markets_by_symbol, 3))
        return found

    def asset(self, asset: int) -> AssetInfo:
        """By id. Raises UnknownAsset."""
        try:
            return self._assets[asset]  # type: ignore[index]
        except KeyError:
            raise UnknownAsset("asset", f"number {asset}", []) from None

    def asset_by_symbol(self, symbol: str) -> AssetInfo:
        """`EUR`, in any case. Raises UnknownAsset."""
        found = self._assets_by_symbol.get(symbol.upper())
        if found is None:
            raise UnknownAsset("asset", symbol, get_close_matches(symbol.upper(), self._assets_by_symbol, 3))
        return found

    def received_asset(self, market: int, side: Side) -> AssetInfo:
        """In which asset a fill pays, and its fee is taken: base for buys, quote for sells."""
        info = self[market]
        return self.asset(info.base if side is Side.BUY else info.quote)

    # Text to integers. All raise domain.text.TextError.

    def price(self, market: int, typed: str) -> Ticks:
        """`999.55` to ticks."""
        return text.parse_price(typed, self[market].tick_size)

    def quantity(self, market: int, typed: str) -> Lots:
        """`5` to lots."""
        info = self[market]
        return text.parse_quantity(typed, info.lot_size, self.asset(info.base).scale)

    def amount(self, asset: int, typed: str) -> Atoms:
        """`10` to atoms."""
        return text.parse_amount(typed, self.asset(asset).scale)

    # Integers to text.

    def show_price(self, market: int, ticks: int, *, thousands: bool = False) -> str:
        """With the decimals of the tick size."""
        return text.format_price(ticks, self[market].tick_size, thousands=thousands)

    def show_quantity(self, market: int, lots: int, *, thousands: bool = False) -> str:
        """With the decimals of the lot size."""
        info = self[market]
        return text.format_quantity(lots, info.lot_size, self.asset(info.base).scale, thousands=thousands)

    def show_amount(self, asset: int, atoms: int, decimals: int | None = None, *, thousands: bool = False) -> str:
        """With the asset's display decimals unless told otherwise."""
        info = self.asset(asset)
        decimals = info.display_decimals if decimals is None else decimals
        return text.format_amount(atoms, info.scale, decimals, thousands=thousands)

    def show_money(self, asset: int, atoms: int) -> str:
        """For people: `4,997.75`, exactly; at least two decimals."""
        return text.format_money(atoms, self.asset(asset).scale)

    def show_average(self, market: int, notional: int | None, filled: int) -> str | None:
        """Quote atoms over lots as a price, with two decimals more than the tick's, rounded down; None: unknown."""
        if filled == 0 or notional is None:
            return None
        info = self[market]
        decimals = text.decimals_of(info.tick_size, TICK_SCALE) + 2
        numerator = notional * info.tick_size * int(10**decimals)
        denominator = filled * info.atoms_per_tick_lot * int(10**TICK_SCALE)
        return text.format_decimal(div_floor(numerator, denominator), decimals)
