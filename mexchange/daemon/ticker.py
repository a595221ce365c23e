"""The ticker: last price, best prices and the statistics of 24 hours of one market, conflated."""

import msgspec

from mexchange.codec import encode
from mexchange.codec.messages import Ticker
from mexchange.daemon.day_statistics import DayStatistics
from mexchange.daemon.ladder import BUY, SELL, Book
from mexchange.domain.units import Sequence, Ticks, TimeNs


class MarketTicker:
    """Everything that a ticker of one market says."""

    __slots__ = ("_book", "atoms_per_tick_lot", "day", "sequence", "status", "time_ns")

    def __init__(self, book: Book) -> None:
        self._book = book
        self.day = DayStatistics()
        self.atoms_per_tick_lot = 0
        """0 until the market's definition is known."""
        self.status = 0
        """A MarketStatus, 0 until known."""
        self.sequence = Sequence(0)
        """Of the last command that changed anything here."""
        self.time_ns = TimeNs(0)

    def message(self, time_ns: int, *, subscription: int = 0, page: int = 1, pages: int = 1) -> Ticker:
        """The ticker at `time_ns`."""
        day = self.day
        day.expire(time_ns)
        return Ticker(
            subscription=subscription,
            market=self._book.market,
            sequence=max(self.sequence, self._book.sequence),
            time_ns=max(self.time_ns, self._book.time_ns),
            last=Ticks(day.last),
            bid=self._book.best(BUY),
            ask=self._book.best(SELL),
            open_24h=Ticks(day.open),
            high_24h=Ticks(day.high),
            low_24h=Ticks(day.low),
            volume_24h=str(day.volume),
            turnover_24h=str(day.turnover * self.atoms_per_tick_lot),
            status=self.status,
            trades_24h=day.trades,
            page=page,
            pages=pages,
        )


class TickerChannel:
    """The ticker of one market, told when it changed, at most once per rate class interval."""

    __slots__ = ("_block", "_ticker", "_told", "head", "subscription")

    def __init__(self, subscription: int, ticker: MarketTicker, time_ns: int) -> None:
        self.subscription = subscription
        self._ticker = ticker
        message = ticker.message(time_ns, subscription=subscription)
        self._told = _content(message)
        self._block = encode(message)
        self.head: int = message.sequence
        """Sequence of the ticker that the subscribers have."""

    def opening(self) -> list[bytes]:
        """What the others have."""
        return [self._block]

    def flush(self, time_ns: int) -> list[bytes]:
        """The ticker now, if it differs from what was told."""
        message = self._ticker.message(time_ns, subscription=self.subscription)
        content = _content(message)
        if content == self._told:
            return []
        self._told, self._block, self.head = content, encode(message), message.sequence
        return [self._block]


def _content(message: Ticker) -> Ticker:
    """What is worth telling: a change deeper in the book moves the sequence alone."""
    return msgspec.structs.replace(message, sequence=Sequence(0), time_ns=TimeNs(0))
