"""Records of 80 bytes to events. Raises Malformed for kinds and enum values that the domain does not have."""

import struct
from collections.abc import Callable
from typing import Any, Final

from mexchange.codec.errors import Malformed
from mexchange.codec.record_layout import (
    KEEPS_PLACE_BIT,
    KIND_AT,
    LINKED,
    MAKER_BIT,
    NAMED,
    OWNED,
    PLAIN,
    RECORD_SIZE,
    SIDE_BITS,
)
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
from mexchange.domain.market import AccountSetting, MarketStatus
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import RejectReason

Slots = tuple[Any, ...]
"""account, account_sequence, sequence, kind, flags, info, market, order_id, then four or five values."""


def read_record(record: bytes) -> Event:
    """The event of one record of 80 bytes. Raises Malformed."""
    if len(record) != RECORD_SIZE:
        raise Malformed(f"a record of {len(record)} bytes")
    known = _READERS.get(record[KIND_AT])
    if known is None:
        raise Malformed(f"an event of kind {record[KIND_AT]}")
    shape, build = known
    slots = shape.unpack(record)
    try:
        return build(slots, {"account": slots[0], "account_sequence": slots[1], "sequence": slots[2]})
    except ValueError as error:
        raise Malformed(str(error)) from None


def _accepted(slots: Slots, head: dict[str, Any]) -> Event:
    *_, flags, info, market, order_id, client_order_id, price, quantity, expiry_ns = slots
    return Accepted(
        **head,
        market=market,
        order_id=order_id,
        client_order_id=client_order_id,
        side=Side(flags & SIDE_BITS),
        order_type=OrderType(info & 0xF),
        time_in_force=TimeInForce(info >> 4 & 0xF),
        flags=OrderFlag(info >> 8),
        price=price,
        quantity=quantity,
        expiry_ns=expiry_ns,
    )


def _filled(slots: Slots, head: dict[str, Any]) -> Event:
    *_, flags, _, market, order_id, trade_id, price, quantity, leaves, fee = slots
    return Filled(
        **head,
        market=market,
        order_id=order_id,
        trade_id=trade_id,
        side=Side(flags & SIDE_BITS),
        is_maker=bool(flags & MAKER_BIT),
        price=price,
        quantity=quantity,
        leaves=leaves,
        fee=fee,
    )


def _done(slots: Slots, head: dict[str, Any]) -> Event:
    *_, flags, info, market, order_id, client_order_id, leaves, filled, released = slots
    return Done(
        **head,
        market=market,
        order_id=order_id,
        side=Side(flags & SIDE_BITS),
        client_order_id=client_order_id,
        reason=DoneReason(info),
        leaves=leaves,
        filled=filled,
        released=released,
    )


def _amended(slots: Slots, head: dict[str, Any]) -> Event:
    *_, flags, _, market, order_id, client_order_id, price, quantity, leaves = slots
    return Amended(
        **head,
        market=market,
        order_id=order_id,
        side=Side(flags & SIDE_BITS),
        keeps_place=bool(flags & KEEPS_PLACE_BIT),
        client_order_id=client_order_id,
        price=price,
        quantity=quantity,
        leaves=leaves,
    )


def _rejected(slots: Slots, head: dict[str, Any]) -> Event:
    *_, info, market, order_id, client_order_id, detail, _, _ = slots
    return Rejected(
        **head,
        market=market,
        order_id=order_id,
        client_order_id=client_order_id,
        reason=RejectReason(info),
        detail=detail,
    )


def _repeated(slots: Slots, head: dict[str, Any]) -> Event:
    *_, info, market, order_id, client_order_id, first_sequence, _, _ = slots
    return Repeated(
        **head,
        market=market,
        order_id=order_id,
        client_order_id=client_order_id,
        kind=EventKind(info >> 8),
        reason=RejectReason(info & 0xFF) if info & 0xFF else None,
        first_sequence=first_sequence,
    )


def _prevented(slots: Slots, head: dict[str, Any]) -> Event:
    *_, flags, info, market, order_id, other_order_id, price, quantity, leaves, _ = slots
    return Prevented(
        **head,
        market=market,
        order_id=order_id,
        other_order_id=other_order_id,
        side=Side(flags & SIDE_BITS),
        is_maker=bool(flags & MAKER_BIT),
        mode=SelfTradePrevention(info),
        price=price,
        quantity=quantity,
        leaves=leaves,
    )


def _mass_cancelled(slots: Slots, head: dict[str, Any]) -> Event:
    *_, flags, _, market, _, client_order_id, orders, _, _ = slots
    return MassCancelled(**head, market=market, client_order_id=client_order_id, side=flags & SIDE_BITS, orders=orders)


def _account_opened(slots: Slots, head: dict[str, Any]) -> Event:
    *_, number, _, client_order_id, owner, _, _ = slots
    return AccountOpened(**head, client_order_id=client_order_id, owner=owner, number=number)


def _account_changed(slots: Slots, head: dict[str, Any]) -> Event:
    *_, info, _, _, client_order_id, value, _, _ = slots
    return AccountChanged(**head, client_order_id=client_order_id, setting=AccountSetting(info), value=value)


def _moved(cls: Callable[..., Event], reference_name: str | None) -> Callable[[Slots, dict[str, Any]], Event]:
    """A reader of one kind of movement; its reference goes by this name."""

    def read(slots: Slots, head: dict[str, Any]) -> Event:
        *_, asset, reference, client_order_id, amount, available, held = slots
        named = {reference_name: reference} if reference_name else {}
        return cls(
            **head,
            **named,
            asset=asset,
            client_order_id=client_order_id,
            amount=amount,
            available=available,
            held=held,
        )

    return read


def _asset_changed(slots: Slots, head: dict[str, Any]) -> Event:
    *_, asset, _, client_order_id, _, _, _ = slots
    return AssetChanged(**head, asset=asset, client_order_id=client_order_id)


def _market_changed(slots: Slots, head: dict[str, Any]) -> Event:
    *_, info, market, _, client_order_id, _, _, _ = slots
    return MarketChanged(**head, market=market, client_order_id=client_order_id, status=MarketStatus(info))


def _fees_changed(slots: Slots, head: dict[str, Any]) -> Event:
    *_, tier, market, _, client_order_id, maker_ppm, taker_ppm, _ = slots
    return FeesChanged(
        **head, market=market, client_order_id=client_order_id, tier=tier, maker_ppm=maker_ppm, taker_ppm=taker_ppm
    )


def _level_changed(slots: Slots, head: dict[str, Any]) -> Event:
    *_, flags, _, market, _, price, quantity, orders, _, _ = slots
    return LevelChanged(
        **head, market=market, side=Side(flags & SIDE_BITS), price=price, quantity=quantity, orders=orders
    )


_READERS: Final[dict[int, tuple[struct.Struct, Callable[[Slots, dict[str, Any]], Event]]]] = {
    EventKind.ACCEPTED: (NAMED, _accepted),
    EventKind.FILLED: (LINKED, _filled),
    EventKind.DONE: (NAMED, _done),
    EventKind.AMENDED: (NAMED, _amended),
    EventKind.REJECTED: (NAMED, _rejected),
    EventKind.REPEATED: (NAMED, _repeated),
    EventKind.PREVENTED: (LINKED, _prevented),
    EventKind.MASS_CANCELLED: (NAMED, _mass_cancelled),
    EventKind.ACCOUNT_OPENED: (OWNED, _account_opened),
    EventKind.ACCOUNT_CHANGED: (NAMED, _account_changed),
    EventKind.DEPOSITED: (NAMED, _moved(Deposited, None)),
    EventKind.WITHDRAWAL_HELD: (NAMED, _moved(WithdrawalHeld, "withdrawal_id")),
    EventKind.WITHDRAWAL_CONFIRMED: (NAMED, _moved(WithdrawalConfirmed, "withdrawal_id")),
    EventKind.WITHDRAWAL_RELEASED: (NAMED, _moved(WithdrawalReleased, "withdrawal_id")),
    EventKind.TRANSFERRED: (NAMED, _moved(Transferred, "other_account")),
    EventKind.ASSET_CHANGED: (NAMED, _asset_changed),
    EventKind.MARKET_CHANGED: (NAMED, _market_changed),
    EventKind.FEES_CHANGED: (NAMED, _fees_changed),
    EventKind.LEVEL_CHANGED: (PLAIN, _level_changed),
}

assert set(_READERS) == set(EventKind)
