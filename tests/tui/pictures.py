"""A market as plain data: the same book, trades and candles each time, for everything that draws."""

import random
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from mexchange.codec.messages import Level, Trade
from mexchange.domain.candles import Candle, Interval, of_trade, with_trade
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Sequence, Ticks, TimeNs, TradeId
from mexchange.tui.colours import VARIABLES
from mexchange.tui.widgets.shown import Shown

KCN_EUR = Shown("KCN/EUR", tick_size=10_000_000, lot_size=1, scale=3, base="KCN")
"""Ticks of 0.01, lots of 0.001."""
NOW_NS = 1_795_000_000 * 10**9


class Easel(App[None]):
    """An app that shows one widget and remembers what it posted."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.posted: list[Any] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return VARIABLES

    def compose(self) -> ComposeResult:
        yield self.widget

    def remember(self, message: Message) -> None:
        """The hook of `run_test` that collects what the widget posts, each once."""
        is_own = type(message).__module__.startswith("mexchange.")
        if is_own and not any(message is each for each in self.posted):
            self.posted.append(message)

    def on_mount(self) -> None:
        self.widget.focus()


def level(side: Side, price: int, size: int, orders: int = 1) -> Level:
    return Level(Ticks(price), Lots(size), orders, side)


def book(levels: int = 40, *, bid: int = 99957, ask: int = 99980, seed: int = 1) -> tuple[list[Level], list[Level]]:
    """Bids and asks, best first, with a few holes."""
    chance = random.Random(seed)
    sides = []
    for side, best, step in ((Side.BUY, bid, -1), (Side.SELL, ask, 1)):
        prices = [best + step * index for index in range(levels + levels // 4) if index == 0 or chance.random() < 0.85]
        sides.append([level(side, price, chance.randint(1, 90) * 1000) for price in prices[:levels]])
    return sides[0], sides[1]


def trades(count: int = 100, seed: int = 1) -> list[Trade]:
    """Newest first."""
    chance = random.Random(seed)
    return [
        Trade(
            TradeId(count - index),
            Sequence(count - index),
            TimeNs(NOW_NS - index * 700_000_000),
            Ticks(chance.choice((99957, 99977, 100002, 100022))),
            Lots(chance.randint(1, 40) * 1000),
            chance.choice((Side.BUY, Side.SELL)),
        )
        for index in range(count)
    ]


def candles(count: int = 200, interval: Interval = Interval.M1, seed: int = 1, price: int = 100_000) -> list[Candle]:
    """Oldest first; some minutes are missing."""
    chance = random.Random(seed)
    found: list[Candle] = []
    trade = 0
    for index in range(count):
        begin = interval.open_ns(NOW_NS) - (count - 1 - index) * interval.ns
        if index and chance.random() < 0.04:
            continue
        candle = None
        for part in range(chance.randint(3, 25)):
            trade += 1
            price = max(1, price + chance.randint(-14, 14))
            made: dict[str, Any] = {
                "trade_id": TradeId(trade),
                "price": Ticks(price),
                "quantity": Lots(chance.randint(1, 40) * 1000),
            }
            candle = with_trade(candle, **made) if candle else of_trade(interval, time_ns=begin + part, **made)
        assert candle is not None
        found.append(candle)
    return found
