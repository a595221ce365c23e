"""Every command has exactly one outcome, whatever the line and the server do."""

from collections import Counter

import pytest

from mexchange.client.answer import Answer
from mexchange.client.errors import NotLive, OutcomeUnknown, Rejected
from mexchange.client.liveness import LivenessState
from mexchange.client.outcomes import answers
from mexchange.codec import MessageType
from mexchange.codec.messages import OrderState
from mexchange.domain.client_id import NO_ID, ClientOrderId, parse
from mexchange.domain.commands import CancelOrder, PlaceOrder
from mexchange.domain.events import Accepted, Done
from mexchange.domain.order import Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Lots, MarketId, OrderId, Ticks
from tests.fakes.exchange_world import ACCOUNT, MARKET, ExchangeWorld
from tests.fakes.session_world import MS, Line, S

PRICE = 99_000


@pytest.fixture
def world() -> ExchangeWorld:
    return ExchangeWorld(Line(1))


def order(client_order_id: ClientOrderId = NO_ID, quantity: int = 5, price: int = PRICE) -> PlaceOrder:
    return PlaceOrder(AccountId(0), client_order_id, MarketId(MARKET), Side.BUY, Lots(quantity), Ticks(price))


def executions(world: ExchangeWorld) -> Counter[bytes]:
    """How often each client order id was accepted by the engine."""
    accepted = (event for event in world.daemon.events if isinstance(event, Accepted))
    return Counter(bytes(event.client_order_id) for event in accepted if event.account == ACCOUNT)


def test_an_order_is_answered_with_the_order_itself(world: ExchangeWorld) -> None:
    client = world.client()
    answer = world.call(client.place(MARKET, Side.BUY, 5, PRICE))
    assert answer.order is not None
    assert (answer.order.state, answer.order.leaves, answer.duplicate) == (OrderState.OPEN, 5, False)
    cancelled = world.call(client.cancel(answer.order_id))
    assert cancelled.order is answer.order
    assert answer.order.state is OrderState.CANCELLED


def test_fills_of_the_same_command_are_in_the_answer(world: ExchangeWorld) -> None:
    client = world.client()
    world.daemon.apply(
        PlaceOrder(AccountId(17), world.client_id(), MarketId(MARKET), Side.SELL, Lots(3), Ticks(100_000))
    )
    answer = world.call(client.place(MARKET, Side.BUY, 5, 100_000, time_in_force=TimeInForce.IOC))
    assert answer.order is not None
    world.run(5 * MS)
    assert (answer.order.filled, answer.order.leaves, answer.order.is_open) == (3, 2, False)
    assert answer.order.ticks_lots == 300_000


@pytest.mark.parametrize("number", range(4))
def test_on_a_bad_line_each_order_happens_once(number: int, seed: int) -> None:
    world = ExchangeWorld(Line(seed + number, loss=20, doubling=20, jitter_ns=50 * MS))
    client = world.client()
    outcomes = world.call(client.place_many([order(price=PRICE - n) for n in range(200)]))
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    assert executions(world) == Counter(bytes(outcome.client_order_id) for outcome in outcomes)
    assert world.until(lambda: client.exchange.stream.at_head, 5 * S)
    assert len(client.exchange.orders.open) == 200


def test_a_daemon_that_dies_loses_and_doubles_nothing(seed: int) -> None:
    world = ExchangeWorld(Line(seed, loss=20, doubling=20, jitter_ns=50 * MS))
    client = world.client()
    pendings = client.exchange.command([order(price=PRICE - n) for n in range(160)], timeout_ns=10 * S)
    world.run(60 * MS)
    world.kill(down_ns=1 * S)
    assert world.until(lambda: all(pending.done for pending in pendings), 30 * S)
    ids = [bytes(pending.result().client_order_id) for pending in pendings]
    assert executions(world) == Counter(ids)
    assert world.until(lambda: client.exchange.stream.at_head, 5 * S)
    assert len(client.exchange.orders.open) == 160


def test_an_id_that_is_used_again_gives_the_first_answer(world: ExchangeWorld) -> None:
    first = world.call(world.client().place(MARKET, Side.BUY, 5, PRICE, client_order_id=parse("grid-1")))
    world.run(1 * S)
    again = world.call(world.client().place(MARKET, Side.BUY, 5, PRICE, client_order_id=parse("grid-1")))
    assert (again.order_id, again.duplicate, first.duplicate) == (first.order_id, True, False)
    assert again.order is not None
    assert (again.order.state, again.order.price) == (OrderState.OPEN, PRICE)


def test_an_id_that_is_used_for_something_else_is_refused(world: ExchangeWorld) -> None:
    client = world.client()
    world.call(client.place(MARKET, Side.BUY, 5, PRICE, client_order_id=parse("grid-1")))
    with pytest.raises(Rejected) as refused:
        world.call(client.place(MARKET, Side.BUY, 6, PRICE, client_order_id=parse("grid-1")))
    assert refused.value.reason is RejectReason.CLIENT_ID_REUSED
    both = world.call(client.place_many([order(parse("grid-2")), order(parse("grid-2"), quantity=6)]))
    assert isinstance(both[0], Answer)
    assert isinstance(both[1], Rejected)


def test_the_same_command_twice_at_once_is_one(world: ExchangeWorld) -> None:
    client = world.client()
    outcomes = world.call(client.place_many([order(parse("grid-1")), order(parse("grid-1"))]))
    assert outcomes[0] is outcomes[1]
    assert sum(executions(world).values()) == 1


def test_our_own_repetition_is_not_a_duplicate(world: ExchangeWorld) -> None:
    client = world.client()
    world.daemon.reports_are_lost = True
    (pending,) = client.exchange.command([order()], timeout_ns=10 * S)
    world.run(50 * MS)
    world.daemon.reports_are_lost = False
    assert world.until(lambda: pending.done, 3 * S)
    assert pending.result().duplicate is False
    assert sum(executions(world).values()) == 1


def test_a_timed_out_order_is_asked_for_and_found(world: ExchangeWorld) -> None:
    client = world.client()
    world.daemon.reports_are_lost = True
    (pending,) = client.exchange.command([order()], timeout_ns=2 * S)
    world.run(2 * S + 100 * MS)
    assert not pending.done
    assert client.liveness().unknown == 1
    assert client.liveness().state >= LivenessState.STALE
    with pytest.raises(NotLive):
        client.exchange.command([order()], timeout_ns=2 * S)
    assert world.until(lambda: pending.done, 2 * S)
    found = pending.result()
    assert found.event is None
    assert found.order is not None
    assert found.order.state is OrderState.OPEN
    assert sum(executions(world).values()) == 1


def test_a_timed_out_order_that_never_arrived_never_will(world: ExchangeWorld) -> None:
    client = world.client()
    world.daemon.deaf_to.add(MessageType.NEW_ORDERS)
    with pytest.raises(Rejected) as refused:
        world.call(client.place(MARKET, Side.BUY, 5, PRICE, timeout_s=2))
    assert refused.value.reason is RejectReason.PAST_DEADLINE
    world.daemon.deaf_to.clear()
    world.run(20 * S)
    assert not executions(world)


def test_without_an_answer_to_the_question_the_outcome_is_unknown_until_there_is_one(world: ExchangeWorld) -> None:
    client = world.client()
    world.daemon.reports_are_lost = True
    world.daemon.deaf_to.add(MessageType.ORDER_QUERY)
    with pytest.raises(OutcomeUnknown) as unknown:
        world.call(client.place(MARKET, Side.BUY, 5, PRICE, timeout_s=2))
    assert unknown.value.exit_code == 7
    world.daemon.deaf_to.clear()
    outcome = world.call(client.resolve(unknown.value.client_order_id, timeout_s=30))
    assert isinstance(outcome, Answer)
    assert outcome.order is not None
    assert outcome.order.is_open
    assert world.call(client.resolve(unknown.value.client_order_id)) is None


def test_a_copy_refused_at_the_door_does_not_hide_an_earlier_one(world: ExchangeWorld) -> None:
    client = world.client()
    world.daemon.reports_are_lost = True
    (pending,) = client.exchange.command([order()], timeout_ns=10 * S)
    world.run(50 * MS)
    world.daemon.reports_are_lost, world.daemon.refuses = False, RejectReason.READ_ONLY
    assert world.until(lambda: pending.done, 3 * S)
    assert pending.result().order_id == 1


def test_an_only_copy_refused_at_the_door_is_refused_at_once(world: ExchangeWorld) -> None:
    client = world.client()
    world.daemon.refuses = RejectReason.READ_ONLY
    started_ns = world.now_ns
    with pytest.raises(Rejected) as refused:
        world.call(client.place(MARKET, Side.BUY, 5, PRICE))
    assert refused.value.reason is RejectReason.READ_ONLY
    assert world.now_ns - started_ns < 10 * MS


def test_a_timed_out_cancel_is_resolved_by_what_it_would_do_now(world: ExchangeWorld) -> None:
    client = world.client()
    answer = world.call(client.place(MARKET, Side.BUY, 5, PRICE))
    world.daemon.reports_are_lost = True
    (pending,) = client.exchange.command([CancelOrder(AccountId(0), NO_ID, OrderId(answer.order_id))], timeout_ns=2 * S)
    assert world.until(lambda: pending.done, 5 * S)
    assert pending.result().order_id == answer.order_id
    world.daemon.deaf_to.add(MessageType.CANCELS)
    with pytest.raises(Rejected) as refused:
        world.call(client.cancel(answer.order_id, timeout_s=2))
    assert refused.value.reason is RejectReason.PAST_DEADLINE


def test_when_stale_cancels_still_go(world: ExchangeWorld) -> None:
    client = world.client()
    answer = world.call(client.place(MARKET, Side.BUY, 5, PRICE))
    world.line.cut = True
    world.run(4 * S)
    assert client.liveness().state is LivenessState.STALE
    with pytest.raises(NotLive):
        world.call(client.place(MARKET, Side.BUY, 5, PRICE))
    cancel = CancelOrder(AccountId(0), NO_ID, OrderId(answer.order_id))
    (pending,) = client.exchange.command([cancel], timeout_ns=10 * S)
    world.line.cut = False
    assert world.until(lambda: pending.done, 5 * S)
    assert pending.result().order is answer.order
    assert client.may_trade


def test_a_reject_is_raised_for_one_and_returned_for_many(world: ExchangeWorld) -> None:
    client = world.client()
    with pytest.raises(Rejected) as refused:
        world.call(client.place(MARKET, Side.BUY, 0, PRICE))
    assert refused.value.code == "E_QUANTITY"
    good, bad = world.call(client.place_many([order(), order(quantity=0)]))
    assert isinstance(good, Answer)
    assert isinstance(bad, Rejected)
    assert bad.sequence > good.sequence


def test_another_command_under_an_id_in_the_same_call_never_leaves(world: ExchangeWorld) -> None:
    client = world.client()
    before = world.daemon.engine.sequence
    first, second = world.call(client.place_many([order(parse("grid-1")), order(parse("grid-1"), quantity=6)]))
    assert isinstance(first, Answer)
    assert isinstance(second, Rejected)
    assert world.daemon.engine.sequence == before + 1


def test_an_order_is_answered_by_its_acceptance_not_by_its_end(world: ExchangeWorld) -> None:
    """Datagrams may overtake: the Done of an IOC order can come first."""
    command = order(parse("grid-1"))
    done = world.daemon.apply(
        PlaceOrder(
            ACCOUNT,
            parse("grid-1"),
            MarketId(MARKET),
            Side.BUY,
            Lots(5),
            Ticks(PRICE),
            time_in_force=TimeInForce.IOC,
        )
    )[-1]
    assert isinstance(done, Done)
    assert not answers(command, done)
    assert answers(CancelOrder(ACCOUNT, parse("grid-1")), done)
