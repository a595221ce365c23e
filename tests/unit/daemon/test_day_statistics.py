"""Twenty-four hours in buckets are what adding everything up again would give."""

import random

from mexchange.daemon.day_statistics import BUCKET_NS, BUCKETS_MAX, DayStatistics
from mexchange.domain.candles import Candle, Interval, of_trade
from mexchange.domain.units import Lots, Ticks, TradeId

START_NS = 1_800_000_000 * 10**9


def one_trade(time_ns: int, price: int, quantity: int) -> Candle:
    return of_trade(Interval.S1, trade_id=TradeId(1), time_ns=time_ns, price=Ticks(price), quantity=Lots(quantity))


def test_the_statistics_are_those_of_the_trades_in_the_window(seed: int) -> None:
    rng, day, time_ns = random.Random(seed), DayStatistics(), START_NS
    trades: list[tuple[int, int, int]] = []
    for _ in range(1_500):
        time_ns += rng.choice((1, 10**9, BUCKET_NS, 40 * BUCKET_NS))
        if rng.random() < 0.8:
            price, quantity = rng.randrange(900, 1100), rng.randrange(1, 2**48)
            trades.append((time_ns, price, quantity))
            day.add(one_trade(time_ns, price, quantity))
        else:
            day.expire(time_ns)
        first = time_ns // BUCKET_NS - BUCKETS_MAX + 1
        inside = [each for each in trades if each[0] // BUCKET_NS >= first]
        prices = [price for _, price, _ in inside] or [0]
        assert (day.open, day.high, day.low) == (prices[0], max(prices), min(prices))
        assert day.volume == sum(quantity for _, _, quantity in inside)
        assert day.turnover == sum(price * quantity for _, price, quantity in inside)
        assert day.trades == len(inside)
    assert len(day.buckets) <= BUCKETS_MAX


def test_a_copy_made_of_the_buckets_goes_on_as_the_original() -> None:
    day = DayStatistics()
    for minute in range(5):
        day.add(one_trade(START_NS + minute * BUCKET_NS, 100 + minute, 2**48))
    copy = DayStatistics(day.buckets, day.last)
    for each in (day, copy):
        each.add(one_trade(START_NS + 24 * 60 * BUCKET_NS, 50, 1))
        assert (each.open, each.high, each.low, each.last, each.trades) == (101, 104, 50, 50, 5)
        assert each.volume == 4 * 2**48 + 1
