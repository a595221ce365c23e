"""The account stream: every session of an account, every gap, and the end of what is remembered."""

from mexchange.codec import decode, encode, encode_orders
from mexchange.codec.events import decode_reports
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    GapRequest,
    GapUnavailable,
    Preview,
    PreviewAnswer,
    Reports,
)
from mexchange.domain.client_id import parse
from mexchange.domain.commands import MassCancel, PlaceOrder
from mexchange.domain.events import Accepted, Done, Event, MassCancelled
from mexchange.domain.order import OrderFlag, OrderType, Side, TimeInForce
from mexchange.domain.units import AccountId, Atoms, Lots, MarketId, Ticks
from tests.integration.daemon.market import Market, Visitor

MINE = AccountId(0)


def orders(stem: str, count: int) -> bytes:
    """A block of small orders that rest."""
    return encode_orders(
        [
            PlaceOrder(MINE, parse(f"{stem}-{number}"), MarketId(1), Side.BUY, Lots(10), Ticks(50_000 + number))
            for number in range(count)
        ]
    )


def stream_of(visitor: Visitor) -> list[int]:
    """Account sequences of the events that belong to the stream, as they came."""
    return [event.account_sequence for event in visitor.events if event.account_sequence]


def fill(visitor: Visitor, first: int, last: int) -> list[Event]:
    """What a gap request brings."""
    events: list[Event] = []
    begin = len(visitor.inbox)
    visitor.ask(GapRequest(MINE, first, last))
    visitor.turn()
    for message_type, correlation, payload in dict.fromkeys(visitor.inbox[begin:]):  # it may have been asked twice
        reports = decode(message_type, payload)
        if correlation and isinstance(reports, Reports):
            events += decode_reports(reports)
    return events


def test_all_sessions_of_an_account_see_one_stream_without_holes(market: Market) -> None:
    market.start()
    ann = market.visit()
    same = market.visit(ann.login)
    assert ann.accepted is not None
    head = ann.accepted.account_sequence
    ann.tell(orders("a", 16))
    ann.tell(encode(MassCancel(MINE, parse("all"))))
    for visitor in (ann, same):
        visitor.wait_event(lambda event: isinstance(event, MassCancelled))
        assert sorted(set(stream_of(visitor))) == list(range(head + 1, head + 34))
    ann.wait(lambda: any(event.account_sequence == 0 for event in ann.events))
    answers = [event for event in ann.events if event.account_sequence == 0]
    assert [type(event) for event in answers] == [MassCancelled], "the asker hears the outcome, not its consequences"


def test_a_gap_is_filled_from_the_ring_also_after_kill_9(market: Market) -> None:
    market.start()
    ann = market.visit()
    assert ann.accepted is not None
    head = ann.accepted.account_sequence
    ann.tell(orders("a", 16))
    ann.wait(lambda: len(stream_of(ann)) == 16)
    seen = [event for event in ann.events if event.account_sequence]
    assert fill(ann, head + 3, head + 9) == seen[2:9]
    market.kill()
    market.start()
    again = market.visit(ann.login)
    assert again.accepted is not None
    assert again.accepted.account_sequence == head + 16
    assert fill(again, head + 1, head + 16) == seen
    assert market.stop() == 0
    market.start()
    last = market.visit(ann.login)
    assert fill(last, head + 1, head + 16) == seen, "the snapshot carries the youngest events"


def test_what_is_too_old_is_said_to_be_and_the_account_page_goes_on_from_there(market: Market) -> None:
    market = Market(market.data, MX_DAEMON_LIMITS_EVENT_RING_EVENTS="256", MX_DAEMON_SEGMENT_BYTES=str(4 << 20))
    market.start()
    try:
        ann = market.visit()
        for number in range(16):
            ann.tell(orders(f"a{number}", 16))
            ann.tell(encode(MassCancel(MINE, parse(f"all-{number}"))))
            ann.wait(lambda: sum(isinstance(event, MassCancelled) for event in ann.events) == 2 * (number + 1))  # noqa: B023
        head = max(stream_of(ann))
        (answer,) = ann.ask(GapRequest(MINE, 1, 20))
        assert isinstance(answer, GapUnavailable)
        assert answer.head == head
        assert answer.first_available == head - 255
        (page,) = ann.ask(AccountQuery())
        assert isinstance(page, AccountPage)
        assert (page.account_sequence, page.orders) == (head, [])
        (ahead,) = ann.ask(GapRequest(MINE, head + 1, head + 9))
        assert isinstance(ahead, GapUnavailable)
        assert ahead.head == head
    finally:
        market.end()


def test_a_preview_tells_what_would_happen_and_changes_nothing(market: Market) -> None:
    market.start()
    ann = market.visit()
    ann.tell(encode(PlaceOrder(MINE, parse("rests"), MarketId(1), Side.BUY, Lots(10), Ticks(99_000))))
    ann.wait_event(lambda event: isinstance(event, Accepted))
    told = len(ann.events)
    market_sell = PlaceOrder(
        MINE, parse("now"), MarketId(1), Side.SELL, Lots(5), order_type=OrderType.MARKET, time_in_force=TimeInForce.IOC
    )
    quote = PlaceOrder(
        MINE,
        parse("quote"),
        MarketId(1),
        Side.BUY,
        Lots(int(Atoms(10**9))),
        order_type=OrderType.MARKET,
        time_in_force=TimeInForce.IOC,
        flags=OrderFlag.QUOTE_AMOUNT,
    )
    answers = []
    for command in (market_sell, quote, market_sell):
        (answer,) = ann.ask(Preview(encode(command)))
        assert isinstance(answer, PreviewAnswer)
        answers.append(answer)
    assert len({(answer.state_hash, answer.journal_bytes, answer.sequence) for answer in answers}) == 1
    assert answers[0].records == answers[2].records
    kinds = [record[24] for record in _rows(answers[0].records)]
    assert kinds[0] == 1, "accepted first"
    assert len(ann.events) == told, "nothing reaches the stream"


def _rows(records: bytes) -> list[bytes]:
    return [records[at : at + 80] for at in range(0, len(records), 80)]


def test_cancelling_at_a_distance_ends_orders_for_everybody(market: Market) -> None:
    market.start()
    ann = market.visit()
    ann.tell(orders("x", 3))
    ann.wait(lambda: len(stream_of(ann)) == 3)
    operator = market.visit_as_operator()
    operator.tell(encode(MassCancel(AccountId(ann.account), parse("by-operator"))))
    outcome = operator.wait_event(lambda event: isinstance(event, MassCancelled))
    assert isinstance(outcome, MassCancelled)
    assert (outcome.account, outcome.orders) == (ann.account, 3)
    ann.wait(lambda: sum(isinstance(event, Done) for event in ann.events) == 3)
