"""A client order id is answered once; what is remembered how long, and what is never executed twice."""

from typing import Final

import pytest

from mexchange.core import idempotence
from mexchange.core.digest import Content
from mexchange.core.idempotence import REMEMBERED_NS, TEXTS_MAX, UUIDS_MAX
from mexchange.core.state import Answer, Memory
from mexchange.domain.client_id import NO_ID, ClientOrderId, mint, parse
from mexchange.domain.commands import (
    CancelOrder,
    ChangeAccount,
    Command,
    CreateAsset,
    Deposit,
    MassCancel,
    OpenAccount,
    PlaceOrder,
    Transfer,
    Withdraw,
)
from mexchange.domain.events import Accepted, AccountOpened, AssetChanged, Deposited, Rejected, Repeated
from mexchange.domain.market import AccountSetting
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import AccountId, Atoms, Lots, MarketId, OrderId, OwnerId, Sequence, Ticks, TimeNs
from tests.engine.engines import state_of
from tests.engine.table import EUR, MARKET, Table, check


def test_the_same_order_again_gets_the_first_answer_again(table: Table) -> None:
    check(
        table,
        """
        ann buy 5 @ 100 id=a        -> 5 rests
        ann buy 5 @ 100 id=a        -> repeats ACCEPTED
        ann buy 6 @ 100 id=a        -> refused CLIENT_ID_REUSED (7)
        bob buy 6 @ 100 id=a        -> 6 rests
        ann cancel id=a             -> 5 cancelled
        ann buy 5 @ 100 id=a        -> repeats ACCEPTED
        """,
    )


def test_a_reject_is_an_answer_too_even_when_it_would_not_come_again(table: Table) -> None:
    check(
        table,
        """
        market halted               -> halted
        ann buy 5 @ 100 id=a        -> refused MARKET_HALTED
        market open                 -> open
        ann buy 5 @ 100 id=a        -> repeats REJECTED MARKET_HALTED
        """,
    )


def test_the_deadline_and_the_asker_are_not_part_of_a_command(table: Table) -> None:
    ann = table.account("ann")
    first = PlaceOrder(ann, parse("a"), MARKET, Side.BUY, Lots(5), Ticks(100), deadline_ns=TimeNs(5))
    (accepted, _) = table.apply(first)
    later = PlaceOrder(
        ann, parse("a"), MARKET, Side.BUY, Lots(5), Ticks(100), actor=AccountId(77), deadline_ns=TimeNs(9)
    )
    (repeated,) = table.apply(later)
    assert isinstance(accepted, Accepted)
    assert isinstance(repeated, Repeated)
    assert (repeated.order_id, repeated.first_sequence) == (accepted.order_id, accepted.sequence)
    assert repeated.account_sequence == 0, "it is for the asker, not in the stream"


def test_a_deadline_is_no_part_of_the_commands_that_come_alone_either(table: Table) -> None:
    ann, bob = table.account("ann"), table.account("bob")
    for name, make in (
        ("w", lambda deadline: Withdraw(ann, parse("w"), EUR, Atoms(5), deadline_ns=TimeNs(deadline))),
        ("t", lambda deadline: Transfer(ann, parse("t"), bob, EUR, Atoms(5), deadline_ns=TimeNs(deadline))),
        ("m", lambda deadline: MassCancel(ann, parse("m"), deadline_ns=TimeNs(deadline))),
    ):
        first = table.apply(make(5))
        (again,) = table.apply(make(6))
        assert isinstance(again, Repeated), name
        assert again.first_sequence == first[0].sequence


def test_one_id_serves_one_command_of_any_kind(table: Table) -> None:
    ann = table.account("ann")
    table.apply(PlaceOrder(ann, parse("a"), MARKET, Side.BUY, Lots(5), Ticks(100)))
    (event,) = table.apply(CancelOrder(ann, parse("a"), OrderId(1)))
    assert isinstance(event, Rejected)
    assert event.reason is RejectReason.CLIENT_ID_REUSED
    (deposited,) = table.apply(Deposit(ann, parse("d"), EUR, Atoms(5)))
    (repeated,) = table.apply(Deposit(ann, parse("d"), EUR, Atoms(5)))
    (reused,) = table.apply(Deposit(ann, parse("d"), EUR, Atoms(6)))
    assert isinstance(deposited, Deposited)
    assert isinstance(repeated, Repeated)
    assert isinstance(reused, Rejected)
    assert reused.detail == deposited.sequence


def test_an_amend_with_the_bytes_of_an_order_is_another_command() -> None:
    """Both rows are 48 bytes; the message type is part of what is digested."""
    for quick_from in (None, 1):
        assert (
            Content(b"\x64\x00" + bytes(48), quick_from).digest != Content(b"\x66\x00" + bytes(48), quick_from).digest
        )


def test_operators_may_leave_the_id_out_and_are_then_executed_each_time(table: Table) -> None:
    ann = table.account("ann")
    for _ in range(2):
        (event,) = table.apply(ChangeAccount(ann, AccountSetting.FEE_TIER, 1))
        assert not isinstance(event, Repeated)
    (first,) = table.apply(CreateAsset("AAA", client_order_id=parse("a")))
    (again,) = table.apply(CreateAsset("AAA", client_order_id=parse("a")))
    (other,) = table.apply(CreateAsset("BBB", client_order_id=parse("a")))
    assert isinstance(first, AssetChanged)
    assert isinstance(again, Repeated)
    assert isinstance(other, Rejected)
    assert (again.account, other.account, other.account_sequence) == (0, 0, 0)


def test_opening_an_account_again_names_it_again(table: Table) -> None:
    (first,) = table.apply(OpenAccount(OwnerId(2**64 - 1), 3))
    (again,) = table.apply(OpenAccount(OwnerId(2**64 - 1), 3))
    (other,) = table.apply(OpenAccount(OwnerId(2**64 - 1), 4))
    assert isinstance(first, AccountOpened)
    assert isinstance(again, AccountOpened)
    assert isinstance(other, AccountOpened)
    assert (first.account, first.account_sequence) == (16, 1)
    assert (again.account, again.account_sequence) == (16, 0)
    assert (other.account, other.owner, other.number) == (17, 2**64 - 1, 4)


SAME: Final = Content(bytes(50), None)


def answer(number: int) -> Answer:
    return Answer(SAME.digest, 1, 0, MarketId(1), OrderId(number), Sequence(number))


def finish_uuid(memory: Memory, number: int, now_ns: int) -> ClientOrderId:
    client_order_id = mint(number + 1, 0)
    idempotence.remember(memory, client_order_id, answer(number))
    idempotence.finish(memory, client_order_id, now_ns)
    return client_order_id


def test_beyond_the_limit_the_smallest_uuid_goes_and_is_stale_from_then_on() -> None:
    memory = Memory()
    for number in range(UUIDS_MAX):
        finish_uuid(memory, number, now_ns=number)
    late = REMEMBERED_NS + UUIDS_MAX
    assert len(memory.answers) == UUIDS_MAX
    finish_uuid(memory, UUIDS_MAX, late)
    finish_uuid(memory, UUIDS_MAX + 1, late)
    assert len(memory.answers) == UUIDS_MAX
    assert idempotence.recall(memory, mint(1, 0), SAME) is RejectReason.STALE_CLIENT_ID
    assert idempotence.recall(memory, mint(2, 0), SAME) is RejectReason.STALE_CLIENT_ID
    assert idempotence.recall(memory, mint(1, 5), SAME) is RejectReason.STALE_CLIENT_ID
    assert idempotence.recall(memory, mint(2, 1), SAME) is None
    assert isinstance(idempotence.recall(memory, mint(3, 0), SAME), Answer)


def test_an_old_id_that_finishes_late_is_kept_its_sixty_seconds() -> None:
    memory = Memory()
    old = mint(1, 0)
    idempotence.remember(memory, old, answer(0))
    for number in range(1, UUIDS_MAX + 1):
        finish_uuid(memory, number, now_ns=number)
    late = REMEMBERED_NS * 2
    idempotence.finish(memory, old, late)
    assert isinstance(idempotence.recall(memory, old, SAME), Answer)
    assert idempotence.recall(memory, mint(2, 0), SAME) is RejectReason.STALE_CLIENT_ID
    for number in range(UUIDS_MAX + 1, UUIDS_MAX + 5):
        finish_uuid(memory, number, late + REMEMBERED_NS - 1)
    assert isinstance(idempotence.recall(memory, old, SAME), Answer)
    finish_uuid(memory, UUIDS_MAX + 9, late + REMEMBERED_NS)
    assert idempotence.recall(memory, old, SAME) is RejectReason.STALE_CLIENT_ID


def test_the_bound_holds_even_if_all_finish_within_sixty_seconds() -> None:
    memory = Memory()
    for number in range(UUIDS_MAX + 100):
        finish_uuid(memory, number, now_ns=0)
    assert len(memory.answers) == UUIDS_MAX == len(memory.recent) + len(memory.settled)


def test_the_ids_of_open_orders_are_never_forgotten() -> None:
    memory = Memory()
    pinned = [mint(1, 0), parse("text")]
    for each in pinned:
        idempotence.remember(memory, each, answer(1))
    for number in range(1, UUIDS_MAX + 10):
        finish_uuid(memory, number, number * REMEMBERED_NS)
    for number in range(TEXTS_MAX + 10):
        finish_text(memory, f"t{number}")
    for each in pinned:
        assert isinstance(idempotence.recall(memory, each, SAME), Answer)


def finish_text(memory: Memory, text: str) -> None:
    idempotence.remember(memory, parse(text), answer(1))
    idempotence.finish(memory, parse(text), 0)


def test_text_ids_go_first_in_first_out_and_may_then_be_used_anew() -> None:
    memory = Memory()
    for number in range(TEXTS_MAX + 1):
        finish_text(memory, f"t{number}")
    assert idempotence.recall(memory, parse("t0"), SAME) is None
    assert isinstance(idempotence.recall(memory, parse("t1"), SAME), Answer)
    assert len(memory.answers) == TEXTS_MAX


@pytest.mark.parametrize("raw", [NO_ID, b"\x20" * 16, b"a\0b".ljust(16, b"\0"), b"\x80" * 16])
def test_what_is_no_id_is_told_apart(raw: bytes) -> None:
    assert idempotence.recall(Memory(), raw, SAME) is RejectReason.CLIENT_ID_INVALID


def test_a_memory_survives_a_snapshot_with_all_its_queues(table: Table) -> None:
    ann = table.account("ann")
    ids = [mint(1_000 + number, number) for number in range(UUIDS_MAX + 3)]
    commands: list[Command] = [CancelOrder(ann, each, OrderId(1)) for each in ids]
    table.apply_many(commands[:40_000])
    table.time_ns += REMEMBERED_NS
    table.apply_many(commands[40_000:])
    assert len(state_of(table.engine).accounts[ann].memory.recent) < UUIDS_MAX
    check(
        table,
        """
        ann buy 5 @ 100 id=a        -> 5 rests
        ann buy 5 @ 100 id=a        -> repeats ACCEPTED
        """,
    )
