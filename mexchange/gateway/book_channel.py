"""The channel of a book: a window of the best levels, told as a snapshot and then as what changed in it."""

import zlib
from itertools import islice
from typing import Final, TypeAlias

from mexchange.codec.messages import Level, Ticker, Trade
from mexchange.domain.order import Side
from mexchange.gateway.channel_names import Name
from mexchange.gateway.channels import Build, Channel
from mexchange.gateway.decimals import Form, Number, number, seconds
from mexchange.gateway.market_text import MarketText
from mexchange.gateway.shapes import TAKER_SIDES
from mexchange.gateway.sources import BookSource, MarketSource

CHECKED_LEVELS: Final = 25
TRADES_IN_SNAPSHOT: Final = 100

Window: TypeAlias = dict[int, int]
"""Price in ticks to lots, best first."""


class BookChannel(Channel):
    """One window of one book."""

    def __init__(self, name: Name, text: MarketText, book: BookSource, market: MarketSource) -> None:
        super().__init__(name, book, market)
        self._text_of = text
        self._view = book.view
        self._market = market
        self._bids: Window = {}
        self._asks: Window = {}
        self._sequence = 0
        self._time_ns = 0
        self._is_gap = True
        self._trade_id = market.last_trade_id
        self._stats = self._stats_now()
        if self._view.verified:
            self._take()

    def build_snapshot(self, form: Form) -> dict[str, object] | None:
        """The window that the others have, and the last trades."""
        if not self._sequence:
            return None
        trades = [each for each in self._market.trades if each.trade_id <= self._trade_id]
        return {
            "trades": [self._trade(form, each) for each in trades[-TRADES_IN_SNAPSHOT:]],
            "bid_changes": self._changes(form, {}, self._bids),
            "ask_changes": self._changes(form, {}, self._asks),
            **self._rest(form),
            "snapshot": True,
            "previous_sequence": 0,
        }

    def news(self) -> Build | None:
        """What differs from the window that was told. A view with a gap is silent until it is whole again."""
        if not self._view.verified:
            self._is_gap = self._is_gap or self._view.gap
            return None
        trades = self._market.since(self._trade_id)
        before, bids, asks = self._sequence, self._bids, self._asks
        was_gap = self._is_gap
        self._take()
        if was_gap or not before:
            return self.build_snapshot
        told, self._stats = self._stats, self._stats_now()
        if not trades and bids == self._bids and asks == self._asks and told == self._stats:
            self._sequence = before  # nobody was told otherwise
            return None

        def build(form: Form) -> dict[str, object]:
            return {
                "trades": [self._trade(form, each) for each in trades],
                "bid_changes": self._changes(form, bids, self._bids),
                "ask_changes": self._changes(form, asks, self._asks),
                **self._rest(form),
                "previous_sequence": before,
            }

        return build

    def _take(self) -> None:
        """The view's window becomes the one that is told."""
        self._bids = _window(self._view.bids, self.name.depth)
        self._asks = _window(self._view.asks, self.name.depth)
        # What changes twice within one command's sequence is never told apart; trades may move it on by themselves.
        self._sequence = max(self._view.sequence, self._sequence)
        self._time_ns = self._view.time_ns
        self._trade_id = self._market.last_trade_id
        self._is_gap = False

    def _rest(self, form: Form) -> dict[str, object]:
        found: dict[str, object] = {
            "total_bid_amount": number(form, self._text_of.quantity(sum(self._bids.values()))),
            "total_ask_amount": number(form, self._text_of.quantity(sum(self._asks.values()))),
            "time": seconds(form, self._time_ns),
            "sequence": self._sequence,
            "checksum": self._checksum(),
        }
        if self._stats is not None:
            found["stats_24h"] = stats(form, self._stats, self._text_of)
        return found

    def _stats_now(self) -> Ticker | None:
        """The ticker without what changes with every order; a trade that it does not know yet counts at once."""
        ticker = self._market.ticker
        if ticker is None or not ticker.last:
            return None
        last, high, low = ticker.last, ticker.high_24h, ticker.low_24h
        newest = self._market.trades[-1] if self._market.trades else None
        if newest is not None and newest.sequence > ticker.sequence:
            last, high, low = newest.price, max(high, newest.price), min(low, newest.price)
        return Ticker(
            last=last,
            open_24h=ticker.open_24h,
            high_24h=high,
            low_24h=low,
            turnover_24h=ticker.turnover_24h,
        )

    def _changes(self, form: Form, before: Window, now: Window) -> list[list[Number]]:
        price, quantity = self._text_of.price, self._text_of.quantity
        nothing = number(form, "0")
        changed: list[list[Number]] = [
            [number(form, price(ticks)), number(form, quantity(lots)), nothing]
            for ticks, lots in before.items()
            if ticks not in now
        ]
        for ticks, lots in now.items():
            old = before.get(ticks, 0)
            if old != lots:
                old_text = number(form, quantity(old)) if old else nothing
                changed.append([number(form, price(ticks)), old_text, number(form, quantity(lots))])
        return changed

    def _trade(self, form: Form, trade: Trade) -> list[object]:
        return [
            number(form, self._text_of.price(trade.price)),
            number(form, self._text_of.quantity(trade.quantity)),
            TAKER_SIDES[Side(trade.side)],
            seconds(form, trade.time_ns),
            False,
        ]

    def _checksum(self) -> int:
        price, quantity = self._text_of.price, self._text_of.quantity
        levels = (*islice(self._asks.items(), CHECKED_LEVELS), *islice(self._bids.items(), CHECKED_LEVELS))
        return zlib.crc32("|".join(f"{price(ticks)}:{quantity(lots)}" for ticks, lots in levels).encode())


def stats(form: Form, ticker: Ticker, text: MarketText) -> dict[str, object]:
    """The last 24 hours; the volume in the quote asset."""
    return {
        "high_24h": number(form, text.price(ticker.high_24h)),
        "low_24h": number(form, text.price(ticker.low_24h)),
        "volume_24h": number(form, text.quote(int(ticker.turnover_24h or 0))),
        "open_24h": number(form, text.price(ticker.open_24h)),
        "last_price": number(form, text.price(ticker.last)),
        "change_24h": number(form, text.difference(ticker.last - ticker.open_24h)),
    }


def _window(levels: list[Level], depth: int) -> Window:
    return {level.price: level.quantity for level in levels[:depth]}
