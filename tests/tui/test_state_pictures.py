"""What each state looks like at the three sizes: a daemon falls silent, its line loses what is long, its market halts.

Each state is caused once and looked at by resizing the same app. Those that pass by themselves are caused again for the
sizes that a busy machine was too slow for.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pytest
from textual.pilot import Pilot

from mexchange.client.answer import Answer
from mexchange.codec.messages import MarketInfo
from mexchange.domain.commands import PlaceOrder
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.units import MarketId
from mexchange.tui.app import MxApp
from mexchange.tui.vitals import ScreenState
from tests.fakes.proxy import SIZE_MAX as WIDE
from tests.fakes.proxy import LossyProxy
from tests.tui.grid import check_snapshot, grid
from tests.tui.picture_market import SIZES, Clocked, shown
from tests.tui.stage import BEST_BID, Stage, app_of, order, wait_for
from tests.tui.trading import cleared, screen_of, told, typed

NARROW: Final = 300
"""Bytes: heartbeats pass, the changes of sixteen levels and a snapshot of the book do not."""
ROUNDS: Final = 12
_S: Final = 10**9
AGES: Final = {ScreenState.STALE: (3, 5), ScreenState.RECONNECT: (5, 10), ScreenState.OFFLINE: (30, 99)}
"""Seconds of silence between which a state is photographed: its age has one width then."""


def is_trusted(app: MxApp) -> bool:
    """Live, or as good on a busy machine."""
    return app.shell.vitals.state in (ScreenState.LIVE, ScreenState.SLOW)


def is_at(app: MxApp, state: ScreenState) -> Callable[[], bool]:
    """Is this the state, at an age that is photographed."""
    first, last = AGES[state]
    return lambda: app.shell.vitals.state is state and first * _S <= app.shell.vitals.age_ns < last * _S


async def photographed(
    pilot: Pilot[Any],
    name: str,
    blank: Clocked,
    sizes: Iterable[tuple[int, int]] = SIZES,
    holds: Callable[[], bool] | None = None,
) -> list[tuple[int, int]]:
    """Look at each size, without the notes that go by themselves; the sizes that were not reached while it held."""
    left = list(sizes)
    for size in tuple(left):
        pilot.app.clear_notifications()
        if pilot.app.size != size:
            await pilot.resize_terminal(*size)
        more = {} if holds is None else {"holds": holds}
        name_of_size, drawn = "{}_{}x{}".format(name, *size), size == SIZES[0]
        if why := await check_snapshot(pilot, name_of_size, blank=blank, drawn=drawn, **more):
            print(f"{name_of_size} not seen in time:\n{why}")
            break
        left.remove(size)
    return left


async def test_a_silent_daemon(stage: Stage, picture_market: MarketInfo) -> None:
    """With an order that nobody has answered: once it is offline, its row says so."""
    async with shown(stage, SIZES[1]) as (pilot, clocked):
        app = app_of(pilot)
        orders = screen_of(pilot).desktop.panels["orders"]
        left = {state: list(SIZES) for state in AGES}
        for _ in range(ROUNDS):
            await _silenced(stage, pilot, next(sizes[0] for sizes in left.values() if sizes))
            for state in [state for state, sizes in left.items() if sizes and app.dealer.trader.rows.pending]:
                await wait_for(pilot, lambda state=state: app.shell.vitals.age_ns >= AGES[state][0] * _S)  # type: ignore[misc]
                is_asked = state is not ScreenState.OFFLINE  # `sending` or `?`, at an age of its own
                blank = (lambda: [*clocked(), orders.content.region]) if is_asked else clocked
                left[state] = await photographed(pilot, state.name.lower(), blank, left[state], is_at(app, state))
            stage.resume()
            await wait_for(pilot, lambda: is_trusted(app) and not app.dealer.trader.rows.pending)
            await cleared(pilot)
            if not any(left.values()):
                break
        assert not any(left.values()), left
        assert not app.screen.has_class("-stale")
        assert "no word for" in told(pilot)
        assert "again at seq" in told(pilot)


async def _silenced(stage: Stage, pilot: Pilot[Any], size: tuple[int, int]) -> None:
    """An order is typed, the daemon falls silent, the order is sent."""
    app = app_of(pilot)
    await pilot.resize_terminal(*size)
    await wait_for(pilot, lambda: is_trusted(app))
    await typed(pilot, "buy", "999.51", "0.5")
    stage.pause()
    await pilot.press("enter")
    await wait_for(pilot, lambda: app.dealer.trader.rows.pending or app.shell.vitals.state is ScreenState.RECONNECT)
    await pilot.press("escape", "escape")  # a cursor would blink


async def test_gaps(stage: Stage, picture_market: MarketInfo) -> None:
    """Of the book, then also of the own account."""
    with LossyProxy(("127.0.0.1", stage.run.port), seed=3) as line:
        found = stage.known(line.address[1])
        async with shown(stage, SIZES[1], found=found) as (pilot, clocked), stage.maker() as maker:
            app = app_of(pilot)
            await wait_for(pilot, lambda: is_trusted(app))
            line.longest = NARROW
            placed = await maker.place_many(_sixteen(picture_market))
            await wait_for(pilot, lambda: "GAP mending the book" in grid(app)[-2])
            assert not await photographed(pilot, "gap", clocked)
            assert "the book was mended" not in told(pilot)
            async with stage.app(size=(80, 24)) as other:
                client = app_of(other).shell.client
                assert client is not None
                await client.place_many(_sixteen(picture_market))
            await wait_for(pilot, lambda: "GAP replaying 16 events" in grid(app)[-2])
            assert not await photographed(pilot, "gap_own", clocked, SIZES[1:2])
            line.longest = WIDE
            await wait_for(pilot, lambda: is_trusted(app) and "the book was mended" in told(pilot))
            await wait_for(pilot, lambda: "caught up: 16 events replayed" in told(pilot))
            assert "gap 0" not in grid(app)[-2]
            await maker.cancel_many([answer.order_id for answer in placed if isinstance(answer, Answer)])
            await cleared(pilot)


async def test_a_market_that_is_not_open(stage: Stage, picture_market: MarketInfo) -> None:
    async with shown(stage, SIZES[1]) as (pilot, clocked), stage.operator() as operator:
        app = app_of(pilot)
        market = MarketId(picture_market.market)
        for status, sizes in ((MarketStatus.HALTED, SIZES), (MarketStatus.CANCEL_ONLY, SIZES[:1])):
            await operator.set_market_status(market, status)
            await wait_for(pilot, lambda status=status: status.name.replace("_", " ") in grid(app)[1])  # type: ignore[misc]
            assert app.screen.has_class("-halted")
            assert not await photographed(pilot, status.name.lower(), clocked, sizes)
        await operator.set_market_status(market, MarketStatus.OPEN)
        await wait_for(pilot, lambda: "CANCEL ONLY" not in grid(app)[1] and not app.screen.has_class("-halted"))


def _sixteen(market: MarketInfo) -> list[PlaceOrder]:
    """Orders at as many prices, below the picture."""
    return [order(Side.BUY, BEST_BID - 200 - number, 100, market.market) for number in range(16)]


@pytest.fixture(autouse=True)
def _awake(stage: Stage) -> Iterator[None]:
    """No test leaves the daemon paused."""
    yield
    stage.resume()
