"""A row of candles without a hole, whatever comes in whichever order."""

from mexchange.domain.candles import Candle, Interval, gap
from mexchange.domain.units import Ticks, TimeNs, TradeId
from mexchange.tui.candle_row import CANDLES_MAX, CandleRow

M1 = Interval.M1


def candle(minute: int, close: int = 100, trades: int = 1) -> Candle:
    price = Ticks(close)
    return Candle(TimeNs(minute * M1.ns), price, price, price, price, 1, 1, trades, TradeId(1), TradeId(trades))


def row_of(*minutes: int) -> CandleRow:
    row = CandleRow(M1)
    row.loading = False
    for minute in minutes:
        row.grow(candle(minute))
    return row


def opens(row: CandleRow) -> list[int]:
    return [each.open_ns // M1.ns for each in row.candles]


def test_holes_are_filled_with_the_close_before() -> None:
    row = row_of(1, 4)
    assert opens(row) == [1, 2, 3, 4]
    assert row.candles[1] == gap(TimeNs(2 * M1.ns), Ticks(100))


def test_the_live_candle_grows_in_its_place() -> None:
    row = row_of(1, 2)
    assert row.grow(candle(2, 105, trades=2))
    assert row.candles[-1].close == 105
    assert not row.grow(candle(1, 99, trades=3))
    assert row.candles[0].close == 99
    assert not row.grow(candle(0))
    assert opens(row) == [1, 2]


def test_the_past_is_put_before_what_is_known() -> None:
    row = row_of(5, 6)
    assert row.prepend([candle(2), candle(3), candle(5, 1)])
    assert opens(row) == [2, 3, 4, 5, 6]
    assert row.candles[3].close == 100
    assert not row.prepend([candle(3)])


def test_time_passes_without_trades() -> None:
    row = row_of(1)
    assert row.pass_time(3 * M1.ns + 5)
    assert opens(row) == [1, 2, 3]
    assert not row.pass_time(3 * M1.ns + 6)
    row.pass_time((2 * CANDLES_MAX) * M1.ns)
    assert len(row.candles) <= CANDLES_MAX
