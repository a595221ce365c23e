"""Events as objects to records of 80 bytes, and back. The packers of `record_packers` are named here too."""

import struct
from typing import assert_never

from mexchange.codec.errors import Malformed, Unencodable
from mexchange.codec.messages import Reports
from mexchange.codec.record_layout import EVENT_AT, EVENT_HEAD, EVENT_SIZE, KIND_AT, RECORD_SIZE
from mexchange.codec.record_packers import (
    pack_accepted,
    pack_account_changed,
    pack_account_opened,
    pack_amended,
    pack_asset_changed,
    pack_done,
    pack_fees_changed,
    pack_filled,
    pack_level_changed,
    pack_market_changed,
    pack_mass_cancelled,
    pack_moved,
    pack_prevented,
    pack_rejected,
    pack_repeated,
)
from mexchange.codec.record_reader import read_record
from mexchange.codec.struct_codec import check_id
from mexchange.domain.events import (
    Accepted,
    AccountChanged,
    AccountOpened,
    Amended,
    AssetChanged,
    Deposited,
    Done,
    Event,
    EventKind,
    FeesChanged,
    Filled,
    LevelChanged,
    MarketChanged,
    MassCancelled,
    Prevented,
    Rejected,
    Repeated,
    Transferred,
    WithdrawalConfirmed,
    WithdrawalHeld,
    WithdrawalReleased,
)

__all__ = [
    "EVENT_AT",
    "EVENT_SIZE",
    "KIND_AT",
    "RECORD_SIZE",
    "decode_event",
    "decode_records",
    "decode_reports",
    "encode_record",
    "pack_accepted",
    "pack_account_changed",
    "pack_account_opened",
    "pack_amended",
    "pack_asset_changed",
    "pack_done",
    "pack_fees_changed",
    "pack_filled",
    "pack_level_changed",
    "pack_market_changed",
    "pack_mass_cancelled",
    "pack_moved",
    "pack_prevented",
    "pack_rejected",
    "pack_repeated",
    "record_head",
]


def encode_record(event: Event) -> bytes:
    """The event's record. Raises Unencodable."""
    if not isinstance(event, Filled | Prevented | LevelChanged):
        check_id(event.client_order_id)
    try:
        return _pack(event)
    except struct.error as error:
        raise Unencodable(f"{type(event).__name__}: {error}") from None


def decode_records(data: bytes) -> list[Event]:
    """The events of whole records. Raises Malformed."""
    if len(data) % RECORD_SIZE:
        raise Malformed(f"{len(data)} bytes are not whole records")
    return [read_record(data[start : start + RECORD_SIZE]) for start in range(0, len(data), RECORD_SIZE)]


def decode_event(account: int, account_sequence: int, event: bytes) -> Event:
    """The event of 64 bytes, which stands in `account`'s stream at `account_sequence`. Raises Malformed."""
    return read_record(EVENT_HEAD.pack(account, account_sequence) + event)


def decode_reports(reports: Reports) -> list[Event]:
    """The events of a message, numbered from its first account sequence. Raises Malformed."""
    data, first = reports.events, reports.first_account_sequence
    if len(data) % EVENT_SIZE:
        raise Malformed(f"{len(data)} bytes are not whole events")
    return [
        decode_event(reports.account, first + index if first else 0, data[start : start + EVENT_SIZE])
        for index, start in enumerate(range(0, len(data), EVENT_SIZE))
    ]


def record_head(record: bytes) -> tuple[int, int]:
    """Account and account sequence of a record."""
    account, account_sequence = EVENT_HEAD.unpack_from(record)
    return account, account_sequence


def _pack(event: Event) -> bytes:
    match event:
        case Accepted() | Filled() | Done() | Amended() | Prevented():
            return _pack_order_event(event)
        case Rejected() | Repeated() | MassCancelled():
            return _pack_answer(event)
        case AccountOpened() | AccountChanged():
            return _pack_account_event(event)
        case Deposited() | WithdrawalHeld() | WithdrawalConfirmed() | WithdrawalReleased() | Transferred():
            return _pack_movement(event)
        case AssetChanged() | MarketChanged() | FeesChanged() | LevelChanged():
            return _pack_public_event(event)
        case _:
            assert_never(event)


def _pack_order_event(event: Accepted | Filled | Done | Amended | Prevented) -> bytes:
    e = event
    order = (e.account, e.account_sequence, e.sequence, e.market, e.order_id)
    match e:
        case Accepted():
            type_tif = e.order_type | e.time_in_force << 4
            return pack_accepted(
                *order, e.client_order_id, e.side, type_tif, int(e.flags), e.price, e.quantity, e.expiry_ns
            )
        case Filled():
            return pack_filled(*order, e.trade_id, e.side, e.is_maker, e.price, e.quantity, e.leaves, e.fee)
        case Done():
            return pack_done(*order, e.client_order_id, e.side, e.reason, e.leaves, e.filled, e.released)
        case Amended():
            return pack_amended(*order, e.client_order_id, e.side, e.keeps_place, e.price, e.quantity, e.leaves)
        case Prevented():
            return pack_prevented(*order, e.other_order_id, e.side, e.is_maker, e.mode, e.price, e.quantity, e.leaves)


def _pack_answer(event: Rejected | Repeated | MassCancelled) -> bytes:
    e = event
    head = (e.account, e.account_sequence, e.sequence, e.market)
    match e:
        case Rejected():
            return pack_rejected(*head, e.order_id, e.client_order_id, e.reason, e.detail)
        case Repeated():
            return pack_repeated(*head, e.order_id, e.client_order_id, e.kind, e.reason or 0, e.first_sequence)
        case MassCancelled():
            return pack_mass_cancelled(*head, e.client_order_id, e.side, e.orders)


def _pack_account_event(event: AccountOpened | AccountChanged) -> bytes:
    e = event
    head = (e.account, e.account_sequence, e.sequence, e.client_order_id)
    if isinstance(e, AccountOpened):
        return pack_account_opened(*head, e.owner, e.number)
    return pack_account_changed(*head, e.setting, e.value)


def _pack_movement(
    event: Deposited | WithdrawalHeld | WithdrawalConfirmed | WithdrawalReleased | Transferred,
) -> bytes:
    e = event
    match e:
        case Deposited():
            kind, reference = EventKind.DEPOSITED, 0
        case WithdrawalHeld():
            kind, reference = EventKind.WITHDRAWAL_HELD, e.withdrawal_id
        case WithdrawalConfirmed():
            kind, reference = EventKind.WITHDRAWAL_CONFIRMED, e.withdrawal_id
        case WithdrawalReleased():
            kind, reference = EventKind.WITHDRAWAL_RELEASED, e.withdrawal_id
        case Transferred():
            kind, reference = EventKind.TRANSFERRED, e.other_account
    head = (e.account, e.account_sequence, e.sequence)
    return pack_moved(*head, kind, e.asset, reference, e.client_order_id, e.amount, e.available, e.held)


def _pack_public_event(event: AssetChanged | MarketChanged | FeesChanged | LevelChanged) -> bytes:
    e = event
    assert e.account == e.account_sequence == 0, "public"
    match e:
        case AssetChanged():
            return pack_asset_changed(e.sequence, e.asset, e.client_order_id)
        case MarketChanged():
            return pack_market_changed(e.sequence, e.market, e.client_order_id, e.status)
        case FeesChanged():
            return pack_fees_changed(e.sequence, e.market, e.client_order_id, e.tier, e.maker_ppm, e.taker_ppm)
        case LevelChanged():
            return pack_level_changed(e.sequence, e.market, e.side, e.price, e.quantity, e.orders)
