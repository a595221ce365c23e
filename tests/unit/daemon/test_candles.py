"""The live candles of every interval are those of the trades, and a subscriber is told each of them in full."""

import random
from typing import Any

from mexchange.codec.candles import candle_of
from mexchange.codec.messages import Candles, RateClass, Subscribe, SubscribeRefused, Trade, TradesQuery
from mexchange.codec.messages import Channel as Kind
from mexchange.core.engine import Engine
from mexchange.daemon.candles import KEPT, MarketCandles
from mexchange.domain.candles import Candle, Interval, of_trade, with_trade
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, MarketId, Ticks, TradeId
from tests.fakes.market_stage import ANN, BOB, MARKET, Stage, limit

SECOND_NS = 10**9


def trade(stage: Stage, quantity: int, price: int) -> None:
    stage.apply(limit(ANN, Side.SELL, quantity, price))
    stage.apply(limit(BOB, Side.BUY, quantity, price))


def naive(trades: list[Trade], interval: Interval) -> list[Candle]:
    done: list[Candle] = []
    for each in trades:
        if done and done[-1].open_ns == interval.open_ns(each.time_ns):
            done[-1] = with_trade(done[-1], trade_id=each.trade_id, price=each.price, quantity=each.quantity)
        else:
            done.append(
                of_trade(
                    interval, trade_id=each.trade_id, time_ns=each.time_ns, price=each.price, quantity=each.quantity
                )
            )
    return done


def told(blocks: list[Any]) -> list[Candle]:
    """The candles as they stood at last, by their beginning."""
    found: dict[int, Candle] = {}
    for block in blocks:
        if isinstance(block, Candles):
            found.update((row.open_ns, candle_of(row)) for row in block.candles)
    return list(found.values())


def subscribe(interval: Interval) -> Subscribe:
    return Subscribe(Kind.CANDLES, MARKET, rate=RateClass.FAST, interval=interval)


def test_every_interval_is_what_its_trades_say(seed: int) -> None:
    rng, candles, trades, time_ns = random.Random(seed), MarketCandles(1), [], 1_800_000_000 * SECOND_NS
    for number in range(1, 400):
        time_ns += rng.choice((1, 400_000_000, SECOND_NS, 45 * SECOND_NS, 3_000 * SECOND_NS, 100_000 * SECOND_NS))
        row = (TradeId(number), time_ns, Ticks(rng.randrange(1, 2**48)), Lots(rng.randrange(1, 2**48)))
        trades.append(row)
        candles.add(of_trade(Interval.S1, trade_id=row[0], time_ns=row[1], price=row[2], quantity=row[3]))
        if rng.random() < 0.1:
            candles = MarketCandles(1, candles.saved())
        if rng.random() < 0.2:
            for interval in Interval:
                expected: dict[int, Candle] = {}
                for trade_id, at_ns, price, quantity in trades:
                    begin = interval.open_ns(at_ns)
                    known = expected.get(begin)
                    expected[begin] = (
                        of_trade(interval, trade_id=trade_id, time_ns=at_ns, price=price, quantity=quantity)
                        if known is None
                        else with_trade(known, trade_id=trade_id, price=price, quantity=quantity)
                    )
                assert candles.newest(interval) == list(expected.values())[-KEPT:], interval


def test_a_subscriber_is_told_every_candle_as_it_was_at_its_end(seed: int) -> None:
    rng, stage = random.Random(seed), Stage()
    for _ in range(3):
        trade(stage, 2, 1000)
    followed = (Interval.S1, Interval.M1, Interval.W1)
    blocks = {interval: stage.ask(interval.text, subscribe(interval)) for interval in followed}
    for _ in range(40):
        for _ in range(rng.randrange(4)):
            trade(stage, rng.randrange(1, 9), rng.randrange(990, 1010))
        stage.tick(rng.choice((20_000_000, 700_000_000, 30 * SECOND_NS)))
        for interval in followed:
            blocks[interval] += stage.take(interval.text)
    stage.tick()
    trades: list[Trade] = []
    while not trades or trades[0].trade_id > 1:
        before = trades[0].trade_id if trades else TradeId(0)
        (page,) = stage.ask("cli", TradesQuery(MARKET, 20, before))
        trades = [*reversed(page.trades), *trades]
    for interval in followed:
        blocks[interval] += stage.take(interval.text)
        assert told(blocks[interval]) == naive(trades, interval)
        last = next(block for block in reversed(blocks[interval]) if isinstance(block, Candles))
        assert (last.sequence, last.time_ns) == (trades[-1].sequence, trades[-1].time_ns)
        assert stage.heads(interval.text) == [(last.subscription, last.sequence)]


def test_who_joins_late_gets_the_candles_before_and_then_the_same_as_everybody() -> None:
    stage = Stage()
    for second in range(6):
        trade(stage, 1, 1000 + second)
        stage.tick(SECOND_NS)
    _, opening = stage.ask("late", subscribe(Interval.S1))
    assert [row.close for row in opening.candles] == [1002, 1003, 1004, 1005]
    trade(stage, 5, 1100)
    stage.tick(SECOND_NS)
    (block,) = stage.take("late")
    assert [row.close for row in block.candles][-1] == 1100
    stage.apply(limit(ANN, Side.BUY, 1, 900))
    stage.tick(SECOND_NS)
    assert stage.take("late") == [], "the book moved, no candle did"


def test_a_market_without_trades_has_no_candles() -> None:
    _, opening = Stage().ask("tui", subscribe(Interval.D1))
    assert isinstance(opening, Candles)
    assert opening.candles == []


def test_a_restart_does_not_cut_a_candle_in_two() -> None:
    stage = Stage()
    trade(stage, 2, 1000)
    stage.tick(61 * SECOND_NS)
    trade(stage, 3, 1010)
    again = Stage(Engine.restore(stage.engine.snapshot()))
    for view, other in zip(again.views, stage.views, strict=True):
        view.load(other.save())
        view.ready()
    again.now_ns = stage.now_ns
    for each in (stage, again):
        trade(each, 4, 990)
        each.tick()
    for interval in Interval:
        _, before = stage.ask("tui", subscribe(interval))
        _, after = again.ask("tui", subscribe(interval))
        assert after.candles == before.candles
    assert (before.candles[-1].open, before.candles[-1].low, before.candles[-1].volume_low) == (1000, 990, 9)


def test_an_interval_that_does_not_exist_is_refused() -> None:
    for interval in (0, 9, 255):
        (refused,) = Stage().ask("tui", Subscribe(Kind.CANDLES, MARKET, interval=interval))
        assert isinstance(refused, SubscribeRefused)
        assert refused.code == "E_MALFORMED"
    (refused,) = Stage().ask("tui", Subscribe(Kind.CANDLES, MarketId(9), interval=Interval.M1))
    assert isinstance(refused, SubscribeRefused)
    assert refused.code == "E_MARKET_NOT_FOUND"
