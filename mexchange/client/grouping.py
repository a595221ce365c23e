"""Price levels put together, as the server does for a channel that asks for it."""

from collections.abc import Iterable

from mexchange.codec.messages import Level
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Ticks, div_ceil


def grouped(levels: Iterable[Level], group_ticks: int, depth: int) -> list[Level]:
    """The best `depth` levels of one side, given best first. Asks are rounded up and bids down, so sides never meet."""
    found: list[Level] = []
    for level in levels:
        price = _group_of(level, group_ticks)
        if found and found[-1].price == price:
            last = found[-1]
            found[-1] = Level(price, Lots(last.quantity + level.quantity), last.orders + level.orders, level.side)
        elif len(found) == depth:
            break
        else:
            found.append(Level(price, level.quantity, level.orders, level.side))
    return found


def _group_of(level: Level, group_ticks: int) -> Ticks:
    sign = -1 if level.side == Side.BUY else 1
    return Ticks(sign * div_ceil(sign * level.price, group_ticks) * group_ticks)
