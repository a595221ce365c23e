"""Trades in order without holes; the newest ticker; candles in full."""

import random

from mexchange.client.feed import HEAD_WAIT_NS, TRADES_PER_QUERY, CandlesFeed, TickerFeed, TradesFeed
from mexchange.codec.candles import row_of
from mexchange.codec.messages import Candles, RateClass, Ticker, TickerQuery, Trade, Trades, TradesQuery
from mexchange.domain.candles import Candle, Interval, of_trade, with_trade
from mexchange.domain.units import Lots, MarketId, Sequence, Ticks, TimeNs, TradeId


def trade(number: int) -> Trade:
    return Trade(TradeId(number), Sequence(10 * number), TimeNs(number), Ticks(100), Lots(1), 1)


def told(*numbers: int) -> Trades:
    return Trades(subscription=7, market=MarketId(1), trades=[trade(number) for number in numbers])


def answer(feed: TradesFeed, query: TradesQuery, last: int, first: int = 1) -> None:
    """What the server says that keeps trades `first` to `last`."""
    newest = min(last, query.before - 1) if query.before else last
    numbers = range(newest, max(first - 1, newest - query.limit), -1)
    feed.receive(Trades(market=MarketId(1), trades=[trade(number) for number in numbers]), 0)


def followed() -> tuple[TradesFeed, list[int]]:
    heard: list[int] = []
    feed = TradesFeed(1, RateClass.FAST)
    feed.listeners.append(lambda item: heard.append(item.trade_id))
    return feed, heard


def test_disorder_and_doubles_are_put_right() -> None:
    feed, heard = followed()
    blocks = [told(5, 6), told(8), told(7), told(5, 6), told(8), told(9, 10)]
    for block in blocks:
        feed.receive(block, 0)
    assert heard == [5, 6, 7, 8, 9, 10]


def test_a_hole_is_asked_for_in_as_many_parts_as_it_takes() -> None:
    feed, heard = followed()
    feed.receive(told(1, 2), 0)
    feed.receive(told(60), 0)
    assert feed.due(HEAD_WAIT_NS - 1) is None
    now_ns = HEAD_WAIT_NS
    queries = 0
    while (query := feed.due(now_ns)) is not None:
        assert isinstance(query, TradesQuery)
        answer(feed, query, 60)
        queries += 1
        now_ns += HEAD_WAIT_NS
    assert heard == list(range(1, 61))
    assert queries == -(-57 // TRADES_PER_QUERY)


def test_a_lost_tail_is_found_by_the_servers_head() -> None:
    feed, heard = followed()
    feed.receive(told(1, 2), 0)
    feed.head(30, 0)
    query = feed.due(HEAD_WAIT_NS)
    assert isinstance(query, TradesQuery)
    answer(feed, query, 3)
    assert heard == [1, 2, 3]
    assert feed.due(10**12) is None


def test_what_the_server_has_forgotten_is_skipped_and_counted() -> None:
    feed, heard = followed()
    feed.receive(told(1), 0)
    feed.receive(told(50), 0)
    query = feed.due(HEAD_WAIT_NS)
    assert isinstance(query, TradesQuery)
    answer(feed, query, 50, first=45)
    assert heard == [1, *range(45, 51)]
    assert feed.skipped == 43


def test_a_random_line_loses_nothing(seed: int) -> None:
    chance = random.Random(seed)
    feed, heard = followed()
    feed.receive(told(1), 0)
    now_ns, last = 0, 1
    for _ in range(500):
        now_ns += 20_000_000
        if chance.random() < 0.5:
            first, last = last + 1, last + chance.randint(1, 4)
            if chance.random() < 0.7:
                feed.receive(told(*range(first, last + 1)), now_ns)
        if chance.random() < 0.2:
            feed.head(10 * last, now_ns)
        query = feed.due(now_ns)
        if isinstance(query, TradesQuery):
            answer(feed, query, last)
        assert heard == list(range(1, len(heard) + 1))
    for _ in range(10):  # heartbeats go on
        feed.head(10 * last, now_ns)
        now_ns += HEAD_WAIT_NS
        query = feed.due(now_ns)
        if isinstance(query, TradesQuery):
            answer(feed, query, last)
    assert heard[-1] == last


def test_an_older_ticker_does_not_come_back() -> None:
    heard: list[int] = []
    feed = TickerFeed(1, RateClass.NORMAL)
    feed.listeners.append(lambda item: heard.append(item.last))
    for sequence, last in ((5, 100), (9, 102), (7, 101)):
        feed.receive(Ticker(market=MarketId(1), sequence=Sequence(sequence), last=Ticks(last)), 0)
    assert heard == [100, 102]
    feed.head(11, 0)
    assert isinstance(feed.due(HEAD_WAIT_NS), TickerQuery)


def grown(second: int, first: int, last: int) -> Candle:
    """The candle of a second in which trades `first` to `last` happened, each at its number as price."""
    opened = of_trade(
        Interval.S1, trade_id=TradeId(first), time_ns=second * 10**9, price=Ticks(first), quantity=Lots(1)
    )
    for number in range(first + 1, last + 1):
        opened = with_trade(opened, trade_id=TradeId(number), price=Ticks(number), quantity=Lots(1))
    return opened


def candles(*rows: Candle) -> Candles:
    return Candles(
        subscription=7, sequence=Sequence(10 * rows[-1].last_trade_id), candles=[row_of(each) for each in rows]
    )


def test_a_candle_whose_last_block_was_lost_comes_with_the_opening_that_is_asked_for() -> None:
    heard: list[Candle] = []
    feed = CandlesFeed(1, Interval.S1, RateClass.FAST)
    feed.listeners.append(heard.append)
    feed.receive(candles(grown(1, 1, 2)), 0)
    feed.receive(candles(grown(1, 1, 3)), 0)
    feed.head(90, 0)
    assert feed.due(HEAD_WAIT_NS - 1) is None
    assert feed.due(HEAD_WAIT_NS) == feed.key
    feed.receive(candles(grown(1, 1, 5), grown(2, 6, 8), grown(3, 9, 9)), 0)
    assert heard == [grown(1, 1, 2), grown(1, 1, 3), grown(1, 1, 5), grown(2, 6, 8), grown(3, 9, 9)]
    assert feed.latest == [grown(1, 1, 5), grown(2, 6, 8), grown(3, 9, 9)]
    assert feed.skipped == 0
    assert feed.next_timer_ns() is None


def test_doubles_and_late_blocks_are_told_once() -> None:
    heard: list[Candle] = []
    feed = CandlesFeed(1, Interval.S1, RateClass.FAST)
    feed.listeners.append(heard.append)
    blocks = [candles(grown(1, 1, 3)), candles(grown(1, 1, 5), grown(2, 6, 6))]
    for block in (blocks[0], blocks[1], blocks[0], blocks[1]):
        feed.receive(block, 0)
    assert heard == [grown(1, 1, 3), grown(1, 1, 5), grown(2, 6, 6)]


def test_candles_that_are_gone_for_good_are_counted_by_their_trades() -> None:
    feed = CandlesFeed(1, Interval.S1, RateClass.FAST)
    feed.receive(candles(grown(1, 1, 3)), 0)
    feed.receive(candles(grown(30, 21, 25), grown(31, 26, 26)), 0)
    assert feed.skipped == 17
