"""Candles of a recording that is played: those of the past, and the one that grows with each trade."""

from collections.abc import AsyncIterator, Iterable
from typing import Final

from mexchange.client.stream import Stream
from mexchange.codec.messages import Trade
from mexchange.domain.candles import Candle, Interval, fill_gaps, of_trade, with_trade
from mexchange.domain.units import Ticks

OPENING_CANDLES: Final = 4
"""What a stream of candles begins with, as on the wire."""


class GrowingCandles:
    """Who listens to the candles of a market, and the one that grows."""

    def __init__(self, market: int, interval: Interval, candles: list[Candle]) -> None:
        self.market = market
        self.interval = interval
        self.stream: Stream[Candle] = Stream()
        self.last: Candle | None = None
        self.restart(candles)

    def restart(self, candles: list[Candle]) -> None:
        """Begin again, from these."""
        self.last = candles[-1] if candles else None
        for candle in candles[-OPENING_CANDLES:]:
            self.stream.push(candle)

    def add(self, trades: Iterable[Trade]) -> None:
        """The next trades."""
        for trade in trades:
            if self.last is not None and trade.trade_id <= self.last.last_trade_id:
                continue
            if self.last is not None and self.last.open_ns == self.interval.open_ns(trade.time_ns):
                self.last = with_trade(self.last, trade_id=trade.trade_id, price=trade.price, quantity=trade.quantity)
            else:
                if self.last is not None:
                    self.stream.push(self.last)
                self.last = of_trade(
                    self.interval,
                    trade_id=trade.trade_id,
                    time_ns=trade.time_ns,
                    price=trade.price,
                    quantity=trade.quantity,
                )
        if self.last is not None:
            self.stream.push(self.last)


class ReplayedCandles:
    """`async for candle in ...`, oldest first."""

    def __init__(self, candles: Iterable[Candle]) -> None:
        self._candles = iter(candles)

    def __aiter__(self) -> AsyncIterator[Candle]:
        return self

    async def __anext__(self) -> Candle:
        for candle in self._candles:
            return candle
        raise StopAsyncIteration


def filled(candles: list[Candle], interval: Interval, close: Ticks, first_ns: int, until_ns: int) -> Iterable[Candle]:
    """A chart never begins before the first candle that is known."""
    if not close:
        if not candles:
            return []
        first_ns = candles[0].open_ns
    return fill_gaps(candles, interval, close_before=close, first_ns=first_ns, until_ns=until_ns)
