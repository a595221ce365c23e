"""Integers with names, and the two divisions.

Prices are `Ticks`, quantities `Lots`, money `Atoms`, rates `Ppm`; all are signed 64-bit on the wire. A `NewType`
catches a wrong argument, not a wrong sum: the wrapping call marks the line to review.
"""

from typing import Final, NewType

Ticks = NewType("Ticks", int)
"""A price, as a count of the market's tick size."""
Lots = NewType("Lots", int)
"""A quantity, as a count of the market's lot size."""
Atoms = NewType("Atoms", int)
"""An amount of an asset, in units of 10^-scale."""
Ppm = NewType("Ppm", int)
"""A rate in millionths. Negative fees are rebates."""

AccountId = NewType("AccountId", int)
AssetId = NewType("AssetId", int)
MarketId = NewType("MarketId", int)
OrderId = NewType("OrderId", int)
TradeId = NewType("TradeId", int)
OwnerId = NewType("OwnerId", int)
"""Who stands behind accounts: a random u64 that identity gives. The self-trade key."""
Sequence = NewType("Sequence", int)
"""The journal's clock: one per command, from 1."""
TimeNs = NewType("TimeNs", int)
"""Nanoseconds since the Unix epoch."""

I64_MAX: Final = 2**63 - 1
U64_MAX: Final = 2**64 - 1
U32_MAX: Final = 2**32 - 1
PPM_ONE: Final = 1_000_000
SCALE_MAX: Final = 9
"""Decimals that an asset may have."""
SUPPLY_MAX: Final = Atoms(2**62)
"""No asset has more atoms than this, so that no credit can overflow."""
NOTIONAL_MAX: Final = Atoms(2**62)
PRICE_MAX: Final = Ticks(2**48)
QUANTITY_MAX: Final = Lots(2**48)


def div_floor(numerator: int, denominator: int) -> int:
    """Rounded toward minus infinity. The denominator is positive."""
    assert denominator > 0
    return numerator // denominator


def div_ceil(numerator: int, denominator: int) -> int:
    """Rounded toward plus infinity. The denominator is positive."""
    assert denominator > 0
    return -(-numerator // denominator)
