"""The account's events arrive each once and in order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from mexchange.client.account_stream import EVENTS_PER_REQUEST, AccountStream
from mexchange.client.errors import GapUnavailable
from mexchange.codec import MessageType
from mexchange.codec.messages import OrderState
from mexchange.domain.client_id import parse
from mexchange.domain.commands import CancelOrder
from mexchange.domain.events import Event, MassCancelled
from mexchange.domain.order import Side
from mexchange.domain.units import AccountId, MarketId, OrderId, Sequence
from tests.fakes.exchange_world import ACCOUNT, MARKET, ExchangeWorld
from tests.fakes.session_world import MS, Line, S


def events(first: int, last: int) -> list[Event]:
    return [
        MassCancelled(
            account=AccountId(16),
            account_sequence=number,
            sequence=Sequence(number),
            market=MarketId(1),
            client_order_id=parse("anything"),
            side=0,
            orders=0,
        )
        for number in range(first, last + 1)
    ]


def numbers(found: list[Event]) -> list[int]:
    return [event.account_sequence for event in found]


def test_overtaken_datagrams_are_put_in_order_without_a_question() -> None:
    stream = AccountStream()
    stream.start(10)
    assert numbers(stream.receive(events(11, 12), 0)) == [11, 12]
    assert stream.receive(events(15, 16), 0) == []
    assert stream.wanted(1_999_999) is None
    assert numbers(stream.receive(events(13, 14), 1_999_999)) == [13, 14, 15, 16]
    assert stream.wanted(10**12) is None


def test_a_hole_is_asked_for_after_two_milliseconds_and_once() -> None:
    stream = AccountStream()
    stream.start(10)
    stream.receive(events(14, 15), 0)
    assert stream.next_timer_ns() == 2_000_000
    assert stream.wanted(2_000_000) == (11, 13)
    stream.asking = True
    assert stream.wanted(10**9) is None
    assert numbers(stream.receive(events(11, 13), 10**9)) == [11, 12, 13, 14, 15]


def test_a_block_that_is_partly_known_gives_only_its_news() -> None:
    stream = AccountStream()
    stream.start(10)
    stream.receive(events(11, 12), 0)
    assert numbers(stream.receive(events(12, 14), 0)) == [13, 14]


def test_a_jump_goes_on_behind_what_is_known_by_other_means() -> None:
    stream = AccountStream()
    stream.start(10)
    stream.receive(events(25, 26), 0)
    assert numbers(stream.jump(25, 0)) == [25, 26]
    assert stream.jump(40, 0) == []
    assert (stream.next, stream.head, stream.at_head) == (40, 39, True)
    assert stream.jump(30, 0) == []
    assert stream.next == 40, "never back"


def test_a_long_hole_is_asked_for_in_parts() -> None:
    stream = AccountStream()
    stream.start(0)
    stream.announce(1_000, 0)
    assert stream.wanted(2_000_000) == (1, EVENTS_PER_REQUEST)
    assert not stream.at_head
    assert stream.missing == 1_000


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_in_any_order_and_any_number_of_copies_each_event_passes_once(seed: int, count: int) -> None:
    chance = random.Random(seed)
    blocks = []
    first = 1
    while first <= count:
        last = min(count, first + chance.randrange(5))
        blocks += [(first, last)] * chance.randrange(1, 3)
        first = last + 1
    chance.shuffle(blocks)
    stream = AccountStream()
    stream.start(0)
    passed = [number for block in blocks for number in numbers(stream.receive(events(*block), 0))]
    assert passed == list(range(1, count + 1))
    assert stream.at_head


def test_a_lost_tail_is_found_by_the_heartbeat() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    heard: list[Event] = []
    client.exchange.own.on_events(heard.extend)
    answer = world.call(client.place(MARKET, Side.BUY, 5, 99_000))
    world.daemon.reports_are_lost = True
    world.daemon.apply(CancelOrder(ACCOUNT, world.client_id(), OrderId(answer.order_id)))
    world.daemon.reports_are_lost = False
    assert answer.order is not None
    assert world.until(lambda: not client.exchange.stream.at_head, 1 * S)
    marked = client.exchange.orders.gap
    assert world.until(lambda: client.exchange.stream.at_head, 100 * MS)
    assert not answer.order.is_open
    assert (marked, client.exchange.orders.gap) == (True, False)
    assert numbers(heard) == numbers(world.daemon.stream(ACCOUNT))[-len(heard) :]


def test_what_happened_while_the_session_was_lost_is_known_to_be_missing_at_the_login() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    answer = world.call(client.place(MARKET, Side.BUY, 5, 99_000))
    world.line.cut = True
    world.daemon.apply(CancelOrder(ACCOUNT, world.client_id(), OrderId(answer.order_id)))
    world.kill(down_ns=S)
    assert world.until(lambda: client.exchange.logins == 2, 20 * S)
    assert client.exchange.stream.missing == 1
    assert world.until(lambda: client.exchange.stream.at_head, 50 * MS)


def test_events_that_are_gone_for_good_are_replaced_by_a_snapshot() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    breaks: list[GapUnavailable] = []
    client.exchange.own.on_break(breaks.append)
    world.call(client.orders_view())
    first = world.call(client.place(MARKET, Side.BUY, 5, 99_000))
    second = world.call(client.place(MARKET, Side.BUY, 5, 99_001))
    world.line.cut = True
    for _ in range(3):
        world.daemon.apply(CancelOrder(ACCOUNT, world.client_id(), OrderId(first.order_id), target=world.client_id()))
    world.daemon.keeps_from = 10**6
    world.run(1 * S)
    world.line.cut = False
    assert world.until(lambda: bool(breaks) and client.exchange.stream.at_head, 5 * S)
    world.run(100 * MS)
    assert first.order is not None
    assert set(client.exchange.orders.open) == {second.order_id}
    known = client.exchange.orders.get(first.order_id)
    assert known is not None
    assert known.state is OrderState.CANCELLED
    third = world.call(client.place(MARKET, Side.BUY, 5, 99_002))
    assert third.order_id in client.exchange.orders.open


def test_a_gap_that_nobody_fills_is_asked_for_less_and_less() -> None:
    world = ExchangeWorld(Line(1))
    client = world.client()
    world.call(client.place(MARKET, Side.BUY, 5, 99_000))
    world.daemon.reports_are_lost = True
    world.daemon.apply(CancelOrder(ACCOUNT, world.client_id(), OrderId(1)))
    world.daemon.keeps_from = 10**6
    world.daemon.deaf_to.add(MessageType.ACCOUNT_QUERY)
    before = world.daemon.seen[MessageType.GAP_REQUEST]
    world.run(5 * S)
    assert 3 <= world.daemon.seen[MessageType.GAP_REQUEST] - before <= 12
