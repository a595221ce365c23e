"""What a chart shows: candles, and the marks of a trader in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from mexchange.domain.candles import Candle, Interval
from mexchange.domain.order import Side


class Indicator(Enum):
    """A line that is computed from the candles. The value is its name on the screen."""

    EMA = "EMA20"
    VWAP = "VWAP"


class FillMark(NamedTuple):
    """An own fill."""

    time_ns: int
    side: Side
    price: int


class OrderMark(NamedTuple):
    """An own resting order."""

    order_id: int
    side: Side
    price: int


@dataclass(slots=True)
class ChartData:
    """Everything, in ticks and lots. The desk may change it and hand over the same object again."""

    interval: Interval = Interval.M1
    candles: Sequence[Candle] = ()
    """Oldest first, without the growing one; holes are shown as holes."""
    live: Candle | None = None
    """The one that grows."""
    last_price: int = 0
    """0: nothing has been traded."""
    last_side: Side | None = None
    countdown_ns: int = 0
    """Until the growing candle is done; 0: not shown."""
    fills: Sequence[FillMark] = ()
    orders: Sequence[OrderMark] = ()
    alerts: Sequence[int] = ()
    """Prices."""
    indicators: frozenset[Indicator] = frozenset()
    text: str = ""
    """Why there is no candle: `loading`, `no trades yet`."""
    is_complete: bool = False
    """There are no older candles than these."""
