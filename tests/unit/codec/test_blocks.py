"""Blocks follow one another without gaps, or the whole is malformed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mexchange.codec import Malformed, Unencodable
from mexchange.codec.blocks import (
    BLOCK_HEADER,
    BLOCK_PAYLOAD_MAX,
    DATAGRAM_BLOCKS_MAX,
    pack,
    split,
    split_blocks,
    with_correlation,
)
from mexchange.codec.raw import (
    AMENDS,
    AMENDS_PER_DATAGRAM,
    CANCELS,
    CANCELS_PER_DATAGRAM,
    NEW_ORDERS,
    ORDERS_PER_DATAGRAM,
)

parts = st.tuples(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.binary(max_size=60))


@given(st.lists(parts, max_size=8))
def test_what_is_packed_is_split(blocks: list[tuple[int, int, bytes]]) -> None:
    data = b"".join(pack(number, payload, correlation) for number, correlation, payload in blocks)
    found = split(data)
    assert [(number, correlation) for number, correlation, _ in found] == [block[:2] for block in blocks]
    for (_, _, payload), (_, _, given_payload) in zip(found, blocks, strict=True):
        assert payload == given_payload + bytes(-len(given_payload) % 8)
    assert b"".join(block for _, _, block in split_blocks(data)) == data


@given(st.lists(parts, min_size=1, max_size=4), st.data())
def test_a_cut_within_a_block_is_malformed(blocks: list[tuple[int, int, bytes]], data: st.DataObject) -> None:
    packed = [pack(number, payload, correlation) for number, correlation, payload in blocks]
    last = data.draw(st.integers(1, len(packed[-1]) - 1))
    with pytest.raises(Malformed):
        split(b"".join(packed[:-1]) + packed[-1][:last])


def test_a_length_that_is_not_padded_is_malformed() -> None:
    with pytest.raises(Malformed):
        split(b"\x04\0\x01\0\0\0\0\0abcd")


@given(parts, st.integers(0, 2**32 - 1))
def test_another_correlation_changes_nothing_else(part: tuple[int, int, bytes], correlation: int) -> None:
    number, first, payload = part
    assert with_correlation(pack(number, payload, first), correlation) == pack(number, payload, correlation)


def test_a_block_has_a_largest_payload() -> None:
    assert len(pack(1, bytes(BLOCK_PAYLOAD_MAX))) == BLOCK_HEADER + BLOCK_PAYLOAD_MAX
    with pytest.raises(Unencodable):
        pack(1, bytes(BLOCK_PAYLOAD_MAX + 1))


def test_so_many_commands_fill_a_datagram() -> None:
    counts = {NEW_ORDERS: ORDERS_PER_DATAGRAM, CANCELS: CANCELS_PER_DATAGRAM, AMENDS: AMENDS_PER_DATAGRAM}
    for table, count in counts.items():
        size = BLOCK_HEADER + table.head_size + count * table.row.size
        assert size <= DATAGRAM_BLOCKS_MAX < size + table.row.size
    assert list(counts.values()) == [23, 27, 23]
