"""Markets as the public sees them, moved by blocks alone: what a recording is about, at one moment of it.

The recorder keeps one to write the whole state at the beginning of each span, the player one to show it. Blocks come
in order; a delta that does not fit what stands here is an error of the file, not something to be healed.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

from mexchange.client.book_view import BookView, checksum
from mexchange.client.recorded_fills import OwnFills
from mexchange.client.recorded_orders import OwnOrders
from mexchange.codec import decode, encode
from mexchange.codec.blocks import split
from mexchange.codec.errors import CodecError
from mexchange.codec.messages import (
    AccountPage,
    AssetInfo,
    AssetsPage,
    BookDelta,
    BookSnapshot,
    FillsPage,
    Level,
    MarketInfo,
    MarketsPage,
    Message,
    Ticker,
    Trade,
    Trades,
)
from mexchange.domain.candles import Candle, Interval, merge, of_trade
from mexchange.domain.order import Side
from mexchange.domain.units import AssetId, Lots, MarketId, Sequence, TimeNs

TRADES_KEPT: Final = 200
"""Of each market, the newest: a tall tape."""
LEVELS_PER_BLOCK: Final = 2_000
TRADES_PER_BLOCK: Final = 1_000
DEFINITIONS_PER_BLOCK: Final = 200


class Unplayable(ValueError):
    """Blocks that do not follow from what was before them."""


class MarketState:
    """One market."""

    __slots__ = (
        "asks",
        "bids",
        "book_sequence",
        "book_time_ns",
        "charted",
        "checksum",
        "market",
        "seconds",
        "ticker",
        "trades",
    )

    def __init__(self, market: int) -> None:
        self.market = MarketId(market)
        self.bids: dict[int, Level] = {}
        self.asks: dict[int, Level] = {}
        """By price, in no order."""
        self.book_sequence = 0
        self.book_time_ns = 0
        self.checksum = 0
        """Of the book, by the word of whoever recorded it."""
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT)
        """Oldest first."""
        self.ticker: Ticker | None = None
        self.seconds: list[Candle] = []
        """The trades since somebody took them, by the second, oldest first."""
        self.charted = 0
        """Trades up to this id are in candles that came from elsewhere."""

    def best_bids(self) -> list[Level]:
        """Highest first."""
        return [self.bids[price] for price in sorted(self.bids, reverse=True)]

    def best_asks(self) -> list[Level]:
        """Lowest first."""
        return [self.asks[price] for price in sorted(self.asks)]

    def is_verified(self) -> bool:
        """Is the book what its checksum says."""
        return checksum(self.best_bids(), self.best_asks()) == self.checksum

    def apply_snapshot(self, page: BookSnapshot) -> None:
        """One page; the first begins the book anew."""
        if page.page <= 1:
            self.bids, self.asks = {}, {}
        self._set(page.levels)
        self.book_sequence, self.book_time_ns, self.checksum = page.sequence, page.time_ns, page.checksum

    def apply_delta(self, delta: BookDelta) -> None:
        """One page, in their order. Raises Unplayable."""
        follows = self.book_sequence == (delta.previous_sequence if delta.page <= 1 else delta.sequence)
        if not follows:
            raise Unplayable(
                f"a change of the book from sequence {delta.previous_sequence}, which stands at {self.book_sequence}"
            )
        self._set(delta.levels)
        self.book_sequence, self.book_time_ns, self.checksum = delta.sequence, delta.time_ns, delta.checksum

    def apply_trades(self, trades: Iterable[Trade]) -> None:
        """The next ones, oldest first; those that were here already are passed over."""
        for trade in trades:
            if self.trades and trade.trade_id <= self.trades[-1].trade_id:
                continue
            self.trades.append(trade)
            if trade.trade_id > self.charted:
                self._note_second(trade)

    def show_book(self, view: BookView) -> None:
        """From now on the book is that of the view, which is verified."""
        self.bids = {level.price: level for level in view.bids}
        self.asks = {level.price: level for level in view.asks}
        self.book_sequence, self.book_time_ns, self.checksum = view.sequence, view.time_ns, view.checksum()

    def changes_to(self, view: BookView) -> list[bytes]:
        """The deltas from this book to that of the view, which is verified; none if they are the same."""
        levels = _changed(self.asks, view.asks) + _changed(self.bids, view.bids)
        starts = range(0, len(levels), LEVELS_PER_BLOCK)
        return [
            encode(
                BookDelta(
                    market=self.market,
                    previous_sequence=Sequence(self.book_sequence),
                    sequence=Sequence(view.sequence),
                    checksum=view.checksum(),
                    time_ns=TimeNs(view.time_ns),
                    levels=levels[start : start + LEVELS_PER_BLOCK],
                    page=page,
                    pages=len(starts),
                )
            )
            for page, start in enumerate(starts, 1)
        ]

    def blocks(self) -> list[bytes]:
        """What gives this state to whoever applies it."""
        found = self._book_blocks()
        kept = list(self.trades)
        for start in range(0, len(kept), TRADES_PER_BLOCK):
            found.append(encode(Trades(0, self.market, kept[start : start + TRADES_PER_BLOCK])))
        if self.ticker is not None:
            found.append(encode(self.ticker))
        return found

    def _book_blocks(self) -> list[bytes]:
        levels = self.best_asks() + self.best_bids()
        starts = range(0, max(len(levels), 1), LEVELS_PER_BLOCK)
        return [
            encode(
                BookSnapshot(
                    market=self.market,
                    sequence=Sequence(self.book_sequence),
                    page=number,
                    pages=len(starts),
                    checksum=self.checksum,
                    time_ns=TimeNs(self.book_time_ns),
                    levels=levels[start : start + LEVELS_PER_BLOCK],
                )
            )
            for number, start in enumerate(starts, 1)
        ]

    def _set(self, levels: Iterable[Level]) -> None:
        for level in levels:
            rows = self.bids if level.side == Side.BUY else self.asks
            if level.quantity:
                rows[level.price] = level
            else:
                rows.pop(level.price, None)

    def _note_second(self, trade: Trade) -> None:
        candle = of_trade(
            Interval.S1, trade_id=trade.trade_id, time_ns=trade.time_ns, price=trade.price, quantity=trade.quantity
        )
        if self.seconds and self.seconds[-1].open_ns == candle.open_ns:
            self.seconds[-1] = merge(self.seconds[-1], candle)
        else:
            self.seconds.append(candle)


class MarketStates:
    """All markets of a recording, and their definitions."""

    def __init__(self) -> None:
        self.markets: dict[int, MarketState] = {}
        self.definitions: dict[int, MarketInfo] = {}
        self.assets: dict[int, AssetInfo] = {}
        self.own = OwnOrders()
        self.fills = OwnFills()

    def __getitem__(self, market: int) -> MarketState:
        """The market; made when nothing was heard of it before."""
        state = self.markets.get(market)
        if state is None:
            state = self.markets[market] = MarketState(market)
        return state

    def apply(self, blocks: bytes) -> list[Message]:
        """Whole blocks, in order; the messages that they were. Raises Unplayable."""
        try:
            messages = [decode(message_type, payload) for message_type, _, payload in split(blocks)]
        except CodecError as error:
            raise Unplayable(f"a block that cannot be read: {error}") from None
        for message in messages:
            self._apply(message)
        return messages

    def blocks(self) -> list[bytes]:
        """What gives this state to whoever applies it, whatever they had before."""
        found: list[bytes] = []
        assets, definitions = list(self.assets.values()), list(self.definitions.values())
        for start in range(0, len(assets), DEFINITIONS_PER_BLOCK):
            found.append(encode(AssetsPage(assets[start : start + DEFINITIONS_PER_BLOCK], AssetId(0))))
        for start in range(0, len(definitions), DEFINITIONS_PER_BLOCK):
            found.append(encode(MarketsPage(definitions[start : start + DEFINITIONS_PER_BLOCK], MarketId(0))))
        for market in self.markets.values():
            found += market.blocks()
        return found + self.own.blocks() + self.fills.blocks()

    def take_seconds(self) -> dict[int, list[Candle]]:
        """The trades since the last time by the second, of each market that has any."""
        taken = {number: market.seconds for number, market in self.markets.items() if market.seconds}
        for number in taken:
            self.markets[number].seconds = []
        return taken

    def _apply(self, message: Message) -> None:
        match message:
            case BookDelta():
                self[message.market].apply_delta(message)
            case Trades():
                self[message.market].apply_trades(message.trades)
            case Ticker():
                self[message.market].ticker = message
            case BookSnapshot():
                self[message.market].apply_snapshot(message)
            case MarketsPage():
                self.definitions.update((info.market, info) for info in message.markets)
            case AccountPage():
                self.own.apply(message)
            case FillsPage():
                self.fills.apply(message)
            case AssetsPage():
                self.assets.update((info.asset, info) for info in message.assets)
            case _:
                raise Unplayable(f"a {type(message).__name__} has no place in a recording")


def _changed(old: dict[int, Level], new: Iterable[Level]) -> list[Level]:
    """What to tell a reader who knows `old` so that it knows `new`."""
    prices = set()
    changed = []
    for level in new:
        prices.add(level.price)
        if old.get(level.price) != level:
            changed.append(level)
    gone = (level for price, level in old.items() if price not in prices)
    return [Level(level.price, Lots(0), 0, level.side) for level in gone] + changed
