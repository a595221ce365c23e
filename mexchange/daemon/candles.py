"""The newest candles of one market at every interval, and the channel that tells them as they grow.

Trades are added to the candle of their second alone. That one is folded into the candles of all intervals when its
second is over, so that a trade costs the same however many intervals there are.
"""

from typing import Final

import msgspec

from mexchange.codec import encode
from mexchange.codec.candles import row_of
from mexchange.codec.messages import Candles
from mexchange.daemon.tape import MarketTape
from mexchange.domain.candles import Candle, Interval, at_interval, merge
from mexchange.domain.units import MarketId, Sequence, TimeNs

KEPT: Final = 4
"""Candles of each interval that are remembered, the growing one included; older ones come from the history. Enough
for a subscriber of 1s who hears of a lost block by the next heartbeat."""


class SavedCandles(msgspec.Struct, frozen=True, array_like=True):
    """What has to be kept to go on later."""

    second: Candle | None = None
    """That of the newest second with a trade, while it grows."""
    folded: list[list[Candle]] = []
    """By interval, ascending; each oldest first."""


class MarketCandles:
    """The newest candles of one market. Trades come in order of their ids, which are contiguous."""

    __slots__ = ("_folded", "_second", "market")

    def __init__(self, market: int, saved: SavedCandles | None = None) -> None:
        saved = saved or SavedCandles()
        self.market = MarketId(market)
        self._second = saved.second
        self._folded = saved.folded or [[] for _ in Interval]

    def add(self, candle: Candle) -> None:
        """Take over the next trades, all of one second."""
        second = self._second
        if second is None:
            self._second = candle
        elif second.open_ns == candle.open_ns:
            self._second = merge(second, candle)
        else:
            for interval in Interval:
                self._folded[interval - 1] = _with(self._folded[interval - 1], at_interval(second, interval))
            self._second = candle

    def newest(self, interval: Interval) -> list[Candle]:
        """The last candles with trades, at most `KEPT`, oldest first. The last one may still grow."""
        kept = self._folded[interval - 1]
        return kept if self._second is None else _with(kept, at_interval(self._second, interval))

    def saved(self) -> SavedCandles:
        """Everything."""
        return SavedCandles(self._second, self._folded)


def _with(kept: list[Candle], candle: Candle) -> list[Candle]:
    """The newest candles after one more, which may be a part of the last."""
    if kept and kept[-1].open_ns == candle.open_ns:
        return [*kept[:-1], merge(kept[-1], candle)]
    return [*kept[-KEPT + 1 :], candle]


class CandlesChannel:
    """The candles of one market and interval, told when they grew, at most once per rate class interval."""

    __slots__ = ("_candles", "_interval", "_tape", "_told_ns", "head", "subscription")

    def __init__(self, subscription: int, candles: MarketCandles, tape: MarketTape, interval: Interval) -> None:
        self.subscription = subscription
        self._candles = candles
        self._tape = tape
        self._interval = interval
        self._told_ns = 0
        """Beginning of the last candle that the subscribers know."""
        self.head: int = tape.last_sequence
        """Sequence of the last trade that the subscribers were told."""

    def opening(self) -> list[bytes]:
        """All that are kept."""
        return [self._block(self._candles.newest(self._interval))]

    def flush(self, time_ns: int) -> list[bytes]:
        """The candle that was told last, if it grew, and those since."""
        if self._tape.last_sequence == self.head:
            return []
        candles = [each for each in self._candles.newest(self._interval) if each.open_ns >= self._told_ns]
        self._told_ns, self.head = candles[-1].open_ns, self._tape.last_sequence
        return [self._block(candles)]

    def _block(self, candles: list[Candle]) -> bytes:
        last = self._tape.trades[-1] if self._tape.trades else None
        return encode(
            Candles(
                subscription=self.subscription,
                market=self._candles.market,
                interval=self._interval,
                sequence=last.sequence if last is not None else Sequence(0),
                time_ns=last.time_ns if last is not None else TimeNs(0),
                candles=[row_of(candle) for candle in candles],
            )
        )
