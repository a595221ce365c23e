"""Assets, markets and their statuses; the arithmetic that makes prices times quantities exact."""

from enum import IntEnum
from math import gcd
from typing import Final

import msgspec

from mexchange.domain.units import NOTIONAL_MAX, SCALE_MAX, AssetId, Atoms, Lots, MarketId, Ppm

TICK_SCALE: Final = 9
"""Tick sizes are counted in 10^-9 of one unit of the quote asset."""
ATOMS_PER_LOT_MIN: Final = 1_000
"""A lot has at least so many atoms, so that rounding stays small against fees."""
BAND_PPM_DEFAULT: Final = Ppm(50_000)
FEE_PPM_MAX: Final = Ppm(100_000)
FEE_TIER_MAX: Final = 15
MARKETS_MAX: Final = 16_384
ASSETS_MAX: Final = 16_384
OPEN_ORDERS_PER_MARKET: Final = 1_000
"""Of one account in one market."""
OPEN_ORDERS_PER_ACCOUNT: Final = 10_000
PENDING_WITHDRAWALS_MAX: Final = 100
"""Of one account."""
ACCOUNT_NUMBER_MAX: Final = 255
"""An owner has the main account, number 0, and so many sub-accounts."""


class MarketStatus(IntEnum):
    """What may be done in a market. A trader can get out of all of them."""

    OPEN = 1
    CANCEL_ONLY = 2
    """Cancel, mass cancel, amend down."""
    HALTED = 3
    """Cancels and expiry."""
    CLOSED = 4
    """Entering it cancels every order."""


class AccountStatus(IntEnum):
    """What an account may do."""

    ACTIVE = 1
    REDUCE_ONLY = 2
    """May sell and withdraw, not buy."""
    FROZEN = 3
    """May cancel, nothing else."""
    CLOSED = 4
    """Entering it cancels every order; funds may only leave."""


class AccountSetting(IntEnum):
    """What ChangeAccount sets, with the meaning of its value."""

    STATUS = 1
    """An AccountStatus. CLOSED is final."""
    FEE_TIER = 2
    """0 to FEE_TIER_MAX."""
    SELF_TRADE_PREVENTION = 3
    """A SelfTradePrevention other than DEFAULT."""
    OPEN_ORDERS_MAX = 4
    """Open orders over all markets, at most OPEN_ORDERS_PER_ACCOUNT."""
    ORDER_NOTIONAL_MAX = 5
    """Quote atoms of one order; 0 is no limit."""


class Asset(msgspec.Struct, frozen=True):
    """Something that is held and moved. `scale` decimals are kept, `display_decimals` are shown."""

    asset_id: AssetId
    symbol: str
    scale: int
    display_decimals: int
    supply_max: Atoms


class Market(msgspec.Struct, frozen=True):
    """A pair and its rules. `tick_size` in 10^-9 quote units, `lot_size` in base atoms."""

    market_id: MarketId
    symbol: str
    base: AssetId
    quote: AssetId
    tick_size: int
    lot_size: Atoms
    atoms_per_tick_lot: Atoms
    """Quote atoms of one lot at a price of one tick: notional = ticks * lots * atoms_per_tick_lot, exactly."""
    quantity_min: Lots
    quantity_max: Lots
    notional_min: Atoms
    band_ppm: Ppm
    maker_ppm: Ppm
    """Fee of tier 0; other tiers are set by SetFees."""
    taker_ppm: Ppm
    status: MarketStatus


def atoms_per_tick_lot(*, tick_size: int, lot_size: int, base_scale: int, quote_scale: int) -> Atoms | None:
    """Quote atoms of one tick times one lot, or None if that is not a whole number above zero."""
    assert 0 <= base_scale <= SCALE_MAX
    assert 0 <= quote_scale <= SCALE_MAX
    numerator = tick_size * lot_size * 10**quote_scale
    denominator = 10 ** (TICK_SCALE + base_scale)
    if numerator <= 0 or numerator % denominator:
        return None
    return Atoms(numerator // denominator)


def nearest_lot_size(*, tick_size: int, lot_size: int, base_scale: int, quote_scale: int) -> Atoms | None:
    """The smallest lot not below `lot_size` that makes whole quote atoms, or None if there is none below 2^62."""
    step = smallest_exact_lot(tick_size=tick_size, base_scale=base_scale, quote_scale=quote_scale)
    wanted = max(lot_size, ATOMS_PER_LOT_MIN)
    lot = -(-wanted // step) * step
    return Atoms(lot) if lot <= NOTIONAL_MAX else None


def smallest_exact_lot(*, tick_size: int, base_scale: int, quote_scale: int) -> int:
    """Every multiple of this many base atoms makes whole quote atoms at `tick_size`."""
    denominator = int(10 ** (TICK_SCALE + base_scale))
    return denominator // gcd(denominator, tick_size * int(10**quote_scale))


def notional(price: int, quantity: int, market: Market) -> Atoms:
    """Quote atoms of `quantity` lots at `price` ticks. Exact; may exceed NOTIONAL_MAX, which the caller checks."""
    return Atoms(price * quantity * market.atoms_per_tick_lot)
