"""Two markets that move at random, recorded, and what they looked like after each moment."""

import io
import random
from typing import Final

import msgspec

from mexchange.client.book_view import checksum
from mexchange.client.market_state import MarketStates
from mexchange.client.recording_format import Moment
from mexchange.client.recording_writer import RecordingWriter
from mexchange.codec import encode
from mexchange.codec.messages import (
    AssetInfo,
    AssetsPage,
    BookDelta,
    BookSnapshot,
    Level,
    MarketInfo,
    MarketsPage,
    Ticker,
    Trade,
    Trades,
)
from mexchange.domain.candles import Candle, Interval, of_trade
from mexchange.domain.order import Side
from mexchange.domain.units import AssetId, Atoms, Lots, MarketId, Sequence, Ticks, TimeNs, TradeId

START_NS: Final = 1_800_000_000 * 10**9
BEGIN_SEQUENCE: Final = 1_000
OLD_TRADE: Final = 40
"""Id of the last trade before the recording."""


class Shown(msgspec.Struct, frozen=True):
    """A market after a moment."""

    bids: list[Level]
    asks: list[Level]
    trades: list[Trade]
    ticker: Ticker | None


class RecordedMarket:
    """`write` moments; `shown` is what was to be seen after each, the beginning first."""

    def __init__(
        self, seed: int, *, file: io.BytesIO | None = None, size_max: int = 1 << 30, is_noted: bool = True
    ) -> None:
        """`is_noted`: keep what was to be seen after each moment."""
        self.file = file or io.BytesIO()
        self._is_noted = is_noted
        self.trades: list[tuple[int, Trade]] = []
        """(market, trade), as they were recorded."""
        self.moments: list[Moment] = []
        self.shown: list[dict[int, Shown]] = []
        self._random = random.Random(seed)
        self._writer = RecordingWriter(self.file, created_ns=START_NS, size_max=size_max)
        self._states = MarketStates()
        self._time_ns, self._sequence = START_NS, BEGIN_SEQUENCE
        self._begin()

    def write(self, moments: int, *, step_ns: int = 50_000_000) -> "RecordedMarket":
        """So many more moments, and down to the file."""
        for _ in range(moments):
            self._time_ns += self._random.randrange(step_ns)
            self._sequence += self._random.randrange(1, 4)
            number = self._random.choice((1, 2))
            blocks = self._random.choice((self._book, self._book, self._book, self._trade, self._ticker))(number)
            self._writer.add(self._time_ns, self._sequence, blocks)
            self._note(blocks)
        self._writer.flush()
        return self

    def close(self) -> bytes:
        """The file."""
        self._writer.close()
        return self.file.getvalue()

    def past(self) -> dict[int, dict[Interval, list[Candle]]]:
        """Of the one trade before the recording, in each market."""
        old = Trade(TradeId(OLD_TRADE), Sequence(900), TimeNs(START_NS - 3_600 * 10**9), Ticks(500), Lots(7), Side.BUY)
        return {number: {each: [_candle(each, old)] for each in Interval} for number in (1, 2)}

    def _begin(self) -> None:
        markets = [
            MarketInfo(MarketId(1), "KCN/EUR", AssetId(1), AssetId(2), 10**7, Atoms(10**5), status=1),
            MarketInfo(MarketId(2), "BTC/EUR", AssetId(3), AssetId(2), 10**8, Atoms(10**3), status=1),
        ]
        assets = [AssetInfo(AssetId(number), symbol, 8, 8) for number, symbol in ((1, "KCN"), (2, "EUR"), (3, "BTC"))]
        blocks = encode(AssetsPage(assets)) + encode(MarketsPage(markets))
        for number in (1, 2):
            levels = [Level(Ticks(1_001 + at), Lots(5), 1, Side.SELL) for at in range(30)]
            levels += [Level(Ticks(1_000 - at), Lots(5), 1, Side.BUY) for at in range(30)]
            code = checksum(levels[30:], levels[:30])
            blocks += encode(
                BookSnapshot(0, MarketId(number), Sequence(BEGIN_SEQUENCE), 1, 1, code, TimeNs(START_NS), levels)
            )
        self._states.apply(blocks)
        self._writer.begin(Moment(START_NS, BEGIN_SEQUENCE, blocks), self.past())
        self._show()

    def _book(self, number: int) -> bytes:
        market = self._states[number]
        side = self._random.choice((Side.BUY, Side.SELL))
        price = self._random.randrange(950, 1_001) if side is Side.BUY else self._random.randrange(1_001, 1_050)
        level = Level(Ticks(price), Lots(self._random.randrange(9)), 1, side)
        rows = dict(market.bids if side is Side.BUY else market.asks)
        rows.pop(price, None)
        if level.quantity:
            rows[price] = level
        ordered = [rows[each] for each in sorted(rows, reverse=side is Side.BUY)]
        both = (ordered, market.best_asks()) if side is Side.BUY else (market.best_bids(), ordered)
        return encode(
            BookDelta(
                market=MarketId(number),
                previous_sequence=Sequence(market.book_sequence),
                sequence=Sequence(self._sequence),
                checksum=checksum(*both),
                time_ns=TimeNs(self._time_ns),
                levels=[level],
                page=1,
                pages=1,
            )
        )

    def _trade(self, number: int) -> bytes:
        earlier = sum(1 for market, _ in self.trades if market == number)
        trade = Trade(
            TradeId(OLD_TRADE + 1 + earlier),
            Sequence(self._sequence),
            TimeNs(self._time_ns),
            Ticks(self._random.randrange(950, 1_050)),
            Lots(self._random.randrange(1, 9)),
            self._random.choice((Side.BUY, Side.SELL)),
        )
        self.trades.append((number, trade))
        return encode(Trades(market=MarketId(number), trades=[trade]))

    def _ticker(self, number: int) -> bytes:
        sequence, time_ns = Sequence(self._sequence), TimeNs(self._time_ns)
        return encode(Ticker(0, MarketId(number), sequence, time_ns, last=Ticks(self._random.randrange(950, 1_050))))

    def _note(self, blocks: bytes) -> None:
        self._states.apply(blocks)
        self.moments.append(Moment(self._time_ns, self._sequence, blocks))
        self._show()

    def _show(self) -> None:
        if self._is_noted:
            self.shown.append(shown(self._states))


def shown(states: MarketStates) -> dict[int, Shown]:
    """All markets, as somebody sees them."""
    return {
        number: Shown(market.best_bids(), market.best_asks(), list(market.trades), market.ticker)
        for number, market in states.markets.items()
    }


def _candle(interval: Interval, trade: Trade) -> Candle:
    return of_trade(
        interval, trade_id=trade.trade_id, time_ns=trade.time_ns, price=trade.price, quantity=trade.quantity
    )
