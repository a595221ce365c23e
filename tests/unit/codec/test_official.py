"""Our bytes are the official builder's bytes, the official reader reads ours, and we read every layout it writes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mexchange.codec import decode, decode_commands, encode, encode_amends, encode_cancels, encode_orders
from mexchange.codec.blocks import BLOCK_HEADER, split
from mexchange.domain.commands import AmendOrder, CancelOrder, PlaceOrder
from tests.unit.codec.official import CLIENT_ID, Official, plain
from tests.unit.codec.strategies import MESSAGES, SINGLE_COMMANDS, batches, messages

EXAMPLES = settings(max_examples=20)


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory) -> Official:
    return Official(tmp_path_factory.mktemp("official"))


@pytest.mark.parametrize("cls", MESSAGES, ids=lambda cls: cls.__name__)
def test_a_message_is_the_official_builders_bytes_both_ways(official: Official, cls: type[Any]) -> None:
    @EXAMPLES
    @given(messages(cls))
    def check(message: Any) -> None:
        ((number, _, payload),) = split(encode(message))
        assert payload == padded(official.build(cls.__name__, message))
        assert decode(number, payload) == message
        assert decode(number, official.pack(cls.__name__, message)) == message
        assert plain(official.read(cls.__name__, payload)) == plain(official.tree(cls.__name__, message))

    check()


@pytest.mark.parametrize("cls", SINGLE_COMMANDS, ids=lambda cls: cls.__name__)
def test_a_command_is_the_official_builders_bytes_both_ways(official: Official, cls: type[Any]) -> None:
    @EXAMPLES
    @given(messages(cls))
    def check(command: Any) -> None:
        ((number, _, payload),) = split(encode(command))
        assert payload == padded(official.build(cls.__name__, command))
        assert decode_commands(number, payload) == [command]
        assert decode_commands(number, official.pack(cls.__name__, command)) == [command]
        assert plain(official.read(cls.__name__, payload)) == plain(official.tree(cls.__name__, command))

    check()


class WireBatch:
    """A batch with the fields of its table, for the oracle."""

    def __init__(self, name: str, commands: list[Any]) -> None:
        self.account = commands[0].account
        self.actor = commands[0].actor
        self.deadline_ns = commands[0].deadline_ns
        setattr(self, name, [WireRow(command) for command in commands])


class WireRow:
    """A command under the names of its struct."""

    def __init__(self, command: Any) -> None:
        for name in command.__struct_fields__:
            setattr(self, name, getattr(command, name))
        if isinstance(command, PlaceOrder):
            self.type_tif = command.order_type | command.time_in_force << 4
            self.stp = command.self_trade_prevention


@pytest.mark.parametrize(
    ("name", "rows", "cls", "encode_batch"),
    [
        ("NewOrders", "orders", PlaceOrder, encode_orders),
        ("Cancels", "cancels", CancelOrder, encode_cancels),
        ("Amends", "amends", AmendOrder, encode_amends),
    ],
)
def test_a_batch_is_the_official_builders_bytes_both_ways(
    official: Official, name: str, rows: str, cls: type[Any], encode_batch: Any
) -> None:
    @EXAMPLES
    @given(batches(cls))
    def check(commands: list[Any]) -> None:
        ((number, _, payload),) = split(encode_batch(commands))
        wire = WireBatch(rows, commands)
        assert payload == official.build(name, wire)
        assert decode_commands(number, payload) == commands
        assert decode_commands(number, official.pack(name, wire)) == commands
        assert plain(official.read(name, payload)) == plain(official.tree(name, wire))
        assert encode(commands[0])[BLOCK_HEADER:] == encode_batch(commands[:1])[BLOCK_HEADER:]

    check()


@given(st.binary(min_size=16, max_size=16))
def test_a_client_order_id_keeps_its_bytes_in_memory_order(client_order_id: bytes) -> None:
    assert CLIENT_ID.pack(*CLIENT_ID.unpack(client_order_id)) == client_order_id


def padded(payload: bytes) -> bytes:
    return payload + bytes(-len(payload) % 8)
