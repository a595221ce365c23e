"""Records keep every event whole; each packer makes what the object of the same event makes."""

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mexchange.codec.errors import Malformed, Unencodable
from mexchange.codec.events import (
    EVENT_AT,
    EVENT_SIZE,
    KIND_AT,
    RECORD_SIZE,
    decode_event,
    decode_records,
    decode_reports,
    encode_record,
    record_head,
)
from mexchange.codec.messages import Reports
from mexchange.domain.client_id import NO_ID
from mexchange.domain.events import AssetChanged, Event, EventKind, Filled
from mexchange.domain.order import Side
from mexchange.domain.rejects import RejectReason
from tests.unit.codec.strategies import EVENTS, events, sample

KINDS = dict(zip(get_args(Event), EventKind, strict=True))


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_a_record_keeps_its_event(cls: type[Any]) -> None:
    @settings(max_examples=60)
    @given(events(cls))
    def check(event: Any) -> None:
        record = encode_record(event)
        assert len(record) == RECORD_SIZE
        assert record[KIND_AT] == KINDS[cls]
        assert record_head(record) == (event.account, event.account_sequence)
        assert decode_records(record) == [event]
        assert decode_event(event.account, event.account_sequence, record[EVENT_AT:]) == event

    check()


@given(st.lists(st.one_of(*(events(cls) for cls in EVENTS)), max_size=5))
def test_records_follow_one_another(several: list[Any]) -> None:
    assert decode_records(b"".join(map(encode_record, several))) == several


@given(st.lists(events(Filled), min_size=1, max_size=6), st.integers(1, 2**62))
def test_reports_number_their_events_from_the_first(fills: list[Filled], first: int) -> None:
    data = b"".join(encode_record(fill)[EVENT_AT:] for fill in fills)
    reported = decode_reports(sample(Reports, account=fills[0].account, first_account_sequence=first, events=data))
    assert [event.account_sequence for event in reported] == list(range(first, first + len(fills)))
    assert [event.account for event in reported] == [fills[0].account] * len(fills)
    assert [event.sequence for event in reported] == [fill.sequence for fill in fills]


def test_an_answer_that_is_not_in_the_stream_has_no_number() -> None:
    data = encode_record(fill())[EVENT_AT:] * 2
    reported = decode_reports(sample(Reports, account=17, first_account_sequence=0, events=data))
    assert [event.account_sequence for event in reported] == [0, 0]


@settings(max_examples=300)
@given(st.binary(min_size=RECORD_SIZE, max_size=RECORD_SIZE), st.sampled_from([*EventKind, 0, 9, 255]))
def test_any_bytes_are_an_event_or_malformed(data: bytes, kind: int) -> None:
    record = data[:KIND_AT] + bytes([kind]) + data[KIND_AT + 1 :]
    try:
        (event,) = decode_records(record)
    except Malformed:
        return
    assert KINDS[type(event)] == kind


@pytest.mark.parametrize("size", [1, RECORD_SIZE - 1, RECORD_SIZE + 1])
def test_a_part_of_a_record_is_malformed(size: int) -> None:
    with pytest.raises(Malformed):
        decode_records(bytes(size))


def test_a_part_of_an_event_is_malformed() -> None:
    with pytest.raises(Malformed):
        decode_reports(sample(Reports, events=bytes(EVENT_SIZE + 8)))


def test_values_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Unencodable):
        encode_record(fill(fee=2**63))
    with pytest.raises(Unencodable):
        encode_record(asset_changed(account=0, client_order_id=NO_ID + b"x"))


def test_public_events_belong_to_no_account() -> None:
    with pytest.raises(AssertionError):
        encode_record(asset_changed(account=16, client_order_id=NO_ID))


def test_reasons_fit_beside_the_kind_in_a_repeated_answer() -> None:
    assert max(RejectReason) < 2**8
    assert max(EventKind) < 2**8


def fill(fee: int = 0) -> Filled:
    return sample(
        Filled,
        account=17,
        account_sequence=1,
        sequence=5,
        market=1,
        order_id=9,
        trade_id=3,
        side=Side.BUY,
        is_maker=False,
        price=100,
        quantity=2,
        leaves=0,
        fee=fee,
    )


def asset_changed(account: int, client_order_id: bytes) -> AssetChanged:
    return sample(
        AssetChanged, account=account, account_sequence=0, sequence=1, asset=1, client_order_id=client_order_id
    )
