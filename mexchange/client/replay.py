"""A recording as a client of it would see it: the same views, streams and questions, at whatever pace is wanted.

    recording ─> Playhead ─ messages ─> BookViews, streams           forward: at every frame what is due
                        └── a jump ───> BookViews, `on_jump`         anywhere else: what listeners know is void

Nobody is there to trade with; open orders and fills of whoever recorded are shown where they were recorded. Time is
that of the recording; it goes on `speed_permille` / 1,000 times as fast as the clock while `is_playing`.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self, TypeVar

from mexchange.client.balances_view import BalancesView
from mexchange.client.book_view import BookView
from mexchange.client.grouping import grouped
from mexchange.client.live_calls import Reader
from mexchange.client.liveness import Liveness, LivenessState
from mexchange.client.loop_waiter import LoopWaiter
from mexchange.client.market_state import MarketStates, Unplayable
from mexchange.client.markets import Markets
from mexchange.client.orders import from_open_order
from mexchange.client.orders_view import OrdersView
from mexchange.client.playhead import Playhead, concerns
from mexchange.client.recording import Recording
from mexchange.client.replayed_candles import GrowingCandles, ReplayedCandles, filled
from mexchange.client.results import SessionInfo
from mexchange.client.stream import Stream
from mexchange.codec.messages import (
    AccountPage,
    BookDelta,
    BookSnapshot,
    Fill,
    FillsPage,
    Message,
    RateClass,
    Ticker,
    Trade,
    Trades,
)
from mexchange.domain.candles import Candle, Interval
from mexchange.domain.events import Event
from mexchange.domain.units import AccountId, MarketId, Ticks
from mexchange.transport.clock import SystemClock
from mexchange.world.clock import Clock

T = TypeVar("T")

SPEEDS_PERMILLE: Final = (500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000)
FRAME_S: Final = 0.05
FRAME_BUDGET_NS: Final = 20_000_000
"""What applying may take of a frame: beyond that the replay falls behind its speed rather than stop the screen."""


class Replay:
    """A recording that is played on the running loop, paused at its beginning."""

    def __init__(self, recording: Recording, *, name: str = "a recording", clock: Clock | None = None) -> None:
        """DamagedRecording when not even the beginning can be read."""
        self.recording: Final = recording
        self.name: Final = name
        self.speed_permille = 1_000
        self.is_playing = False
        self._playhead: Final = Playhead(recording)
        self._markets: Final = recorded_markets(recording)
        self._clock: Final = clock or SystemClock()
        self._waiter: Final = LoopWaiter()
        self._time_ns = self._playhead.time_ns
        """Of the recording, now; at or behind that of the last moment."""
        self._ticked_ns = 0
        self._timer: asyncio.TimerHandle | None = None
        self._books: list[BookView] = []
        self._trades: list[tuple[int, Stream[Trade]]] = []
        self._tickers: list[tuple[int, Stream[Ticker]]] = []
        self._candles: list[GrowingCandles] = []
        self._orders: Final = OrdersView()
        self._orders.attach(self._waiter)
        self._orders.complete = True
        self._fills: Sequence[Fill] = ()
        self._show_own()
        self._jump_listeners: list[Callable[[], None]] = []
        self._change_listeners: list[Callable[[], None]] = []

    @classmethod
    def open(cls, path: Path, *, clock: Clock | None = None) -> Self:
        """OSError, BadRecording."""
        recording = Recording.open(path)
        try:
            return cls(recording, name=path.name, clock=clock)
        except BaseException:
            recording.close()
            raise

    # Where it stands, and how it goes on.

    @property
    def time_ns(self) -> int:
        """Of the recording, now."""
        return self._time_ns

    @property
    def sequence(self) -> int:
        """Of the last moment that is shown."""
        return self._playhead.sequence

    @property
    def is_at_end(self) -> bool:
        """Is everything shown. Look at `recording.damage` for why there may be no more."""
        return self._playhead.is_at_end

    def on_jump(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Hear when we are somewhere else: trades and candles told before are void. Returns how to stop it."""
        return _listen(self._jump_listeners, listener)

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Hear when place, speed or pause have changed. Returns how to stop it."""
        return _listen(self._change_listeners, listener)

    def play(self) -> None:
        """Go on. Nothing happens at the end."""
        if not self.is_playing and not self.is_at_end:
            self.is_playing = True
            self._ticked_ns = self._clock.monotonic_ns()
            self._set_timer()
            self._tell_change()

    def pause(self) -> None:
        """Stay here."""
        if self.is_playing:
            self.is_playing = False
            self._drop_timer()
            self._tell_change()

    def set_speed(self, permille: int) -> None:
        """One of SPEEDS_PERMILLE."""
        assert permille in SPEEDS_PERMILLE
        self.speed_permille = permille
        self._tell_change()

    def faster(self) -> None:
        """The next speed."""
        self.set_speed(next((each for each in SPEEDS_PERMILLE if each > self.speed_permille), SPEEDS_PERMILLE[-1]))

    def slower(self) -> None:
        """The speed before."""
        slower = [each for each in SPEEDS_PERMILLE if each < self.speed_permille]
        self.set_speed(slower[-1] if slower else SPEEDS_PERMILLE[0])

    def step(self, market: int | None = None) -> bool:
        """Pause, and go on to the next moment that says something of this market, or of any; False at the end."""
        self.pause()
        messages: list[Message] = []
        found = False
        while not found and (applied := self._playhead.forward()) is not None:
            messages += applied
            found = concerns(applied, market)
        self._time_ns = self._playhead.time_ns
        self._publish(messages)
        return found

    def step_back(self, market: int | None = None) -> bool:
        """Pause, and take back the last moment that said something of this market, or any; False at the beginning."""
        self.pause()
        return self._moved(self._playhead.backward(market))

    def to_sequence(self, sequence: int) -> None:
        """Behind everything up to this sequence."""
        self._playhead.to_sequence(sequence)
        self._jumped()

    def to_time(self, time_ns: int) -> None:
        """Behind everything up to this time."""
        self._playhead.to_time(time_ns)
        self._jumped(max(self.recording.first_time_ns, min(time_ns, self.recording.last_time_ns)))

    def to_next_trade(self, market: int | None = None) -> bool:
        """Pause there; False if this market, or any, has none."""
        self.pause()
        return self._moved(self._playhead.to_next_trade(market))

    def to_previous_trade(self, market: int | None = None) -> bool:
        """Pause there; False if this market, or any, has none."""
        self.pause()
        return self._moved(self._playhead.to_previous_trade(market))

    async def close(self) -> None:
        """The end of it. Idempotent."""
        self.is_playing = False
        self._drop_timer()
        self.recording.close()

    # What a client offers.

    @property
    def session(self) -> SessionInfo:
        """Of whoever recorded their orders too, else nobody's."""
        return SessionInfo(
            account=AccountId(self._playhead.states.own.account),
            owner=0,
            scopes=0,
            boot_id=0,
            key_id="",
            server_key=b"",
            address=(self.name, 0),
            round_trip_ns=0,
            sequence=self.sequence,
            account_sequence=0,
            first_contact=False,
        )

    @property
    def may_trade(self) -> bool:
        """Never."""
        return False

    def liveness(self) -> Liveness:
        """What is shown is what was recorded; markets whose book is not are in `gaps`."""
        gaps = frozenset(MarketId(view.market) for view in self._books if not view.verified)
        return Liveness(LivenessState.LIVE, age_ns=0, p99_ns=0, gaps=gaps, unknown=0, attempt=0)

    def server_time_ns(self) -> int:
        """Of the recording, now."""
        return self._time_ns

    async def markets(self, *, refresh: bool = False) -> Markets:
        """Those that are in the recording at its end: a market is never taken away."""
        return self._markets

    async def ticker(self, market: int) -> Ticker:
        """At this place; without prices, if none was recorded up to here."""
        return self._ticker(market)

    async def tickers(self) -> list[Ticker]:
        """Of every market that has one at this place, in the order of their ids."""
        found = [state.ticker for _, state in sorted(self._playhead.states.markets.items())]
        return [ticker for ticker in found if ticker is not None]

    async def trades(self, market: int, limit: int = 50) -> list[Trade]:
        """The last before this place, newest first; the recording knows 200 before its begin."""
        return list(self._playhead.states[market].trades)[: -limit - 1 : -1]

    async def subscribe_book(
        self, market: int, depth: int = 10, group_ticks: int = 1, rate: RateClass = RateClass.FAST
    ) -> BookView:
        """The book at this place, wherever that will be."""
        view = BookView(market, depth=depth, group_ticks=group_ticks)
        view.attach(self._waiter)
        self._books.append(view)
        self._show(view)
        return view

    async def unsubscribe(self, view: BookView) -> None:
        """The view stays as it is."""
        if view in self._books:
            self._books.remove(view)

    def trades_stream(self, market: int, rate: RateClass = RateClass.FAST) -> Reader[Trade]:
        """Trades as they are played. After a jump it goes on from there: ask for `trades` again."""
        return self._reader(self._trades, (market, Stream[Trade]()))

    def ticker_stream(self, market: int, rate: RateClass = RateClass.NORMAL) -> Reader[Ticker]:
        """The ticker at this place, and whenever it changes."""
        stream: Stream[Ticker] = Stream()
        stream.push(self._ticker(market))
        return self._reader(self._tickers, (market, stream))

    def candles_stream(self, market: int, interval: Interval, rate: RateClass = RateClass.NORMAL) -> Reader[Candle]:
        """The last candles at this place, then each as it grows. After a jump they begin anew: ask for `candles`."""
        growing = GrowingCandles(market, interval, self._playhead.candles(market, interval))
        self._candles.append(growing)
        growing.stream.on_close(lambda: self._candles.remove(growing))
        return Reader(growing.stream, self._waiter)

    def candles(
        self, market: int, interval: Interval, *, since_ns: int = 0, until_ns: int = 0, fill_gaps: bool = True
    ) -> ReplayedCandles:
        """Candles up to this place, oldest first, as the client gives them."""
        until_ns = min(until_ns or self._time_ns + 1, self._time_ns + 1)
        every = self._playhead.candles(market, interval)
        first_ns = interval.open_ns(since_ns)
        chosen = [candle for candle in every if first_ns <= candle.open_ns < until_ns]
        if not fill_gaps:
            return ReplayedCandles(chosen)
        before = [candle.close for candle in every if candle.open_ns < first_ns]
        close = before[-1] if before else Ticks(0)
        return ReplayedCandles(filled(chosen, interval, close, first_ns, until_ns))

    async def orders_view(self) -> OrdersView:
        """What was open at this place, if that was recorded."""
        return self._orders

    @property
    def own_fills(self) -> Sequence[Fill]:
        """The last up to this place, oldest first, if they were recorded; another object whenever they are others."""
        return self._fills

    async def balances_view(self) -> BalancesView:
        """Never complete: no recording has them."""
        view = BalancesView()
        view.attach(self._waiter)
        return view

    def own_events(self) -> Reader[Event]:
        """Nothing, ever."""
        return Reader(Stream[Event](), self._waiter)

    # Moving.

    def _tick(self) -> None:
        """Apply what is due, as far as the frame's budget goes."""
        now_ns = self._clock.monotonic_ns()
        self._time_ns += (now_ns - self._ticked_ns) * self.speed_permille // 1_000
        self._ticked_ns = now_ns
        messages: list[Message] = []
        while (due_ns := self._playhead.next_time_ns()) is not None and due_ns <= self._time_ns:
            messages += self._playhead.forward() or ()
            if self._clock.monotonic_ns() - now_ns > FRAME_BUDGET_NS:
                self._time_ns = self._playhead.time_ns
                break
        if self._playhead.is_at_end:
            self.is_playing = False
            self._time_ns = self._playhead.time_ns
        self._publish(messages)
        if self.is_playing:
            self._set_timer()

    def _publish(self, messages: list[Message]) -> None:
        """Tell who listens; books once, however many changes."""
        books = {message.market for message in messages if isinstance(message, BookDelta | BookSnapshot)}
        for view in tuple(self._books):
            if view.market in books:
                self._show(view)
        if any(isinstance(message, AccountPage | FillsPage) for message in messages):
            self._show_own()
        for message in messages:
            if isinstance(message, Trades):
                for market, trades in tuple(self._trades):
                    if market == message.market:
                        for trade in message.trades:
                            trades.push(trade)
                for growing in tuple(self._candles):
                    if growing.market == message.market:
                        growing.add(message.trades)
            elif isinstance(message, Ticker):
                for market, tickers in tuple(self._tickers):
                    if market == message.market:
                        tickers.push(message)
        self._tell_change()

    def _moved(self, has_moved: bool) -> bool:
        if has_moved:
            self._jumped()
        return has_moved

    def _jumped(self, time_ns: int | None = None) -> None:
        self._time_ns = self._playhead.time_ns if time_ns is None else max(time_ns, self._playhead.time_ns)
        self._ticked_ns = self._clock.monotonic_ns()
        for view in tuple(self._books):
            self._show(view)
        self._show_own()
        for market, stream in tuple(self._tickers):
            stream.push(self._ticker(market))
        for growing in tuple(self._candles):
            growing.restart(self._playhead.candles(growing.market, growing.interval))
        for listener in tuple(self._jump_listeners):
            listener()
        self._tell_change()

    def _ticker(self, market: int) -> Ticker:
        return self._playhead.states[market].ticker or Ticker(market=MarketId(market))

    def _show(self, view: BookView) -> None:
        state = self._playhead.states[view.market]
        bids, asks = state.best_bids(), state.best_asks()
        levels = grouped(asks, view.group_ticks, view.depth) + grouped(bids, view.group_ticks, view.depth)
        view.show(levels, sequence=state.book_sequence, time_ns=state.book_time_ns, verified=state.is_verified())

    def _show_own(self) -> None:
        own, fills = self._playhead.states.own, self._playhead.states.fills.rows
        if fills != self._fills:
            self._fills = fills
        self._orders.open = {row.order_id: from_open_order(row, self.sequence) for row in own.orders}
        self._orders.tell()

    def _reader(self, listeners: list[tuple[int, Stream[T]]], entry: tuple[int, Stream[T]]) -> Reader[T]:
        listeners.append(entry)
        entry[1].on_close(lambda: listeners.remove(entry))
        return Reader(entry[1], self._waiter)

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(FRAME_S, self._tick)

    def _drop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tell_change(self) -> None:
        for listener in tuple(self._change_listeners):
            listener()


def _listen(listeners: list[Callable[[], None]], listener: Callable[[], None]) -> Callable[[], None]:
    listeners.append(listener)
    return lambda: listeners.remove(listener)


def recorded_markets(recording: Recording) -> Markets:
    """All markets and assets that the recording knows at its end. DamagedRecording."""
    states = MarketStates()
    last = recording.span(recording.spans - 1)
    with suppress(Unplayable):
        for moment in (last.opening, *last.moments):
            states.apply(moment.blocks)
    recorded = [info for number, info in states.definitions.items() if number in states.markets]
    return Markets(recorded, states.assets.values(), last.opening.sequence)
