"""The state behind the public views: book, tape, candles and ticker of every market, moved by commits alone.

The books are not saved with the rest: the engine has them, and `read_engine` reads them from there.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.messages import BookQuery, BookSnapshot, MarketInfo, MarketsPage, MarketsQuery, Trade
from mexchange.codec.record_layout import OWNED, PLAIN
from mexchange.codec.records import Traded, TradeRow, records_of_kind
from mexchange.daemon.candles import MarketCandles, SavedCandles
from mexchange.daemon.day_statistics import Bucket, DayStatistics
from mexchange.daemon.ladder import Book
from mexchange.daemon.sifting import public_changes
from mexchange.daemon.tape import (
    SYNTHETIC,
    SYNTHETIC_OWNER_FIRST,
    TRADES_KEPT_MAX,
    TRADES_PER_BLOCK_MAX,
    MarketTape,
)
from mexchange.daemon.ticker import MarketTicker
from mexchange.daemon.views import Commit, Engine
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.events import EventKind
from mexchange.domain.units import U32_MAX, Lots, MarketId, Sequence, Ticks, TimeNs, TradeId

VERSION: Final = 1
"""Of the saved state."""
RECENT_COMMANDS: Final = 100_000
"""A frame with more behind it, which is replayed, adds no more of its trades to a tape than a subscriber is shown."""


class PublicMarket:
    """One market as the public sees it."""

    __slots__ = ("book", "candles", "tape", "ticker")

    def __init__(self, market: int) -> None:
        self.book = Book(market)
        self.tape = MarketTape(market)
        self.ticker = MarketTicker(self.book)
        self.candles = MarketCandles(market)


class _Markets(dict[int, PublicMarket]):
    """market id → market; one that is not known yet is made, since a tail may begin anywhere."""

    __slots__ = ()

    def __missing__(self, market: int) -> PublicMarket:
        made = self[market] = PublicMarket(market)
        return made


class _SavedMarket(msgspec.Struct, array_like=True):
    market: int
    status: int
    last: int
    sequence: Sequence
    time_ns: TimeNs
    buckets: list[Bucket]
    trades: list[Trade]
    candles: SavedCandles = SavedCandles()


class _Saved(msgspec.Struct):
    version: int
    synthetic: list[int]
    markets: list[_SavedMarket]
    synthetic_until: int = 0


class PublicMarkets:
    """Every market as the public sees it, at the last commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._markets = _Markets()
        self._synthetic: set[int] = set()
        """Accounts of the prelude."""
        self.synthetic_until = 0
        """Sequence of the prelude's last trade: it ends before anybody else trades."""
        self._undefined: set[int] = set()
        """Markets whose definition has to be asked for."""
        self._books_live = False

    def get(self, market: int) -> PublicMarket | None:
        """The market, if there is one."""
        return self._markets.get(market)

    def numbers(self) -> list[int]:
        """The ids of all markets, ascending."""
        return sorted(self._markets)

    def apply(self, commit: Commit) -> set[int]:
        """Take over the public part of a frame; returns the markets that it touched."""
        time_ns, touched = TimeNs(commit.time_ns), set[int]()
        self._note_definitions(commit, touched)
        books_live = self._books_live or not commit.replayed
        trades_max = TRADES_KEPT_MAX if commit.behind < RECENT_COMMANDS else TRADES_PER_BLOCK_MAX
        for number, sequence, levels, traded in public_changes(commit.records, trades_max, books_live):
            market = self._markets[number]
            if levels:
                market.book.set_levels(levels)
                market.book.sequence, market.book.time_ns = Sequence(sequence), time_ns
                touched.add(number)
            if traded is not None:
                self._on_trades(market, traded, time_ns)
                touched.add(number)
        return touched

    def _note_definitions(self, commit: Commit, touched: set[int]) -> None:
        """What is rare: new markets and statuses, accounts of the prelude."""
        for record in records_of_kind(commit.records, commit.kinds, EventKind.ACCOUNT_OPENED):
            account, *_, owner, _, _ = OWNED.unpack(record)
            if owner >= SYNTHETIC_OWNER_FIRST:
                self._synthetic.add(account)
        for record in records_of_kind(commit.records, commit.kinds, EventKind.MARKET_CHANGED):
            _, _, sequence, _, _, status, number, *_ = PLAIN.unpack(record)
            touched.add(number)
            self._on_market_changed(number, status=status, sequence=Sequence(sequence), time_ns=TimeNs(commit.time_ns))

    def define(self) -> None:
        """Ask for the definitions of new markets. What is taken from them never changes: the engine may be ahead."""
        while self._undefined:
            first = min(self._undefined)
            for info in self._definitions(first):
                if info.market in self._markets:
                    self._markets[info.market].ticker.atoms_per_tick_lot = info.atoms_per_tick_lot
                    self._undefined.discard(info.market)
            assert first not in self._undefined

    def save(self) -> bytes:
        """Tapes, candles, statistics and whose trades are synthetic."""
        markets = [_saved(number, market) for number, market in sorted(self._markets.items())]
        return msgspec.json.encode(_Saved(VERSION, sorted(self._synthetic), markets, self.synthetic_until))

    def load(self, data: bytes) -> None:
        """Take over what `save` gave; anything else is ignored, the statistics then start anew."""
        try:
            saved = msgspec.json.decode(data, type=_Saved)
        except msgspec.DecodeError:
            return
        if saved.version != VERSION:
            return
        self._synthetic, self.synthetic_until = set(saved.synthetic), saved.synthetic_until
        for each in saved.markets:
            market = self._markets[each.market]
            market.ticker.status, market.ticker.day = each.status, DayStatistics(each.buckets, each.last)
            market.ticker.sequence, market.ticker.time_ns = each.sequence, each.time_ns
            market.candles = MarketCandles(each.market, each.candles)
            market.tape.add(each.trades)

    def read_engine(self) -> None:
        """Read every market and its book from the engine, which stands at the last commit."""
        for info in self._definitions(first=1):
            market = self._markets[info.market]
            market.ticker.atoms_per_tick_lot, market.ticker.status = info.atoms_per_tick_lot, info.status
            self._read_book(market.book)
        self._undefined.clear()
        self._books_live = True

    def _read_book(self, book: Book) -> None:
        book.clear()
        for block in self._engine.query(encode(BookQuery(MarketId(book.market), U32_MAX))):
            page = decode(MessageType.BOOK_SNAPSHOT, block[BLOCK_HEADER:])
            assert isinstance(page, BookSnapshot)
            book.sequence, book.time_ns = page.sequence, page.time_ns
            book.set_levels({(level.side, level.price): (level.quantity, level.orders) for level in page.levels})

    def _definitions(self, first: int) -> Iterator[MarketInfo]:
        """The markets from id `first` on."""
        while first:
            (block,) = self._engine.query(encode(MarketsQuery(MarketId(first))))
            page = decode(MessageType.MARKETS_PAGE, block[BLOCK_HEADER:])
            assert isinstance(page, MarketsPage)
            yield from page.markets
            first = page.next

    def _on_trades(self, market: PublicMarket, traded: Traded, time_ns: TimeNs) -> None:
        """The trades of one frame, which are of one moment."""
        high_low, (volume, turnover, count, first_id), newest = traded[:4], traded[4:8], traded[8]
        open_, high, low, close = map(Ticks, high_low)
        begin_ns, last_id = Interval.S1.open_ns(time_ns), TradeId(first_id + count - 1)
        candle = Candle(begin_ns, open_, high, low, close, volume, turnover, count, TradeId(first_id), last_id)
        market.tape.add(self.trades_of(traded, time_ns))
        market.candles.add(candle)
        market.ticker.day.add(candle)
        market.ticker.sequence, market.ticker.time_ns = Sequence(newest[-1][1]), time_ns

    def trades_of(self, traded: Traded, time_ns: TimeNs) -> list[Trade]:
        """The newest trades of one frame, as the public sees them, oldest first."""
        return [self._trade(row, time_ns) for row in traded[8]]

    def _trade(self, row: TradeRow, time_ns: TimeNs) -> Trade:
        trade_id, sequence, price, quantity, side, account = row
        synthetic = SYNTHETIC if account in self._synthetic else 0
        return Trade(TradeId(trade_id), Sequence(sequence), time_ns, Ticks(price), Lots(quantity), side, synthetic)

    def _on_market_changed(self, number: int, *, status: int, sequence: Sequence, time_ns: TimeNs) -> None:
        market = self._markets[number]
        market.ticker.status, market.ticker.sequence, market.ticker.time_ns = status, sequence, time_ns
        if not market.ticker.atoms_per_tick_lot:
            self._undefined.add(number)


def _saved(number: int, market: PublicMarket) -> _SavedMarket:
    return _SavedMarket(
        number,
        market.ticker.status,
        market.ticker.day.last,
        market.ticker.sequence,
        market.ticker.time_ns,
        market.ticker.day.buckets,
        list(market.tape.trades),
        market.candles.saved(),
    )
