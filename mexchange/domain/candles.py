"""Candles: what a market's trades came to, by the clock. Pure arithmetic; nothing is kept here.

    trades ─► of_trade, with_trade ─► candles of 1s ─► aggregate ─► 1m 5m 15m 1h 4h 1d 1w ─► fill_gaps ─► a chart

A candle holds the trades with open_ns <= time < open_ns + interval. Days begin at midnight UTC, weeks on Mondays. Each
interval is a whole number of every finer one and begins where one of those begins, so that a candle can be made from
the trades or from any finer candles, with the same result. Candles without trades are never kept: a reader who wants
an unbroken row fills the gaps with the close before.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

import msgspec

from mexchange.domain.units import Lots, Ticks, TimeNs, TradeId

SECOND_NS: Final = 1_000_000_000
DAY_NS: Final = 86_400 * SECOND_NS
WEEK_BEGINS_NS: Final = 4 * DAY_NS
"""The first Monday after the Unix epoch, which was a Thursday."""


class Interval(IntEnum):
    """How long a candle is. Numbers are wire format."""

    S1 = 1
    M1 = 2
    M5 = 3
    M15 = 4
    H1 = 5
    H4 = 6
    D1 = 7
    W1 = 8

    @property
    def ns(self) -> int:
        """Its length."""
        return _LENGTHS_NS[self]

    @property
    def text(self) -> str:
        """As people write it: `15m`."""
        return _TEXTS[self]

    @property
    def finer(self) -> "Interval":
        """The next shorter one; S1 is its own."""
        return Interval(max(self - 1, Interval.S1))

    def open_ns(self, time_ns: int) -> TimeNs:
        """Beginning of the candle that holds this time."""
        length, origin = _LENGTHS_NS[self], _ORIGINS_NS[self]
        return TimeNs(time_ns - (time_ns - origin) % length)

    @staticmethod
    def named(text: str) -> "Interval":
        """Inverse of `text`. Raises KeyError."""
        return INTERVALS_BY_TEXT[text]


_TEXTS: Final = {
    Interval.S1: "1s",
    Interval.M1: "1m",
    Interval.M5: "5m",
    Interval.M15: "15m",
    Interval.H1: "1h",
    Interval.H4: "4h",
    Interval.D1: "1d",
    Interval.W1: "1w",
}
_LENGTHS_NS: Final = {
    Interval.S1: SECOND_NS,
    Interval.M1: 60 * SECOND_NS,
    Interval.M5: 300 * SECOND_NS,
    Interval.M15: 900 * SECOND_NS,
    Interval.H1: 3_600 * SECOND_NS,
    Interval.H4: 14_400 * SECOND_NS,
    Interval.D1: DAY_NS,
    Interval.W1: 7 * DAY_NS,
}
_ORIGINS_NS: Final = {interval: WEEK_BEGINS_NS if interval is Interval.W1 else 0 for interval in Interval}
INTERVALS_BY_TEXT: Final = {text: interval for interval, text in _TEXTS.items()}

assert all(_LENGTHS_NS[interval] % _LENGTHS_NS[interval.finer] == 0 for interval in Interval)
assert all((_ORIGINS_NS[each] - _ORIGINS_NS[each.finer]) % _LENGTHS_NS[each.finer] == 0 for each in Interval)


class Candle(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The trades of one market in one interval, at least one; or a gap, with `trades` 0 and the close before."""

    open_ns: TimeNs
    """When it begins; it ends one interval later."""
    open: Ticks
    high: Ticks
    low: Ticks
    close: Ticks
    volume: int
    """Lots, of any size: may exceed 64 bits."""
    turnover: int
    """Ticks * lots, of any size: times the market's atoms_per_tick_lot it is quote atoms."""
    trades: int
    first_trade_id: TradeId
    """Of the first trade; 0 in a gap."""
    last_trade_id: TradeId


def of_trade(interval: Interval, *, trade_id: TradeId, time_ns: int, price: Ticks, quantity: Lots) -> Candle:
    """The candle of one trade."""
    open_ns = interval.open_ns(time_ns)
    return Candle(open_ns, price, price, price, price, quantity, price * quantity, 1, trade_id, trade_id)


def with_trade(candle: Candle, *, trade_id: TradeId, price: Ticks, quantity: Lots) -> Candle:
    """The candle after the next trade, whose time must lie within it."""
    assert trade_id > candle.last_trade_id
    return Candle(
        candle.open_ns,
        candle.open,
        max(candle.high, price),
        min(candle.low, price),
        price,
        candle.volume + quantity,
        candle.turnover + price * quantity,
        candle.trades + 1,
        candle.first_trade_id,
        trade_id,
    )


def merge(earlier: Candle, later: Candle) -> Candle:
    """One candle of two whose trades follow each other, with the beginning of the earlier one. Neither is a gap."""
    assert earlier.last_trade_id < later.first_trade_id
    return Candle(
        earlier.open_ns,
        earlier.open,
        max(earlier.high, later.high),
        min(earlier.low, later.low),
        later.close,
        earlier.volume + later.volume,
        earlier.turnover + later.turnover,
        earlier.trades + later.trades,
        earlier.first_trade_id,
        later.last_trade_id,
    )


def at_interval(candle: Candle, interval: Interval) -> Candle:
    """The same trades as (part of) a candle of a longer interval."""
    return msgspec.structs.replace(candle, open_ns=interval.open_ns(candle.open_ns))


def aggregate(finer: Iterable[Candle], interval: Interval) -> Iterator[Candle]:
    """Candles of `interval` from ascending candles of that or any finer interval. Gaps among those are left out."""
    current: Candle | None = None
    for each in finer:
        if not each.trades:
            continue
        candle = at_interval(each, interval)
        if current is None:
            current = candle
        elif current.open_ns == candle.open_ns:
            current = merge(current, candle)
        else:
            assert current.open_ns < candle.open_ns
            yield current
            current = candle
    if current is not None:
        yield current


def gap(open_ns: TimeNs, close: Ticks) -> Candle:
    """A candle in which nothing was traded: flat at the close before it."""
    return Candle(open_ns, close, close, close, close, 0, 0, 0, TradeId(0), TradeId(0))


def fill_gaps(
    candles: Iterable[Candle], interval: Interval, *, close_before: Ticks, first_ns: int, until_ns: int
) -> Iterator[Candle]:
    """Ascending candles without a hole: from that which holds `first_ns` to the last that begins before `until_ns`.

    `close_before` is the last price before `first_ns`. While it is 0 nothing has ever been traded, and no candle is
    made up. Candles outside the range are an error of the caller. Lazy: a long silence costs only what is read.
    """
    open_ns, close = interval.open_ns(first_ns), close_before
    for candle in candles:
        assert open_ns <= candle.open_ns < until_ns
        if close:
            yield from _gaps(open_ns, candle.open_ns, interval, close)
        yield candle
        open_ns, close = TimeNs(candle.open_ns + interval.ns), candle.close
    if close:
        yield from _gaps(open_ns, until_ns, interval, close)


def _gaps(open_ns: int, until_ns: int, interval: Interval, close: Ticks) -> Iterator[Candle]:
    for begin_ns in range(open_ns, until_ns, interval.ns):
        yield gap(TimeNs(begin_ns), close)
