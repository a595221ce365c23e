"""Who may do what, asked of a real daemon: nothing of it reaches the journal."""

import time
from collections.abc import Callable

import pytest

from mexchange.codec import MessageType, encode, encode_cancels
from mexchange.codec.blocks import pack
from mexchange.codec.messages import (
    AccountPage,
    AccountQuery,
    GapRequest,
    LoginRefusal,
    OrderQuery,
    OrdersQuery,
    Preview,
    QueryRefused,
    StatusAnswer,
    StatusQuery,
    Unsupported,
)
from mexchange.daemon import people
from mexchange.domain.client_id import parse
from mexchange.domain.commands import (
    AdvanceTime,
    AmendOrder,
    CancelOrder,
    Command,
    Deposit,
    MassCancel,
    PlaceOrder,
    SetMarketStatus,
    Transfer,
)
from mexchange.domain.events import Accepted, Deposited, Rejected
from mexchange.domain.market import MarketStatus
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import READ_ONLY
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, Ticks, TimeNs
from mexchange.protocol.login import AnonymousLogin, KeyLogin, public_key_of
from tests.integration.daemon.market import Market, Visitor, key_login, own_seed

ID = parse("mine")
EUR, KCN_EUR = AssetId(1), MarketId(1)


def order(account: int = 0, name: str = "mine") -> PlaceOrder:
    return PlaceOrder(AccountId(account), parse(name), KCN_EUR, Side.BUY, Lots(2_000), Ticks(90_000))


TRADERS: list[Callable[[int], Command]] = [
    order,
    lambda account: CancelOrder(AccountId(account), ID, OrderId(1)),
    lambda account: AmendOrder(AccountId(account), ID, OrderId(1), Ticks(5)),
    lambda account: MassCancel(AccountId(account), ID),
    lambda account: Transfer(AccountId(account), ID, AccountId(16), EUR, Atoms(1)),
]


def sequence(visitor: Visitor) -> int:
    """Where the journal stands."""
    found: dict[str, int] = {}
    for answer in visitor.ask(StatusQuery()):
        assert isinstance(answer, StatusAnswer)
        found |= {counter.name: counter.value for counter in answer.counters}
    return found["sequence"]


def refusal(visitor: Visitor, command: Command | bytes) -> RejectReason:
    """Why the daemon does not take it."""
    seen = len(visitor.events)
    visitor.tell(command if isinstance(command, bytes) else encode(command))
    visitor.wait(lambda: len(visitor.events) > seen)
    event = visitor.events[-1]
    assert isinstance(event, Rejected)
    assert (event.sequence, event.account_sequence) == (0, 0), "never journalled"
    return event.reason


def read_only_key(market: Market, visitor: Visitor) -> KeyLogin:
    """A second key of somebody, put on record beside the running daemon."""
    assert visitor.accepted is not None
    seed = own_seed()
    people.issue_key(
        market.data,
        public_key_of(seed),
        of_key=visitor.accepted.key_id,
        label="look",
        scopes=READ_ONLY,
        time_ns=time.time_ns(),
    )
    return key_login(seed)


def test_a_read_only_key_sees_everything_of_its_owner_and_moves_nothing(market: Market) -> None:
    market.start()
    ann = market.visit()
    viewer = market.visit(read_only_key(market, ann))
    assert viewer.account == ann.account
    (page,) = viewer.ask(AccountQuery())
    assert isinstance(page, AccountPage)
    assert page.account == ann.account
    before = sequence(viewer)
    for command in TRADERS:
        assert refusal(viewer, command(0)) is RejectReason.SCOPE_MISSING, command
    assert refusal(viewer, Deposit(AccountId(ann.account), ID, EUR, Atoms(1))) is RejectReason.SCOPE_MISSING
    assert sequence(viewer) == before
    ann.tell(encode(order(name="hers")))
    assert isinstance(viewer.wait_event(lambda event: isinstance(event, Accepted)), Accepted)


def test_a_revoked_key_is_out_within_a_second(market: Market) -> None:
    market.start()
    ann = market.visit()
    viewer = market.visit(read_only_key(market, ann))
    assert viewer.accepted is not None
    people.revoke_key(market.data, viewer.accepted.key_id, time_ns=time.time_ns())
    viewer.wait(lambda: viewer.refused is not None)
    assert viewer.refused is not None
    assert viewer.refused.refusal == LoginRefusal.KEY_REVOKED
    assert sequence(ann) > 0, "the owner's other key is as good as before"


def test_a_foreign_account_is_refused_in_every_command_and_question(market: Market) -> None:
    market.start()
    ann, bob = market.visit(), market.visit()
    assert ann.account != bob.account
    before = sequence(bob)
    for command in TRADERS:
        assert refusal(bob, command(ann.account)) is RejectReason.FOREIGN_ACCOUNT, command
    foreign = AccountId(ann.account)
    for question in (
        AccountQuery(foreign),
        OrderQuery(foreign, OrderId(1)),
        OrdersQuery(foreign),
        GapRequest(foreign, 1, 5),
    ):
        (answer,) = bob.ask(question)
        assert answer == QueryRefused("E_ACCOUNT", "that account is not yours")
    assert refusal_of_preview(bob, order(ann.account)) is RejectReason.FOREIGN_ACCOUNT
    assert sequence(bob) == before


def refusal_of_preview(visitor: Visitor, command: Command) -> RejectReason:
    visitor.ask(Preview(encode(command)))
    event = visitor.events[-1]
    assert isinstance(event, Rejected)
    return event.reason


def test_who_is_not_logged_in_sees_what_everybody_sees(market: Market) -> None:
    market.start()
    nobody = market.visit(AnonymousLogin())
    assert nobody.account == 0
    before = sequence(nobody)
    for command in TRADERS:
        assert refusal(nobody, command(0)) is RejectReason.NOT_LOGGED_IN
        assert refusal(nobody, command(16)) is RejectReason.NOT_LOGGED_IN
    (answer,) = nobody.ask(AccountQuery(AccountId(16)))
    assert isinstance(answer, QueryRefused)
    assert answer.code == "E_AUTH"
    assert sequence(nobody) == before


def test_an_operator_acts_for_others_and_traders_are_no_operators(market: Market) -> None:
    market.start()
    ann, operator = market.visit(), market.visit_as_operator()
    assert operator.account == 0
    deposit = Deposit(AccountId(ann.account), ID, EUR, Atoms(77))
    assert refusal(ann, deposit) is RejectReason.SCOPE_MISSING
    assert refusal(ann, SetMarketStatus(KCN_EUR, MarketStatus.HALTED)) is RejectReason.SCOPE_MISSING
    operator.tell(encode(deposit))
    answer = operator.wait_event(lambda event: isinstance(event, Deposited) and event.client_order_id == ID)
    assert isinstance(answer, Deposited)
    assert (answer.account, answer.amount) == (ann.account, 77)
    hers = ann.wait_event(lambda event: isinstance(event, Deposited) and event.client_order_id == ID)
    assert (hers.sequence, hers.account_sequence) == (answer.sequence, 6), "opened, four grants, this"


def test_nobody_moves_time_and_unknown_types_are_named(market: Market) -> None:
    market.start()
    ann = market.visit()
    for block, number in ((encode(AdvanceTime()), 211), (pack(999, bytes(8)), 999)):
        (answer,) = ann.ask(block)
        assert answer == Unsupported(number)


@pytest.mark.parametrize(
    "payload", [b"", bytes(8), bytes(64), b"\xff" * 64], ids=["empty", "8 zeros", "64 zeros", "64 ff"]
)
def test_garbage_is_refused_by_name(market: Market, payload: bytes) -> None:
    market.start()
    ann = market.visit()
    before = sequence(ann)
    for message_type in (MessageType.NEW_ORDERS, MessageType.CANCELS, MessageType.TRANSFER):
        assert refusal(ann, pack(message_type, payload)) is RejectReason.MALFORMED
    assert refusal(ann, pack(MessageType.NEW_ORDERS, encode(order())[8:24])) is RejectReason.MALFORMED
    (answer,) = ann.ask(pack(MessageType.ACCOUNT_QUERY, b"\xff" * 16))
    assert isinstance(answer, QueryRefused)
    assert answer.code == "E_MALFORMED"
    assert sequence(ann) == before


def test_what_comes_after_its_deadline_is_refused_with_each_id(market: Market) -> None:
    market.start()
    ann = market.visit()
    late = [CancelOrder(AccountId(0), parse(f"c{n}"), OrderId(1), deadline_ns=TimeNs(1)) for n in range(20)]
    ann.tell(encode_cancels(late))
    ann.wait(lambda: len(ann.events) == 20)
    assert {event.client_order_id for event in ann.events if isinstance(event, Rejected)} == {
        cancel.client_order_id for cancel in late
    }
    assert {event.reason for event in ann.events if isinstance(event, Rejected)} == {RejectReason.PAST_DEADLINE}


def test_a_key_that_nobody_knows_does_not_come_in(market: Market) -> None:
    market.start()
    stranger = market.visit(key_login(own_seed()))
    assert stranger.refused is not None
    assert stranger.refused.refusal == LoginRefusal.UNKNOWN_KEY
