"""Both engines are given the same random frames and say the same, to the last byte and the last bit of state.

Where the native engine is not built, the one in Python is compared with itself, given every frame block by block.
"""

import random

import pytest

from mexchange.codec import MessageType, encode, encode_cancels
from mexchange.codec.commands import COMMAND_TYPES
from mexchange.codec.events import EVENT_AT, KIND_AT, RECORD_SIZE, decode_records
from mexchange.core import engine as python_engine
from mexchange.domain.client_id import mint
from mexchange.domain.commands import CancelOrder, OpenAccount
from mexchange.domain.events import EventKind, Rejected, Repeated
from mexchange.domain.rejects import REJECTS, RejectReason
from mexchange.domain.units import AccountId, OrderId, OwnerId
from tests.engine.differential import Coverage, compare, shrink
from tests.engine.side_by_side import Different, SideBySide
from tests.engine.table import Table
from tests.engine.test_rejects import CASES

COMMANDS = 200_000
COMMANDS_OF_A_SOAK = 10_000_000
RUN = 20_000
"""Commands of one pair of engines; long enough for deep books and long memories, short enough to be made smaller."""
UNREACHABLE = {
    reason: f"given by {reject.given_by}" for reason, reject in REJECTS.items() if reject.given_by != "engine"
}
"""Never from an engine: ingress and clients refuse before anything is journalled."""
BY_PREPARATION = {
    RejectReason.STALE_CLIENT_ID: "takes 65,537 finished ids of one account",
    RejectReason.TOO_MANY_ASSETS: "takes as many assets as there may be",
    RejectReason.TOO_MANY_MARKETS: "takes 16,384 markets",
    RejectReason.TOO_MANY_ORDERS: "takes 1,000 open orders of one account",
    RejectReason.TOO_MANY_WITHDRAWALS: "takes a hundred pending withdrawals of one account",
}
"""Not met by chance in a run; the cases of test_rejects.py bring both engines there."""


def run(seed: int, commands: int) -> Coverage:
    coverage = Coverage()
    for number in range(commands // RUN):
        compare(SideBySide, seed + number, RUN, coverage)
    return coverage


def test_both_engines_say_the_same_about_many_random_commands(seed: int) -> None:
    check_coverage(run(seed, COMMANDS), COMMANDS)


@pytest.mark.soak
def test_both_engines_say_the_same_about_ten_million_random_commands(seed: int) -> None:
    check_coverage(run(seed, COMMANDS_OF_A_SOAK), COMMANDS_OF_A_SOAK)


def check_coverage(coverage: Coverage, commands: int) -> None:
    """Everything that an engine can be told, and can say, was told and said."""
    print(coverage.table())
    assert coverage.commands >= commands
    assert set(coverage.kinds) == set(EventKind)
    assert (
        set(coverage.reasons) >= {int(reason) for reason in RejectReason} - UNREACHABLE.keys() - BY_PREPARATION.keys()
    )
    assert not coverage.reasons.keys() & UNREACHABLE.keys()
    questions = ("ACCOUNT_QUERY", "BALANCES", "ORDER_QUERY", "BOOK_QUERY", "MARKETS_QUERY", "ASSETS_QUERY")
    assert set(coverage.asked) >= COMMAND_TYPES | {int(MessageType[name]) for name in questions}
    assert coverage.refused["blocks"] > commands // 2_000
    assert coverage.refused["questions"] > commands // 20_000
    assert coverage.previews > commands // 2_000


@pytest.mark.parametrize("reason", CASES)
def test_both_engines_refuse_for_every_reason_in_the_same_way(reason: RejectReason) -> None:
    coverage = Coverage()
    for make, _ in CASES[reason]:
        both = SideBySide()
        table = Table(both)
        table.is_audited = False
        command = make(table)
        coverage.count(both.apply_batch(encode(command), both.sequence + 1, table.time_ns))
        both.compare()
    assert set(coverage.reasons) == {reason}


def test_every_reason_is_reached_or_named() -> None:
    assert CASES.keys() | UNREACHABLE.keys() == set(RejectReason)
    assert not CASES.keys() & UNREACHABLE.keys()


def test_both_engines_forget_the_same_ids(seed: int) -> None:
    """One account uses up more UUIDs than are remembered, out of order, some of them twice, over some minutes."""
    rng, both = random.Random(seed), SideBySide()
    both.apply(OpenAccount(OwnerId(1)), 1, 1)
    used, time_ns = [mint(1, 0)], 1
    repeated = stale = 0
    for number in range(6_000):
        time_ns += rng.choice((1, 10**7, 10**8))
        cancels = []
        for _ in range(rng.randint(1, 31)):
            name = mint(1_000 + 31 * number + rng.randint(-900, 900), rng.getrandbits(74))
            used.append(name if rng.random() < 0.97 else rng.choice(used))
            cancels.append(CancelOrder(AccountId(16), used[-1], OrderId(1)))
        records = both.apply_batch(encode_cancels(cancels), both.sequence + 1, time_ns)
        for event in decode_records(records):
            repeated += isinstance(event, Repeated)
            stale += isinstance(event, Rejected) and event.reason is RejectReason.STALE_CLIENT_ID
        if number % 1_000 == 0:
            both.compare()
    both.compare()
    assert repeated > 500
    assert stale > 20


class Miscounting(python_engine.Engine):
    """Tells bob's fills of at least five lots with a fee that is off by one: what the differential test is for."""

    def apply_batch(self, blocks: bytes, first_sequence: int, time_ns: int) -> bytes:
        records = bytearray(super().apply_batch(blocks, first_sequence, time_ns))
        for at in range(0, len(records), RECORD_SIZE):
            is_bob = records[at : at + 8] == (17).to_bytes(8, "little")
            if records[at + KIND_AT] == EventKind.FILLED and is_bob and records[at + EVENT_AT + 40] >= 5:
                records[at + RECORD_SIZE - 8] ^= 1
        return bytes(records)


class WithMiscounting(SideBySide):
    kinds = (python_engine.Engine, Miscounting)


def test_a_difference_is_found_made_small_and_told_as_a_test() -> None:
    with pytest.raises(Different) as caught:
        compare(WithMiscounting, 1, RUN, Coverage())
    told = str(caught.value)
    print(told)
    assert "apply_batch is not the same" in told
    source = told[told.index("def test_both_engines_say_the_same") :]
    rows = [line for line in source.splitlines() if " -> " in line and " has " not in line]
    assert len(rows) <= 8
    assert any("bob" in row and "@" in row for row in rows)


def test_shrinking_leaves_what_is_needed() -> None:
    def is_enough(items: list[int]) -> bool:
        return {3, 50, 97} <= set(items)

    assert shrink(list(range(100)), is_enough, float("inf")) == [3, 50, 97]
    assert shrink(list(range(100)), is_enough, 0) == list(range(100)), "no time: as it was"
