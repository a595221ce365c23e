"""What a synthetic asset is worth: a price that wanders like a random walk, stays near home, and needs no memory.

The price is a function of seed, market and time: layers of noise of ever shorter periods, each a straight line between
random points. So the bots of a market agree on it without talking, and after a restart it goes on where it would be.
The sum of the layers bounds how far from home it can get. A walk with state was refused: it would have to be kept
somewhere, and it drifts. Integers only.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

from mexchange.domain.units import PPM_ONE, Ticks, div_floor

LAYERS: Final = ((43_200, 9_000), (10_800, 4_500), (2_700, 2_200), (675, 1_100), (169, 500), (42, 200))
"""(period in seconds, reach in ppm). Moves of an hour are larger than a minute's, and slower."""
BAND_PPM: Final = sum(reach for _, reach in LAYERS)
"""The price never gets farther from home than this."""
S_NS: Final = 1_000_000_000

assert BAND_PPM < 20_000, "a demo market stays within two percent"


def fair_price(*, seed: int, market: int, home: int, time_ns: int) -> Ticks:
    """The price in ticks at a wall time. `home` is the price in ticks that it wanders around."""
    away = sum(
        _noise(seed, market, layer, period * S_NS, reach, time_ns) for layer, (period, reach) in enumerate(LAYERS)
    )
    return Ticks(max(1, home + div_floor(home * away, PPM_ONE)))


def _noise(seed: int, market: int, layer: int, period_ns: int, reach: int, time_ns: int) -> int:
    """A straight line between two random points, in ppm, rounded down."""
    point, passed_ns = divmod(time_ns, period_ns)
    before, after = _point(seed, market, layer, point, reach), _point(seed, market, layer, point + 1, reach)
    return before + div_floor((after - before) * passed_ns, period_ns)


@lru_cache(maxsize=1_024)
def _point(seed: int, market: int, layer: int, point: int, reach: int) -> int:
    """A random number from -reach to reach, the same each time it is asked for."""
    digest = blake2b(f"{seed}/{market}/{layer}/{point}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") % (2 * reach + 1) - reach
