"""The tape: the last public trades of each market, and the channel that tells new ones.

A public trade is the taker's Filled record. Trade ids are contiguous per market, so a reader sees each gap.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from mexchange.codec import encode
from mexchange.codec.messages import Trade, Trades
from mexchange.domain.units import MarketId

TRADES_KEPT_MAX: Final = 1_000
"""Of one market; older ones come from the history."""
TRADES_PER_BLOCK_MAX: Final = 22
"""So that a block fits into a datagram: 48 bytes each."""
SYNTHETIC: Final = 1
"""TradeS.flags: made by the seeded prelude of a demo, not by traders."""
SYNTHETIC_OWNER_FIRST: Final = 2**64 - 256
"""Owners from here on belong to the prelude; identity never gives them."""


class MarketTape:
    """The last trades of one market, oldest first."""

    __slots__ = ("market", "trades")

    def __init__(self, market: int) -> None:
        self.market = MarketId(market)
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT_MAX)

    @property
    def last_sequence(self) -> int:
        """Sequence of the last trade, or 0."""
        return self.trades[-1].sequence if self.trades else 0

    def add(self, trades: Sequence[Trade]) -> None:
        """Take over the next trades."""
        assert not self.trades or not trades or trades[0].trade_id > self.trades[-1].trade_id
        self.trades.extend(trades)

    def newest(self, limit: int, before: int = 0) -> list[Trade]:
        """At most `limit` trades with ids below `before` (0: any), newest first."""
        return list(islice(self._below(before), limit))

    def after(self, trade_id: int) -> list[Trade]:
        """The trades with greater ids that are still kept, oldest first."""
        newer: list[Trade] = []
        for trade in reversed(self.trades):
            if trade.trade_id <= trade_id:
                break
            newer.append(trade)
        newer.reverse()
        return newer

    def _below(self, before: int) -> Iterator[Trade]:
        return (trade for trade in reversed(self.trades) if not before or trade.trade_id < before)


class TradesChannel:
    """New trades of one market, told at most once per rate class interval."""

    __slots__ = ("_last_id", "_tape", "head", "subscription")

    def __init__(self, subscription: int, tape: MarketTape) -> None:
        self.subscription = subscription
        self._tape = tape
        self._last_id = tape.trades[-1].trade_id if tape.trades else 0
        self.head: int = tape.last_sequence
        """Sequence of the last trade that the subscribers were told."""

    def opening(self) -> list[bytes]:
        """The last trades that the others know, oldest first: one block."""
        known = self._tape.newest(TRADES_PER_BLOCK_MAX, self._last_id + 1)
        return self._blocks(known[::-1])

    def flush(self, time_ns: int) -> list[bytes]:
        """The trades since the last flush, oldest first."""
        new = self._tape.after(self._last_id)
        if not new:
            return []
        self._last_id, self.head = new[-1].trade_id, new[-1].sequence
        return self._blocks(new)

    def _blocks(self, trades: list[Trade]) -> list[bytes]:
        starts = range(0, max(len(trades), 1), TRADES_PER_BLOCK_MAX)
        return [
            encode(
                Trades(
                    subscription=self.subscription,
                    market=self._tape.market,
                    trades=trades[start : start + TRADES_PER_BLOCK_MAX],
                    page=page,
                    pages=len(starts),
                )
            )
            for page, start in enumerate(starts, 1)
        ]
