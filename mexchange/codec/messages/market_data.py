"""What everybody may see: schemas/market_data.fbs, which has each field's meaning and unit."""

from typing import Final

import msgspec

from mexchange.codec._generated import Channel, RateClass
from mexchange.domain.units import Lots, MarketId, Sequence, Ticks, TimeNs, TradeId

TRADE_SYNTHETIC: Final = 1


class Subscribe(msgspec.Struct, frozen=True):
    """Open a channel."""

    channel: int = Channel.NONE
    market: MarketId = MarketId(0)
    depth: int = 0
    group_ticks: int = 1
    rate: int = RateClass.FAST
    interval: int = 0


class Subscribed(msgspec.Struct, frozen=True):
    """The channel is open under this id."""

    subscription: int = 0
    channel: int = Channel.NONE
    market: MarketId = MarketId(0)
    depth: int = 0
    group_ticks: int = 1
    rate: int = RateClass.FAST
    interval: int = 0


class SubscribeRefused(msgspec.Struct, frozen=True):
    """Why not, for people and as an `E_` code."""

    text: str = ""
    code: str = ""


class Unsubscribe(msgspec.Struct, frozen=True):
    """Close a channel."""

    subscription: int = 0


class Level(msgspec.Struct, frozen=True):
    """All orders at one price; quantity 0: gone."""

    price: Ticks
    quantity: Lots
    orders: int
    side: int


class BookSnapshot(msgspec.Struct, frozen=True):
    """A page of a book, all pages at one sequence."""

    subscription: int = 0
    market: MarketId = MarketId(0)
    sequence: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    checksum: int = 0
    time_ns: TimeNs = TimeNs(0)
    levels: list[Level] = []
    group_ticks: int = 1


class BookDelta(msgspec.Struct, frozen=True):
    """The levels that changed between two sequences, absolute."""

    subscription: int = 0
    market: MarketId = MarketId(0)
    previous_sequence: Sequence = Sequence(0)
    sequence: Sequence = Sequence(0)
    checksum: int = 0
    time_ns: TimeNs = TimeNs(0)
    levels: list[Level] = []
    page: int = 0
    pages: int = 0


class Trade(msgspec.Struct, frozen=True):
    """A public trade; the side is the taker's."""

    trade_id: TradeId
    sequence: Sequence
    time_ns: TimeNs
    price: Ticks
    quantity: Lots
    side: int
    flags: int = 0
    """TRADE_SYNTHETIC: made by the prelude of a demo."""


class Trades(msgspec.Struct, frozen=True):
    """Trades of one market; subscription 0: answer to a TradesQuery, newest first."""

    subscription: int = 0
    market: MarketId = MarketId(0)
    trades: list[Trade] = []
    page: int = 0
    pages: int = 0


class Ticker(msgspec.Struct, frozen=True):
    """A market at a glance; price 0: none. Volumes are decimal text of any size."""

    subscription: int = 0
    market: MarketId = MarketId(0)
    sequence: Sequence = Sequence(0)
    time_ns: TimeNs = TimeNs(0)
    last: Ticks = Ticks(0)
    bid: Ticks = Ticks(0)
    ask: Ticks = Ticks(0)
    open_24h: Ticks = Ticks(0)
    high_24h: Ticks = Ticks(0)
    low_24h: Ticks = Ticks(0)
    volume_24h: str = ""
    turnover_24h: str = ""
    status: int = 0
    trades_24h: int = 0
    page: int = 0
    pages: int = 0


class CandleRow(msgspec.Struct, frozen=True):
    """A candle as it travels, with sums of 128 bits in two halves; `codec.candles` makes candles of it."""

    open_ns: TimeNs
    open: Ticks
    high: Ticks
    low: Ticks
    close: Ticks
    volume_low: int
    volume_high: int
    turnover_low: int
    turnover_high: int
    trades: int
    first_trade_id: TradeId
    last_trade_id: TradeId


class Candles(msgspec.Struct, frozen=True):
    """The last candles of a channel, oldest first, as they stand at `sequence`; the last one grows."""

    subscription: int = 0
    market: MarketId = MarketId(0)
    interval: int = 0
    sequence: Sequence = Sequence(0)
    time_ns: TimeNs = TimeNs(0)
    candles: list[CandleRow] = []
