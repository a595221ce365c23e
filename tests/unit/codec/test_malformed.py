"""Bytes that lie raise Malformed and nothing else, whatever they lie about."""

import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mexchange.codec import Malformed, Unencodable, UnknownMessage, decode, decode_commands, encode, encode_orders
from mexchange.codec.blocks import BLOCK_HEADER, split
from mexchange.codec.canonical import canonical
from mexchange.codec.commands import COMMAND_TYPES
from mexchange.codec.events import decode_records, decode_reports
from mexchange.codec.message_type import MessageType
from mexchange.codec.messages import (
    AccountPage,
    Balance,
    BookSnapshot,
    CounterInfo,
    Heartbeat,
    Level,
    Login,
    MarketInfo,
    MarketsPage,
    OrderQuery,
    PreviewAnswer,
    QueryRefused,
    Reports,
    StatusAnswer,
    StreamHead,
    Throttled,
)
from mexchange.codec.table_reader import STRING_BYTES_MAX, read_table
from mexchange.domain.commands import CancelOrder, CreateAsset, PlaceOrder, Transfer
from mexchange.domain.order import Side
from tests.unit.codec.strategies import sample

ORDER = sample(PlaceOrder, account=17, client_order_id=b"o" * 16, market=1, side=Side.BUY, quantity=5, price=100)
SAMPLES = [
    encode_orders([ORDER] * 3),
    encode(sample(CancelOrder, account=17, client_order_id=b"c" * 16, order_id=9)),
    encode(sample(Transfer, account=17, client_order_id=b"t" * 16, to_account=18, asset=1, amount=5)),
    encode(sample(CreateAsset, "KCN", client_order_id=b"a" * 16)),
    encode(Login(method=2, key_id="key", signature=bytes(64), client="mx")),
    encode(Heartbeat(heads=[StreamHead(0, 5), StreamHead(7, 9)])),
    encode(sample(Reports, account=17, events=bytes(128))),
    encode(BookSnapshot(levels=[sample(Level, 1, 2, 3, 1)] * 4)),
    encode(sample(MarketsPage, markets=[MarketInfo(symbol="KCN/EUR"), MarketInfo(symbol="BTC/EUR")], next=3)),
    encode(AccountPage(balances=[sample(Balance, 1, 2, 3)], fee_tier=2)),
    encode(PreviewAnswer(records=bytes(160), state_hash=bytes(32))),
    encode(StatusAnswer(text="mode=demo", counters=[CounterInfo("drops", 3)])),
]
LIES = (0, 1, 3, 4, 5, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF)


def read_all(number: int, payload: bytes) -> None:
    """Everything that anybody does with bytes from outside; raises nothing but what is allowed."""
    if number in COMMAND_TYPES:
        attempt(lambda: decode_commands(number, payload))
        attempt(lambda: canonical(number, 0, payload, account=17, actor=17))
        return
    message = attempt(lambda: decode(number, payload))
    if isinstance(message, Reports):
        attempt(lambda: decode_reports(message))
    if isinstance(message, PreviewAnswer):
        attempt(lambda: decode_records(message.records))


def attempt(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Malformed:
        return None


def mutations(generator: random.Random, payload: bytes) -> Iterator[bytes]:
    """Endless: a few bytes or words overwritten, or the end cut off or repeated."""
    while True:
        data = bytearray(payload)
        for _ in range(generator.choice((1, 1, 1, 2, 4))):
            match generator.randrange(4):
                case 0:
                    data[generator.randrange(len(data))] = generator.randrange(256)
                case 1:
                    at = generator.randrange(max(1, len(data) - 3))
                    struct.pack_into("<I", data, min(at, len(data) - 4), generator.choice(LIES))
                case 2:
                    at = generator.randrange(max(1, min(48, len(data) - 1)))
                    struct.pack_into("<H", data, min(at, len(data) - 2), generator.choice(LIES) & 0xFFFF)
                case _:
                    size = generator.randrange(4, len(data) + 1)
                    data = data[:size] if generator.random() < 0.7 else data + data[:size]
        yield bytes(data)


def fuzz(seed: int, rounds: int) -> None:
    generator = random.Random(seed)
    sources = [(number, mutations(generator, payload)) for block in SAMPLES for number, _, payload in split(block)]
    for turn in range(rounds):
        number, source = sources[turn % len(sources)]
        read_all(number, next(source))


def test_mutated_messages_are_read_or_malformed(seed: int) -> None:
    fuzz(seed, rounds=20_000)


@pytest.mark.soak
def test_many_mutated_messages_are_read_or_malformed(seed: int) -> None:
    fuzz(seed, rounds=1_000_000)


def test_every_truncation_of_every_sample_is_read_or_malformed() -> None:
    for block in SAMPLES:
        for number, _, payload in split(block):
            for size in range(len(payload)):
                read_all(number, payload[:size])


def test_every_flipped_bit_of_every_sample_is_read_or_malformed() -> None:
    for block in SAMPLES:
        for number, _, payload in split(block):
            for bit in range(len(payload) * 8):
                data = bytearray(payload)
                data[bit // 8] ^= 1 << bit % 8
                read_all(number, bytes(data))


def test_random_bytes_are_read_or_malformed(seed: int) -> None:
    generator = random.Random(seed)
    for _ in range(2_000):
        data = generator.randbytes(generator.randrange(200))
        for number in (*COMMAND_TYPES, MessageType.LOGIN, MessageType.REPORTS, MessageType.MARKETS_PAGE):
            read_all(number, data)


def table(*, root: int = 12, vtable: bytes = b"\x06\0\x08\0\x04\0", soffset: int = 8, body: bytes) -> bytes:
    """A Throttled by hand: root offset at 0, vtable at 4 (6 bytes, 2 of padding), table at 12."""
    return struct.pack("<I", root) + vtable.ljust(8, b"\0") + struct.pack("<i", soffset) + body


def test_a_table_by_hand_is_read() -> None:
    assert decode(MessageType.THROTTLED, table(body=struct.pack("<I", 250))) == Throttled(250)


def test_fields_that_a_newer_peer_added_are_passed_over() -> None:
    newer = table(
        vtable=struct.pack("<4H", 8, 12, 4, 8),
        body=struct.pack("<II", 250, 77),
    )
    assert decode(MessageType.THROTTLED, newer) == Throttled(250)


def test_fields_that_an_older_peer_lacks_have_their_defaults() -> None:
    older = table(vtable=b"\x04\0\x04\0", body=b"")
    assert decode(MessageType.THROTTLED, older) == Throttled(0)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        bytes(3),
        bytes(8),
        table(root=100, body=bytes(4)),
        table(root=0xFFFFFFFF, body=bytes(4)),
        table(root=0, body=bytes(4)),
        table(soffset=13, body=bytes(4)),
        table(soffset=-12, body=bytes(4)),
        table(soffset=0, body=bytes(4)),
        table(vtable=b"\x02\0\x08\0\x04\0", body=bytes(4)),
        table(vtable=b"\x07\0\x08\0\x04\0", body=bytes(4)),
        table(vtable=b"\xff\0\x08\0\x04\0", body=bytes(4)),
        table(vtable=b"\x06\0\x02\0\x04\0", body=bytes(4)),
        table(vtable=b"\x06\0\xff\0\x04\0", body=bytes(4)),
        table(vtable=b"\x06\0\x08\0\x05\0", body=bytes(4)),
        table(vtable=b"\x06\0\x08\0\x02\0", body=bytes(4)),
        table(vtable=b"\x06\0\x08\0\x04\0", body=b""),
    ],
)
def test_a_table_that_leaves_its_buffer_is_malformed(payload: bytes) -> None:
    with pytest.raises(Malformed):
        decode(MessageType.THROTTLED, payload)


def test_fields_that_overlap_are_malformed() -> None:
    payload = bytearray(encode(QueryRefused("E_X", "no"))[BLOCK_HEADER:])
    values = read_table(bytes(payload), "QueryRefused")
    assert values == ["E_X", "no"]
    root = struct.unpack_from("<I", payload)[0]
    vtable = root - struct.unpack_from("<i", payload, root)[0]
    payload[vtable + 6 : vtable + 8] = payload[vtable + 4 : vtable + 6]
    with pytest.raises(Malformed):
        decode(MessageType.QUERY_REFUSED, bytes(payload))


def test_vectors_that_reach_into_one_another_are_malformed() -> None:
    payload = bytearray(encode(Login(public_key=bytes(32), signature=b"\x01" * 64))[BLOCK_HEADER:])
    at = payload.index(struct.pack("<I", 32) + bytes(32))
    payload[at : at + 4] = struct.pack("<I", 48)
    with pytest.raises(Malformed):
        decode(MessageType.LOGIN, bytes(payload))


def test_a_huge_vector_is_malformed_at_once() -> None:
    payload = bytearray(encode(sample(Reports, events=bytes(64)))[BLOCK_HEADER:])
    at = len(payload) - 64 - 4
    payload[at : at + 4] = struct.pack("<I", 0xFFFFFFFF)
    with pytest.raises(Malformed):
        decode(MessageType.REPORTS, bytes(payload))


@pytest.mark.parametrize("text", [b"\xff\xfe\xfd", b"\xc3\x28\x41"])
def test_a_string_that_is_not_utf8_is_malformed(text: bytes) -> None:
    payload = encode(QueryRefused("abc", ""))[BLOCK_HEADER:].replace(b"abc", text)
    with pytest.raises(Malformed):
        decode(MessageType.QUERY_REFUSED, payload)


def test_a_string_without_its_zero_is_malformed() -> None:
    payload = encode(QueryRefused("abc", ""))[BLOCK_HEADER:].replace(b"abc\0", b"abcd")
    with pytest.raises(Malformed):
        decode(MessageType.QUERY_REFUSED, payload)


def test_strings_have_a_limit_both_ways() -> None:
    longest = QueryRefused("", "x" * STRING_BYTES_MAX)
    assert decode(MessageType.QUERY_REFUSED, encode(longest)[BLOCK_HEADER:]) == longest
    with pytest.raises(Unencodable):
        encode(QueryRefused("", "x" * (STRING_BYTES_MAX + 1)))


@pytest.mark.parametrize(
    "message",
    [
        Throttled(2**32),
        Throttled(-1),
        Heartbeat(heads=[StreamHead(-1, 0)]),
        sample(Reports, events=bytes(63)),
        sample(OrderQuery, client_order_id=bytes(17)),
        Login(method=256),
        Login(client="\ud800"),
        BookSnapshot(levels=[sample(Level, 2**63, 1, 1, 1)]),
    ],
)
def test_values_that_do_not_fit_are_refused(message: Any) -> None:
    with pytest.raises(Unencodable):
        encode(message)


def test_orders_that_do_not_fit_are_refused() -> None:
    order = sample(PlaceOrder, account=17, client_order_id=b"o" * 16, market=1, side=Side.BUY, quantity=2**63)
    with pytest.raises(Unencodable):
        encode(order)
    with pytest.raises(Unencodable):
        encode(sample(CancelOrder, account=17, client_order_id=b"short"))


@pytest.mark.parametrize("number", [0, 20, 21, 22, 23, 100, 99, 603, 65_535])
def test_other_numbers_are_unknown_to_decode(number: int) -> None:
    with pytest.raises(UnknownMessage) as caught:
        decode(number, bytes(16))
    assert caught.value.message_type == number
