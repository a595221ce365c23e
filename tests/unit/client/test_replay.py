"""A recording through the eyes of a screen: views, streams and questions follow the place, at the speed that is set."""

import asyncio
import io
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from mexchange.client import recording_writer
from mexchange.client.grouping import grouped
from mexchange.client.recording import Recording
from mexchange.client.replay import SPEEDS_PERMILLE, Replay
from mexchange.codec.messages import Level
from mexchange.domain.candles import Interval
from mexchange.domain.order import Side
from mexchange.domain.units import Lots, Ticks
from tests.fakes.recorded_market import START_NS, RecordedMarket

WAIT_S = 30


class Clock:
    """Stands still until it is told; the wall has nothing to say here."""

    def __init__(self) -> None:
        self.now_ns = 0

    def monotonic_ns(self) -> int:
        return self.now_ns

    def time_ns(self) -> int:
        raise AssertionError("nobody asks for it")


@pytest.fixture(autouse=True)
def short_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_writer, "CHUNK_BYTES", 1_500)
    monkeypatch.setattr(recording_writer, "SPAN_BYTES", 4_000)


def played(market: RecordedMarket, act: Callable[[Replay, Clock], Coroutine[Any, Any, None]]) -> None:
    """Let somebody act on a recording, under a clock of his own."""
    data = market.close()

    async def run() -> None:
        clock = Clock()
        replay = Replay(Recording(io.BytesIO(data)), clock=clock)
        async with asyncio.timeout(WAIT_S):
            await act(replay, clock)
        await replay.close()

    asyncio.run(run())


async def _a_change(replay: Replay) -> None:
    """The next frame."""
    changed = asyncio.Event()
    stop = replay.on_change(changed.set)
    await changed.wait()
    stop()


def test_views_and_streams_follow_the_steps(seed: int) -> None:
    market = RecordedMarket(seed).write(150)

    async def act(replay: Replay, clock: Clock) -> None:
        view = await replay.subscribe_book(1, depth=1_000)
        stream = replay.trades_stream(1)
        tickers = replay.ticker_stream(1)
        assert (view.bids, view.asks) == (market.shown[0][1].bids, market.shown[0][1].asks)
        for state in market.shown[1:]:
            assert replay.step()
            assert (view.bids, view.asks, view.verified) == (state[1].bids, state[1].asks, True)
            assert await replay.trades(1, 1_000) == state[1].trades[::-1]
        assert not replay.step()
        assert replay.is_at_end
        own = [trade for number, trade in market.trades if number == 1]
        assert [await stream.next(0) for _ in own] == own
        assert await stream.next(0) is None
        newest = None
        while (ticker := await tickers.next(0)) is not None:
            newest = ticker
        assert newest == market.shown[-1][1].ticker

    played(market, act)


def test_time_goes_at_the_speed_that_is_set(seed: int) -> None:
    market = RecordedMarket(seed).write(200)

    async def act(replay: Replay, clock: Clock) -> None:
        for permille in SPEEDS_PERMILLE:
            replay.set_speed(permille)
            replay.to_time(START_NS)
            replay.play()
            clock.now_ns += 20_000_000_000 // permille
            await _a_change(replay)
            replay.pause()
            assert replay.time_ns == START_NS + 20_000_000
            due = [moment.sequence for moment in market.moments if moment.time_ns <= replay.time_ns]
            assert replay.sequence == (due[-1] if due else replay.recording.first_sequence)

    played(market, act)


def test_it_stops_at_the_end(seed: int) -> None:
    market = RecordedMarket(seed).write(50)

    async def act(replay: Replay, clock: Clock) -> None:
        changes: list[bool] = []
        replay.on_change(lambda: changes.append(replay.is_playing))
        replay.play()
        clock.now_ns += 3_600 * 10**9
        await _a_change(replay)
        assert not replay.is_playing
        assert changes[-1] is False
        assert (replay.is_at_end, replay.time_ns) == (True, market.moments[-1].time_ns)
        replay.play()
        assert not replay.is_playing

    played(market, act)


def test_after_a_jump_everything_is_as_it_was_there(seed: int) -> None:
    market = RecordedMarket(seed).write(150, step_ns=900_000_000)

    async def act(replay: Replay, clock: Clock) -> None:
        jumps: list[int] = []
        replay.on_jump(lambda: jumps.append(replay.sequence))
        view = await replay.subscribe_book(2, depth=1_000)
        candles = replay.candles_stream(2, Interval.M1)
        for at in (150, 20, 90, 1):
            replay.to_sequence(market.moments[at - 1].sequence)
            state = market.shown[at][2]
            assert (view.bids, view.asks) == (state.bids, state.asks)
            assert replay.server_time_ns() == market.moments[at - 1].time_ns
            charted = [candle async for candle in replay.candles(2, Interval.M1, fill_gaps=False)]
            newest = None
            while (candle := await candles.next(0)) is not None:
                newest = candle
            assert newest == charted[-1]
        assert jumps == [market.moments[at - 1].sequence for at in (150, 20, 90, 1)]
        replay.to_sequence(market.moments[80].sequence)
        assert replay.step_back()
        assert replay.sequence == market.moments[79].sequence

    played(market, act)


def test_growing_candles_are_those_that_are_asked_for(seed: int) -> None:
    market = RecordedMarket(seed).write(200, step_ns=900_000_000)

    async def act(replay: Replay, clock: Clock) -> None:
        stream = replay.candles_stream(1, Interval.M1)
        grown = {}
        while replay.step():
            while (candle := await stream.next(0)) is not None:
                grown[candle.open_ns] = candle
        asked = {candle.open_ns: candle async for candle in replay.candles(1, Interval.M1, fill_gaps=False)}
        assert grown == asked
        filled = [candle.open_ns async for candle in replay.candles(1, Interval.M1)]
        assert filled == list(range(filled[0], filled[-1] + 1, Interval.M1.ns))
        assert set(asked) <= set(filled)

    played(market, act)


def test_groups_are_rounded_away_from_the_other_side() -> None:
    asks = [Level(Ticks(price), Lots(1), 1, Side.SELL) for price in (101, 104, 105, 106, 111)]
    bids = [Level(Ticks(price), Lots(2), 1, Side.BUY) for price in (99, 96, 95, 94)]
    assert [(each.price, each.quantity, each.orders) for each in grouped(asks, 5, 2)] == [(105, 3, 3), (110, 1, 1)]
    assert [(each.price, each.quantity, each.orders) for each in grouped(bids, 5, 9)] == [(95, 6, 3), (90, 2, 1)]


def test_nobody_is_there_to_trade_with(seed: int) -> None:
    async def act(replay: Replay, clock: Clock) -> None:
        assert (replay.may_trade, replay.session.account) == (False, 0)
        assert not hasattr(replay, "place")
        assert (await replay.orders_view()).open == {}
        assert (await replay.balances_view()).balances == {}
        assert [info.symbol for info in await replay.markets()] == ["KCN/EUR", "BTC/EUR"]

    played(RecordedMarket(seed).write(5), act)
