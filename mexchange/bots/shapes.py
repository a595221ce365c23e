"""The demo's markets as the bots see them: what an asset is worth at home, how much is quoted, how much is taken."""

from typing import Final

from mexchange.bots.maker import MakerSettings
from mexchange.bots.taker import TakerSettings
from mexchange.codec.messages import MarketInfo

HOME_PRICES: Final = {"KCN/EUR": 1_000 * 10**9, "BTC/EUR": 60_000 * 10**9, "ETH/EUR": 3_000 * 10**9}
"""In 10^-9 of the quote asset. Any other market is at home where it is when the bots find it."""
LEVEL_UNITS: Final = 1_500
"""Quote units of the maker's best level."""
TAKER_UNITS_MIN: Final = 5
TAKER_UNITS_MAX: Final = 1_200
"""Quote units of the taker's orders; the largest is less than the maker's best level."""

assert TAKER_UNITS_MIN < TAKER_UNITS_MAX < LEVEL_UNITS


def home_price(info: MarketInfo) -> int:
    """The price in ticks that the market's fair price wanders around."""
    nano = HOME_PRICES.get(info.symbol)
    return info.reference_price if nano is None else nano // info.tick_size


def maker_settings(quote_scale: int) -> MakerSettings:
    """For a quote asset with so many decimals."""
    return MakerSettings(level_amount=LEVEL_UNITS * 10**quote_scale)


def taker_settings(quote_scale: int) -> TakerSettings:
    """For a quote asset with so many decimals."""
    return TakerSettings(amount_min=TAKER_UNITS_MIN * 10**quote_scale, amount_max=TAKER_UNITS_MAX * 10**quote_scale)
