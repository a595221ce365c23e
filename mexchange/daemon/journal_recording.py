"""A journal as its public saw it: what a recording of those markets would have held, frame by frame and complete.

The journal is replayed from its first command into an engine of its own; the daemon may run meanwhile. Books are whole,
however deep; each frame that touched a market is one moment. Reads only.
"""

import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from mexchange.codec import decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.messages import AssetsPage, AssetsQuery, BookDelta, MarketsPage, MarketsQuery, Trade, Trades
from mexchange.codec.messages import Level as LevelRow
from mexchange.codec.records import Levels, Traded
from mexchange.daemon.book_channel import CHECKSUM_LEVELS, checksum, snapshot_blocks
from mexchange.daemon.engine_choice import VARIABLE, choose
from mexchange.daemon.journal_own import OwnJournal
from mexchange.daemon.ladder import BUY, SELL, Book
from mexchange.daemon.public_markets import PublicMarket, PublicMarkets
from mexchange.daemon.recovery import apply_unskipped, enable
from mexchange.daemon.sifting import public_changes
from mexchange.daemon.ticker import MarketTicker, TickerChannel
from mexchange.daemon.views import Commit
from mexchange.domain.candles import Candle, Interval, at_interval, merge
from mexchange.domain.events import EventKind
from mexchange.domain.units import U32_MAX, Lots, MarketId, Sequence, Ticks, TimeNs, TradeId
from mexchange.store.disk import RealDisk
from mexchange.store.errors import StoreError
from mexchange.store.frame import FrameType
from mexchange.store.reader import feature_of, read_marks, read_whole_segments
from mexchange.store.recovery import Batch

P = TypeVar("P", AssetsPage, MarketsPage)

TICKER_NS: Final = 100_000_000
"""Of market time: a ticker is told at most so often, as to a client."""
CANDLES_KEPT: Final = 300
"""Of each interval, from before the beginning: a wide chart."""
LEVELS_PER_BLOCK: Final = 2_000
TRADES_PER_BLOCK: Final = 1_000

_DEFINING: Final = frozenset({EventKind.ASSET_CHANGED, EventKind.MARKET_CHANGED})

Charts = Mapping[int, Mapping[Interval, list[Candle]]]
"""By market, oldest first."""


class NoSuchMarket(StoreError):
    """The journal knows no market of that name."""


class NoSuchAccount(StoreError):
    """The journal says nothing of that account."""


class PublicMoment(NamedTuple):
    """What the public was told at once, as whole blocks."""

    time_ns: int
    sequence: int
    blocks: bytes


class PublicJournal:
    """The journal in `data`. `begin` once, then `moments`. StoreError if it cannot be read; ConfigError."""

    def __init__(
        self, data: Path, markets: Collection[str] = (), *, account: int = 0, engine: str | None = None
    ) -> None:
        """`markets` are symbols, none: all. `account`: whose open orders and fills are told too; 0: nobody's.

        `engine` is what MX_ENGINE may say, which counts if it is None.
        """
        self._disk = RealDisk(data)
        self._wanted = frozenset(markets)
        self._engine = choose(os.environ if engine is None else {VARIABLE: engine}).kind()
        self._public = PublicMarkets(self._engine)
        self._symbols: dict[int, str] = {}
        self._own = OwnJournal(self._engine, account, self._is_shown) if account else None
        self._tickers: dict[int, _Ticker] = {}
        self._charts: dict[int, dict[Interval, deque[Candle]]] = {}
        self._commits = self._replayed()
        self._told: dict[int, int] = {}
        """Sequence of each book as it was shown last."""
        self._ahead: list[Commit] = []
        """Replayed, and not shown yet."""

    def begin(self, from_sequence: int = 1) -> tuple[PublicMoment, Charts]:
        """The state before the first frame that reaches `from_sequence`, and the candles of the trades before it."""
        last: Commit | None = None
        for commit in self._commits:
            if commit.last_sequence >= from_sequence:
                self._ahead.append(commit)
                break
            last = commit
            self._apply_own(commit)
            self._public.apply(commit)
            self._public.define()
            for number, _, _, traded in public_changes(commit.records, 0, False):
                if traded is not None:
                    _add(self._charts.setdefault(number, {}), _second_of(traded, commit.time_ns))
        time_ns = last.time_ns if last is not None else self._ahead[0].time_ns if self._ahead else 0
        blocks = [] if last is None else self._definitions()
        for number in self._shown(self._public.numbers()):
            blocks += self._opening(number, time_ns)
        blocks += self._own.opening() if self._own is not None else []
        charts = {number: self._charts[number] for number in self._shown(self._charts)}
        past = {number: {each: list(row) for each, row in chart.items()} for number, chart in charts.items()}
        return PublicMoment(time_ns, 0 if last is None else last.last_sequence, b"".join(blocks)), past

    def moments(self, until_sequence: int | None = None) -> Iterator[PublicMoment]:
        """Every frame that the public or the account noticed, up to the one that reaches `until_sequence`.

        At the end NoSuchMarket, NoSuchAccount.
        """
        last: Commit | None = None
        for commit in chain(self._ahead, self._commits):
            if until_sequence is not None and commit.first_sequence > until_sequence:
                break
            last = commit
            blocks = b"".join(self._blocks(commit))
            if blocks:
                yield PublicMoment(commit.time_ns, commit.last_sequence, blocks)
        if last is not None and (
            blocks := b"".join(block for each in self._tickers.values() for block in each.flush())
        ):
            yield PublicMoment(last.time_ns, last.last_sequence, blocks)
        missing = self._wanted - frozenset(self._symbols.values())
        if missing:
            raise NoSuchMarket(f"the journal has no market {min(missing)}")
        if self._own is not None and not self._own.is_known:
            raise NoSuchAccount(f"the journal has no account {self._own.account}")

    def _replayed(self) -> Iterator[Commit]:
        skipped, _ = read_marks(self._disk)
        for frame in read_whole_segments(self._disk):
            if frame.type is FrameType.FEATURE:
                enable(self._engine, [feature_of(frame)])
            if not frame.count:
                continue
            here = skipped.intersection(range(frame.first_sequence, frame.next_sequence))
            records = apply_unskipped(
                self._engine, Batch(frame.first_sequence, frame.time_ns, frame.count, frame.body, here)
            )
            yield Commit(records, frame.first_sequence, frame.count, frame.time_ns, replayed=False)

    def _blocks(self, commit: Commit) -> Iterator[bytes]:
        """What a frame showed: definitions that are new, then books and trades, then tickers."""
        if not _DEFINING.isdisjoint(commit.kinds):
            yield from self._definitions()
        touched = self._public.apply(commit)
        self._public.define()
        for number, sequence, levels, traded in public_changes(commit.records, U32_MAX, True):
            if not self._is_shown(number):
                continue
            if levels:
                yield from _delta(self._market(number).book, self._told.get(number, 0), levels)
                self._told[number] = sequence
            if traded is not None:
                yield from _trades(number, self._public.trades_of(traded, TimeNs(commit.time_ns)))
        yield from self._apply_own(commit)
        for number in self._shown(touched):
            yield from self._ticker(number).due(commit.time_ns)

    def _apply_own(self, commit: Commit) -> list[bytes]:
        return [] if self._own is None else self._own.apply(commit)

    def _opening(self, number: int, time_ns: int) -> Iterator[bytes]:
        """The state of a market: whole book, tape, ticker."""
        market = self._market(number)
        book = market.book
        self._told[number] = book.sequence
        asks, bids = book.window(SELL, U32_MAX, 1), book.window(BUY, U32_MAX, 1)
        yield from snapshot_blocks(bids, asks, subscription=0, book=book, sequence=book.sequence, group_ticks=1)
        yield from _trades(number, list(market.tape.trades))
        yield encode(market.ticker.message(time_ns))

    def _market(self, number: int) -> PublicMarket:
        market = self._public.get(number)
        assert market is not None
        return market

    def _ticker(self, number: int) -> "_Ticker":
        found = self._tickers.get(number)
        if found is None:
            found = self._tickers[number] = _Ticker(self._market(number).ticker)
        return found

    def _is_shown(self, number: int) -> bool:
        return not self._wanted or self._symbols.get(number) in self._wanted

    def _shown(self, numbers: Iterable[int]) -> list[int]:
        return [number for number in sorted(numbers) if self._is_shown(number)]

    def _definitions(self) -> list[bytes]:
        """All assets, and the markets that are shown."""
        assets = [asset for page in self._pages(AssetsQuery, AssetsPage) for asset in page.assets]
        markets = [market for page in self._pages(MarketsQuery, MarketsPage) for market in page.markets]
        self._symbols = {market.market: market.symbol for market in markets}
        shown = [market for market in markets if self._is_shown(market.market)]
        return [encode(AssetsPage([asset])) for asset in assets] + [encode(MarketsPage([market])) for market in shown]

    def _pages(self, query: type[AssetsQuery] | type[MarketsQuery], kind: type[P]) -> Iterator[P]:
        first = 1
        while first:
            (block,) = self._engine.query(encode(query(first)))  # type: ignore[arg-type]
            page = decode(_type_of(block), block[BLOCK_HEADER:])
            assert isinstance(page, kind)
            yield page
            first = page.next


class _Ticker:
    """The ticker of one market, told as a client would hear it."""

    def __init__(self, ticker: MarketTicker) -> None:
        self._channel: TickerChannel | None = None
        self._ticker = ticker
        self._due_ns = 0
        self._time_ns = 0

    def due(self, time_ns: int) -> list[bytes]:
        """If it changed and was not told just now."""
        self._time_ns = time_ns
        if time_ns < self._due_ns:
            return []
        self._due_ns = time_ns + TICKER_NS
        if self._channel is None:
            self._channel = TickerChannel(0, self._ticker, time_ns)
            return self._channel.opening()
        return self._channel.flush(time_ns)

    def flush(self) -> list[bytes]:
        """What was kept back."""
        return [] if self._channel is None else self._channel.flush(self._time_ns)


def _delta(book: Book, previous: int, levels: Levels) -> Iterator[bytes]:
    """The levels that a frame changed, absolute."""
    code = checksum(book.window(BUY, CHECKSUM_LEVELS, 1), book.window(SELL, CHECKSUM_LEVELS, 1))
    rows = [
        LevelRow(Ticks(price), Lots(quantity), orders, side) for (side, price), (quantity, orders) in levels.items()
    ]
    starts = range(0, len(rows), LEVELS_PER_BLOCK)
    for page, start in enumerate(starts, 1):
        yield encode(
            BookDelta(
                market=book.market,
                previous_sequence=Sequence(previous),
                sequence=book.sequence,
                checksum=code,
                time_ns=book.time_ns,
                levels=rows[start : start + LEVELS_PER_BLOCK],
                page=page,
                pages=len(starts),
            )
        )


def _trades(number: int, trades: list[Trade]) -> Iterator[bytes]:
    for start in range(0, len(trades), TRADES_PER_BLOCK):
        yield encode(Trades(market=MarketId(number), trades=trades[start : start + TRADES_PER_BLOCK]))


def _second_of(traded: Traded, time_ns: int) -> Candle:
    """The trades of one frame, which are of one moment."""
    open_, high, low, close, volume, turnover, count, first_id, _ = traded
    begin_ns, last_id = Interval.S1.open_ns(time_ns), TradeId(first_id + count - 1)
    prices = Ticks(open_), Ticks(high), Ticks(low), Ticks(close)
    return Candle(begin_ns, *prices, volume, turnover, count, TradeId(first_id), last_id)


def _add(chart: dict[Interval, deque[Candle]], second: Candle) -> None:
    """Take over the next trades at every interval."""
    for interval in Interval:
        row = chart.setdefault(interval, deque(maxlen=CANDLES_KEPT))
        candle = at_interval(second, interval)
        if row and row[-1].open_ns == candle.open_ns:
            row[-1] = merge(row[-1], candle)
        else:
            row.append(candle)


def _type_of(block: bytes) -> int:
    return int.from_bytes(block[2:4], "little")
