"""A place in a recording, and the markets there. Goes forward by applying, elsewhere from the opening of a span.

A place is between moments: behind every moment that was applied. Sans-I/O but for the file; knows no clock.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import chain
from typing import Final

from mexchange.client.errors import DamagedRecording
from mexchange.client.market_state import MarketStates, Unplayable
from mexchange.client.recording import Moment, PastCandles, Recording, Span
from mexchange.codec import decode
from mexchange.codec.blocks import split
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import Message, Trades
from mexchange.domain.candles import Candle, Interval, aggregate


class Playhead:
    """At the beginning of the recording."""

    def __init__(self, recording: Recording) -> None:
        """DamagedRecording when not even the beginning can be read."""
        self.recording: Final = recording
        self.states = MarketStates()
        self.time_ns = 0
        self.sequence = 0
        """Of the last moment that was applied."""
        self._past: dict[tuple[int, Interval], list[PastCandles]] = {}
        self._charted: dict[int, int] = {}
        for past in recording.past():
            self._past.setdefault((past.market, past.interval), []).append(past)
            if past.spans == 0:
                last = past.candles[-1].last_trade_id
                self._charted[past.market] = max(self._charted.get(past.market, 0), last)
        self._number = 0
        self._span = Span(Moment(0, 0, b""), [])
        self._applied = 0
        """Moments of the span."""
        self._load(0)

    @property
    def is_at_end(self) -> bool:
        """Is nothing left to apply. A damaged place is an end."""
        return self._next() is None

    def next_time_ns(self) -> int | None:
        """When the next moment was; None at the end."""
        moment = self._next()
        return None if moment is None else moment.time_ns

    def forward(self) -> list[Message] | None:
        """Apply the next moment; what it said, or None at the end."""
        moment = self._next()
        if moment is None:
            return None
        try:
            messages = self.states.apply(moment.blocks)
        except Unplayable as error:
            self._end_here(str(error))
            return None
        self._applied += 1
        self.time_ns, self.sequence = moment.time_ns, moment.sequence
        return messages

    def backward(self, market: int | None = None) -> bool:
        """Take back the last moment that changed this market, or any, and all behind it; False if there is none."""
        found = self._last(lambda moment: _concerns(moment, market), self._applied)
        if found is not None:
            self._go(*found)
        return found is not None

    def to_sequence(self, sequence: int) -> None:
        """Behind the last moment at or before it; the beginning if there is none."""
        self._load(self.recording.span_at_sequence(sequence))
        while (moment := self._next()) is not None and moment.sequence <= sequence:
            if self.forward() is None:
                return

    def to_time(self, time_ns: int) -> None:
        """Behind the last moment at or before it; the beginning if there is none."""
        self._load(self.recording.span_at_time(time_ns))
        while (moment := self._next()) is not None and moment.time_ns <= time_ns:
            if self.forward() is None:
                return

    def to_next_trade(self, market: int | None = None) -> bool:
        """Behind the next moment with a trade of this market, or of any; False, and nowhere else, if there is none."""
        here = self._number, self._applied
        number: int | None = self._number
        begin = self._applied
        while number is not None and number < self.recording.spans:
            if number != self._number:
                self._load(number)
            for at in range(begin, len(self._span.moments)):
                if _has_trade(self._span.moments[at], market):
                    self._go(number, at + 1)
                    return True
            number, begin = self.recording.span_with_trade(number + 1), 0
        self._go(*here)
        return False

    def to_previous_trade(self, market: int | None = None) -> bool:
        """Behind the last moment with a trade before this place's; False, and nowhere else, if there is none."""
        found = self._last(lambda moment: _has_trade(moment, market), self._applied - 1)
        if found is not None:
            self._go(found[0], found[1] + 1)
        return found is not None

    def _last(self, fits: Callable[[Moment], bool], limit: int) -> tuple[int, int] | None:
        """Span and number of the last moment that fits, before number `limit` of this span."""
        number, moments = self._number, self._span.moments[: max(limit, 0)]
        while True:
            for at in range(len(moments) - 1, -1, -1):
                if fits(moments[at]):
                    return number, at
            if not number:
                return None
            number -= 1
            moments = self.recording.span(number).moments

    def candles(self, market: int, interval: Interval) -> list[Candle]:
        """All up to here, oldest first, without gaps filled; the last one grows."""
        older = self._before(market, interval, recorded=False)
        seconds = self._before(market, Interval.S1, recorded=True)
        growing = self.states.markets[market].seconds if market in self.states.markets else []
        return list(aggregate(chain(older, seconds, growing), interval))

    def _before(self, market: int, interval: Interval, *, recorded: bool) -> Iterable[Candle]:
        return (
            candle
            for past in self._past.get((market, interval), ())
            if (0 < past.spans <= self._number if recorded else past.spans == 0)
            for candle in past.candles
        )

    def _next(self) -> Moment | None:
        """Enters the next span when this one is over."""
        while self._applied == len(self._span.moments):
            if self._number + 1 >= self.recording.spans:
                return None
            try:
                self._span = self.recording.span(self._number + 1)
            except DamagedRecording:
                return None
            self._number, self._applied = self._number + 1, 0
            self.states.take_seconds()  # the recording has them behind the span before
        return self._span.moments[self._applied]

    def _go(self, number: int, applied: int) -> None:
        if number != self._number or applied < self._applied:
            self._load(number)
        while self._applied < applied and self.forward() is not None:
            pass

    def _load(self, number: int) -> None:
        number, span = self._readable(number)
        states = MarketStates()
        try:
            states.apply(span.opening.blocks)
        except Unplayable as error:
            raise DamagedRecording(str(error), offset=0, sequence=span.opening.sequence) from None
        states.take_seconds()
        for market, charted in self._charted.items():
            states[market].charted = charted
        self.states, self._span, self._number, self._applied = states, span, number, 0
        self.time_ns, self.sequence = span.opening.time_ns, span.opening.sequence

    def _readable(self, number: int) -> tuple[int, Span]:
        """This span, or the last one before it that can be read. Reading a damaged one cuts it off."""
        while self.recording.spans:
            number = min(number, self.recording.spans - 1)
            with suppress(DamagedRecording):
                return number, self.recording.span(number)
        assert self.recording.damage is not None
        raise self.recording.damage

    def _end_here(self, what: str) -> None:
        """The blocks do not follow: what comes behind cannot be shown."""
        self.recording.cut_behind(self._number, what, sequence=self.sequence)
        self._span = Span(self._span.opening, self._span.moments[: self._applied])


def concerns(messages: Iterable[Message], market: int | None) -> bool:
    """Does any of them say something of this market."""
    return market is None or any(getattr(message, "market", None) == market for message in messages)


def _concerns(moment: Moment, market: int | None) -> bool:
    return market is None or concerns(_messages(moment), market)


def _has_trade(moment: Moment, market: int | None) -> bool:
    if not any(message_type == MessageType.TRADES for message_type, _, _ in split(moment.blocks)):
        return False
    return concerns((message for message in _messages(moment) if isinstance(message, Trades)), market)


def _messages(moment: Moment) -> list[Message]:
    return [decode(message_type, payload) for message_type, _, payload in split(moment.blocks)]
