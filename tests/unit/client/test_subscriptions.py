"""Channels that are refused, overtaken and lost."""

import pytest

from mexchange.client.errors import QueryRefused
from mexchange.codec import MessageType
from mexchange.domain.order import Side
from tests.fakes.exchange_world import MARKET, ExchangeWorld
from tests.fakes.session_world import MS, Line, S


@pytest.fixture
def world() -> ExchangeWorld:
    return ExchangeWorld(Line(1))


def test_a_refused_subscription_is_an_error_and_not_asked_for_again(world: ExchangeWorld) -> None:
    client = world.client()
    with pytest.raises(QueryRefused) as refused:
        world.call(client.subscribe_book(MARKET))
    assert refused.value.code == "E_MARKET_NOT_FOUND"
    trades = client.trades_stream(MARKET)
    with pytest.raises(QueryRefused):
        world.call(trades.__anext__())
    world.run(5 * S)
    assert world.daemon.seen[MessageType.SUBSCRIBE] == 2
    assert len(client.exchange.subscriptions) == 0


@pytest.mark.parametrize("overtakes", [False, True])
def test_a_snapshot_may_overtake_the_answer_that_announces_it(world: ExchangeWorld, overtakes: bool) -> None:
    world.daemon.snapshots_overtake = overtakes
    client = world.client()
    world.call(client.place(MARKET, Side.BUY, 5, 99_000))
    view = world.call(client.subscribe_book(MARKET))
    world.run(5 * MS)
    assert view.verified
    assert [level.price for level in view.bids] == [99_000]
    assert world.daemon.seen[MessageType.SUBSCRIBE] == 1


def test_a_lost_session_is_a_gap_in_every_book_until_it_is_back(world: ExchangeWorld) -> None:
    world.daemon.snapshots_overtake = False
    client = world.client()
    view = world.call(client.subscribe_book(MARKET))
    world.run(5 * MS)
    verified: list[bool] = []
    view.on_change(lambda: verified.append(view.verified))
    world.kill(down_ns=1 * S)
    assert world.until(lambda: client.exchange.logins == 2 and view.verified, 20 * S)
    assert verified == [False, True]


def test_a_channel_that_we_had_is_tried_again_now_and_then(world: ExchangeWorld) -> None:
    world.daemon.snapshots_overtake = False
    client = world.client()
    view = world.call(client.subscribe_book(MARKET))
    world.run(5 * MS)
    world.daemon.snapshots_overtake = None
    world.kill()
    assert world.until(lambda: client.exchange.logins == 2, 20 * S)
    before = world.daemon.seen[MessageType.SUBSCRIBE]
    world.run(5 * S)
    assert 3 <= world.daemon.seen[MessageType.SUBSCRIBE] - before <= 6
    world.daemon.snapshots_overtake = True
    assert world.until(lambda: view.verified, 2 * S)
