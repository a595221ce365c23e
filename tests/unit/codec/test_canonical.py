"""Ingress: whatever layout a sender chose, the journal sees one, with the true account and actor in it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mexchange.codec import Malformed, UnknownMessage, decode_commands, encode, encode_orders
from mexchange.codec.blocks import BLOCK_HEADER, split
from mexchange.codec.canonical import canonical
from mexchange.codec.commands import COMMAND_TYPES, OPERATOR_COMMANDS, TRADER_COMMANDS
from mexchange.codec.message_type import MessageType
from mexchange.codec.raw import NEW_ORDERS
from mexchange.domain.commands import PlaceOrder, Withdraw
from tests.unit.codec.official import Official
from tests.unit.codec.strategies import SINGLE_COMMANDS, batches, messages, sample, u64


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Official:
    return Official(tmp_path_factory.mktemp("official"))


@settings(max_examples=50)
@given(batches(PlaceOrder), u64, u64, st.integers(0, 2**32 - 1))
def test_orders_get_the_true_account_and_actor(orders: list[Any], account: int, actor: int, correlation: int) -> None:
    block = encode_orders(orders, 5)
    admitted, count, deadline_ns = canonical(100, correlation, block[8:], account=account, actor=actor)
    expected = [msgspec.structs.replace(order, account=account, actor=actor) for order in orders]
    assert admitted == encode_orders(expected, correlation)
    assert (count, deadline_ns) == (len(orders), orders[0].deadline_ns)


@pytest.mark.parametrize("cls", SINGLE_COMMANDS, ids=lambda cls: cls.__name__)
def test_every_layout_of_a_command_becomes_the_one_that_we_write(official: Official, cls: type[Any]) -> None:
    @settings(max_examples=20)
    @given(messages(cls), u64, u64)
    def check(command: Any, account: int, actor: int) -> None:
        ((number, _, ours),) = split(encode(command))
        names = cls.__struct_fields__
        changed = {name: value for name, value in (("account", account), ("actor", actor)) if name in names}
        expected = msgspec.structs.replace(command, **changed)
        foreign = official.pack(cls.__name__, command)
        for payload in (ours, foreign):
            admitted, count, deadline_ns = canonical(number, 0, payload, account=account, actor=actor)
            assert admitted == encode(expected)
            assert (count, deadline_ns) == (1, getattr(command, "deadline_ns", 0))

    check()


def test_operators_name_the_account_themselves() -> None:
    command = sample(Withdraw, account=17, client_order_id=b"x" * 16, asset=1, amount=5)
    block, _, _ = canonical(MessageType.WITHDRAW, 0, encode(command)[BLOCK_HEADER:], account=None, actor=3)
    assert block == encode(msgspec.structs.replace(command, actor=3))


def test_what_follows_the_rows_does_not_reach_the_journal() -> None:
    payload = NEW_ORDERS.write((1, 2, 3), bytes(48))
    assert canonical(100, 0, payload + b"smuggled", account=1, actor=2) == canonical(
        100, 0, payload, account=1, actor=2
    )


def test_what_hides_in_the_padding_does_not_reach_the_journal() -> None:
    payload = NEW_ORDERS.write((1, 2, 3), bytes(48))
    gap = len(NEW_ORDERS.prefix) + 24
    assert payload[gap : gap + 4] == bytes(4)
    marked = payload[:gap] + b"mark" + payload[gap + 4 :]
    assert canonical(100, 0, marked, account=1, actor=2) == canonical(100, 0, payload, account=1, actor=2)


def test_a_batch_without_a_command_is_malformed() -> None:
    with pytest.raises(Malformed):
        canonical(100, 0, NEW_ORDERS.write((1, 2, 3)), account=1, actor=1)


def test_only_commands_are_admitted() -> None:
    for number in range(700):
        if number not in COMMAND_TYPES:
            with pytest.raises(UnknownMessage):
                canonical(number, 0, bytes(64), account=1, actor=1)


def test_traders_and_operators_share_no_command() -> None:
    assert not TRADER_COMMANDS & OPERATOR_COMMANDS
    assert {MessageType.NEW_ORDERS, MessageType.CANCELS, MessageType.AMENDS, MessageType.MASS_CANCEL} < TRADER_COMMANDS
    assert {MessageType.DEPOSIT, MessageType.CREATE_MARKET, MessageType.ADVANCE_TIME} < OPERATOR_COMMANDS


def test_unknown_sides_pass_ingress_but_make_no_command() -> None:
    row = NEW_ORDERS.row.pack(b"i" * 16, 1, 1, 0, 1, 9, 0x11, 0, 0)
    payload = NEW_ORDERS.write((1, 2, 3), row)
    block, count, _ = canonical(100, 0, payload, account=1, actor=2)
    assert count == 1
    with pytest.raises(Malformed):
        decode_commands(100, block[BLOCK_HEADER:])
