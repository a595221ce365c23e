"""Candles are what going through the trades again with a calendar gives."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.domain.candles import (
    INTERVALS_BY_TEXT,
    Candle,
    Interval,
    aggregate,
    fill_gaps,
    gap,
    merge,
    of_trade,
    with_trade,
)
from mexchange.domain.units import PRICE_MAX, QUANTITY_MAX, Lots, Ticks, TimeNs, TradeId

SECOND_NS = 10**9
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Trade(NamedTuple):
    trade_id: TradeId
    time_ns: int
    price: Ticks
    quantity: Lots


@st.composite
def trades(draw: st.DrawFn) -> list[Trade]:
    """Ascending times and ids, from bursts within a second to silences of weeks."""
    time_ns = draw(st.integers(0, 2_000_000_000)) * SECOND_NS + draw(st.integers(0, SECOND_NS - 1))
    rows = []
    for trade_id in range(1, draw(st.integers(1, 40)) + 1):
        time_ns += draw(st.sampled_from((1, 300_000_000, SECOND_NS, 61, 3_600 * SECOND_NS, 9 * 86_400 * SECOND_NS)))
        price, quantity = draw(st.integers(1, PRICE_MAX)), draw(st.integers(1, QUANTITY_MAX))
        rows.append(Trade(TradeId(trade_id), time_ns, Ticks(price), Lots(quantity)))
    return rows


def beginning(interval: Interval, time_ns: int) -> int:
    """With the calendar of the standard library instead of our own arithmetic."""
    moment = EPOCH + timedelta(seconds=time_ns // SECOND_NS)
    midnight = moment.replace(hour=0, minute=0, second=0)
    match interval.text:
        case "1s":
            begin = moment
        case "1w":
            begin = midnight - timedelta(days=moment.weekday())
        case "1d":
            begin = midnight
        case "1h" | "4h":
            hours = int(interval.text[0])
            begin = midnight.replace(hour=moment.hour // hours * hours)
        case text:
            minutes = int(text[:-1])
            begin = moment.replace(second=0, minute=moment.minute // minutes * minutes)
    return (begin - EPOCH) // timedelta(seconds=1) * SECOND_NS


def naive(rows: list[Trade], interval: Interval) -> list[Candle]:
    """Each candle from all of its trades."""
    groups: dict[int, list[Trade]] = {}
    for row in rows:
        groups.setdefault(beginning(interval, row.time_ns), []).append(row)
    return [
        Candle(
            TimeNs(begin),
            group[0].price,
            max(row.price for row in group),
            min(row.price for row in group),
            group[-1].price,
            sum(row.quantity for row in group),
            sum(row.price * row.quantity for row in group),
            len(group),
            group[0].trade_id,
            group[-1].trade_id,
        )
        for begin, group in sorted(groups.items())
    ]


def one_by_one(rows: list[Trade], interval: Interval) -> list[Candle]:
    """As a live candle grows."""
    done: list[Candle] = []
    for row in rows:
        if done and done[-1].open_ns == interval.open_ns(row.time_ns):
            done[-1] = with_trade(done[-1], trade_id=row.trade_id, price=row.price, quantity=row.quantity)
        else:
            done.append(of_trade(interval, **row._asdict()))
    return done


@given(trades(), st.sampled_from(Interval))
def test_a_candle_that_grew_is_that_of_its_trades(rows: list[Trade], interval: Interval) -> None:
    assert one_by_one(rows, interval) == naive(rows, interval)


@given(trades(), st.sampled_from(Interval), st.data())
def test_a_candle_of_finer_candles_is_that_of_the_trades(
    rows: list[Trade], interval: Interval, data: st.DataObject
) -> None:
    finer = Interval(data.draw(st.integers(1, interval)))
    assert list(aggregate(naive(rows, finer), interval)) == naive(rows, interval)


@given(trades(), st.sampled_from(Interval), st.data())
def test_trades_written_in_two_batches_make_the_same_candles(
    rows: list[Trade], interval: Interval, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(rows)))
    kept = {candle.open_ns: candle for candle in naive(rows[:cut], interval)}
    for candle in naive(rows[cut:], interval):
        before = kept.get(candle.open_ns)
        kept[candle.open_ns] = candle if before is None else merge(before, candle)
    assert list(kept.values()) == naive(rows, interval)


@given(trades(), st.sampled_from([each for each in Interval if each >= Interval.H4]), st.data())
def test_a_filled_row_has_no_hole_and_stays_at_the_close_before(
    rows: list[Trade], interval: Interval, data: st.DataObject
) -> None:
    first_ns = data.draw(st.integers(rows[0].time_ns - 60 * 86_400 * SECOND_NS, rows[-1].time_ns))
    until_ns = first_ns + data.draw(st.integers(1, 200 * 86_400)) * SECOND_NS
    begin_ns = interval.open_ns(first_ns)
    candles = naive(rows, interval)
    before = [candle.close for candle in candles if candle.open_ns < begin_ns]
    inside = [candle for candle in candles if begin_ns <= candle.open_ns < until_ns]
    close_before = before[-1] if before else Ticks(0)

    filled = list(fill_gaps(inside, interval, close_before=close_before, first_ns=first_ns, until_ns=until_ns))

    assert [candle for candle in filled if candle.trades] == inside
    expected = range(begin_ns, until_ns, interval.ns)
    if not before:
        expected = expected[expected.index(inside[0].open_ns) :] if inside else range(0)
    assert [candle.open_ns for candle in filled] == list(expected)
    close = close_before
    for candle in filled:
        if not candle.trades:
            assert candle == gap(candle.open_ns, close)
        close = candle.close


def test_gaps_are_left_out_when_candles_are_put_together() -> None:
    first = of_trade(Interval.M1, trade_id=TradeId(1), time_ns=0, price=Ticks(7), quantity=Lots(3))
    filled = list(fill_gaps([first], Interval.M1, close_before=Ticks(0), first_ns=0, until_ns=300 * SECOND_NS))
    assert len(filled) == 5
    assert list(aggregate(filled, Interval.M5)) == [first]


def test_a_silence_of_years_is_read_as_far_as_somebody_asks() -> None:
    filled = fill_gaps([], Interval.S1, close_before=Ticks(5), first_ns=0, until_ns=10**18)
    assert next(filled) == gap(TimeNs(0), Ticks(5))
    assert next(filled).open_ns == SECOND_NS


def test_weeks_begin_on_mondays_at_midnight_utc() -> None:
    sunday = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    week = Interval.W1
    assert (
        week.open_ns(int(sunday.timestamp()) * SECOND_NS)
        == int(datetime(2026, 11, 16, tzinfo=UTC).timestamp()) * SECOND_NS
    )
    assert week.open_ns(int(monday.timestamp()) * SECOND_NS) == int(monday.timestamp()) * SECOND_NS


def test_a_volume_may_exceed_64_bits() -> None:
    rows = [Trade(TradeId(n), n, Ticks(PRICE_MAX), Lots(QUANTITY_MAX)) for n in range(1, 4)]
    (candle,) = one_by_one(rows, Interval.W1)
    assert candle.turnover == 3 * 2**96


def test_intervals_are_read_as_they_are_written() -> None:
    assert [Interval.named(interval.text) for interval in Interval] == list(Interval)
    assert list(INTERVALS_BY_TEXT) == ["1s", "1m", "5m", "15m", "1h", "4h", "1d", "1w"]
    with pytest.raises(KeyError):
        Interval.named("2m")


def test_trades_are_counted_once_and_in_order() -> None:
    candle = of_trade(Interval.M1, trade_id=TradeId(5), time_ns=0, price=Ticks(7), quantity=Lots(3))
    with pytest.raises(AssertionError):
        with_trade(candle, trade_id=TradeId(5), price=Ticks(7), quantity=Lots(3))
    with pytest.raises(AssertionError):
        merge(candle, candle)
