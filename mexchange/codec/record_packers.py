"""One function per kind of event that makes its record of 80 bytes: for engines, which emit nothing else.

Arguments are positional and plain integers, since these run for every event of every command. Each begins with account,
account_sequence, sequence, except those of public events, whose account is 0.
"""

from typing import Final

from mexchange.codec.record_layout import KEEPS_PLACE_BIT, LINKED, MAKER_BIT, NAMED, OWNED, PLAIN
from mexchange.domain.events import EventKind

_ACCEPTED: Final = EventKind.ACCEPTED.value
_FILLED: Final = EventKind.FILLED.value
_DONE: Final = EventKind.DONE.value
_AMENDED: Final = EventKind.AMENDED.value
_REJECTED: Final = EventKind.REJECTED.value
_REPEATED: Final = EventKind.REPEATED.value
_PREVENTED: Final = EventKind.PREVENTED.value
_MASS_CANCELLED: Final = EventKind.MASS_CANCELLED.value
_ACCOUNT_OPENED: Final = EventKind.ACCOUNT_OPENED.value
_ACCOUNT_CHANGED: Final = EventKind.ACCOUNT_CHANGED.value
_ASSET_CHANGED: Final = EventKind.ASSET_CHANGED.value
_MARKET_CHANGED: Final = EventKind.MARKET_CHANGED.value
_FEES_CHANGED: Final = EventKind.FEES_CHANGED.value
_LEVEL_CHANGED: Final = EventKind.LEVEL_CHANGED.value

_named = NAMED.pack
_owned = OWNED.pack
_linked = LINKED.pack
_plain = PLAIN.pack


def pack_accepted(
    account: int,
    account_sequence: int,
    sequence: int,
    market: int,
    order_id: int,
    client_order_id: bytes,
    side: int,
    type_tif: int,
    order_flags: int,
    price: int,
    quantity: int,
    expiry_ns: int,
) -> bytes:
    """`type_tif` is the order type, and from bit 4 the time in force."""
    info = type_tif | order_flags << 8
    return _named(
        account,
        account_sequence,
        sequence,
        _ACCEPTED,
        side,
        info,
        market,
        order_id,
        client_order_id,
        price,
        quantity,
        expiry_ns,
    )


def pack_filled(
    account: int,
    account_sequence: int,
    sequence: int,
    market: int,
    order_id: int,
    trade_id: int,
    side: int,
    is_maker: bool,
    price: int,
    quantity: int,
    leaves: int,
    fee: int,
) -> bytes:
    """Of the maker or of the taker."""
    flags = side | MAKER_BIT if is_maker else side
    return _linked(
        account, account_sequence, sequence, _FILLED, flags, 0, market, order_id, trade_id, price, quantity, leaves, fee
    )


def pack_done(
    account: int,
    account_sequence: int,
    sequence: int,
    market: int,
    order_id: int,
    client_order_id: bytes,
    side: int,
    reason: int,
    leaves: int,
    filled: int,
    released: int,
) -> bytes:
    """`reason` is a DoneReason."""
    return _named(
        account,
        account_sequence,
        sequence,
        _DONE,
        side,
        reason,
        market,
        order_id,
        client_order_id,
        leaves,
        filled,
        released,
    )


def pack_amended(
    account: int,
    account_sequence: int,
    sequence: int,
    market: int,
    order_id: int,
    client_order_id: bytes,
    side: int,
    keeps_place: bool,
    price: int,
    quantity: int,
    leaves: int,
) -> bytes:
    """`client_order_id` is the amend's."""
    flags = side | KEEPS_PLACE_BIT if keeps_place else side
    return _named(
        account,
        account_sequence,
        sequence,
        _AMENDED,
        flags,
        0,
        market,
        order_id,
        client_order_id,
        price,
        quantity,
        leaves,
    )


def pack_rejected(
    account: int,
    account_sequence: int,
    sequence: int,
    market: int,
    order_id: int,
    client_order_id: bytes,
    reason: int,
    detail: int,
) -> bytes:
    """`reason` is a RejectReason."""
    return _named(
        account, account_sequence, sequence, _REJECTED, 0, reason, market, order_id, client_order_id, detail, 0, 0
    )


def pack_repeated(
    account: int,
    account_sequence: int,
    sequence: int,
    market: int,
    order_id: int,
    client_order_id: bytes,
    kind: int,
    reason: int,
    first_sequence: int,
) -> bytes:
    """`kind` is the EventKind of the first answer, `reason` its RejectReason or 0."""
    info = reason | kind << 8
    return _named(
        account, account_sequence, sequence, _REPEATED, 0, info, market, order_id, client_order_id, first_sequence, 0, 0
    )


def pack_prevented(
    account: int,
    account_sequence: int,
    sequence: int,
    market: int,
    order_id: int,
    other_order_id: int,
    side: int,
    is_maker: bool,
    mode: int,
    price: int,
    quantity: int,
    leaves: int,
) -> bytes:
    """`mode` is a SelfTradePrevention."""
    flags = side | MAKER_BIT if is_maker else side
    return _linked(
        account,
        account_sequence,
        sequence,
        _PREVENTED,
        flags,
        mode,
        market,
        order_id,
        other_order_id,
        price,
        quantity,
        leaves,
        0,
    )


def pack_mass_cancelled(
    account: int, account_sequence: int, sequence: int, market: int, client_order_id: bytes, side: int, orders: int
) -> bytes:
    """`market` and `side` are 0 for all."""
    return _named(
        account, account_sequence, sequence, _MASS_CANCELLED, side, 0, market, 0, client_order_id, orders, 0, 0
    )


def pack_account_opened(
    account: int, account_sequence: int, sequence: int, client_order_id: bytes, owner: int, number: int
) -> bytes:
    """`number` counts the owner's accounts from 0."""
    return _owned(account, account_sequence, sequence, _ACCOUNT_OPENED, 0, 0, number, 0, client_order_id, owner, 0, 0)


def pack_account_changed(
    account: int, account_sequence: int, sequence: int, client_order_id: bytes, setting: int, value: int
) -> bytes:
    """`setting` is an AccountSetting."""
    return _named(account, account_sequence, sequence, _ACCOUNT_CHANGED, 0, setting, 0, 0, client_order_id, value, 0, 0)


def pack_moved(
    account: int,
    account_sequence: int,
    sequence: int,
    kind: int,
    asset: int,
    reference: int,
    client_order_id: bytes,
    amount: int,
    available: int,
    held: int,
) -> bytes:
    """Kinds 30 to 34. `reference` is the withdrawal, or the other account of a transfer, or 0."""
    return _named(
        account, account_sequence, sequence, kind, 0, 0, asset, reference, client_order_id, amount, available, held
    )


def pack_asset_changed(sequence: int, asset: int, client_order_id: bytes) -> bytes:
    """Public."""
    return _named(0, 0, sequence, _ASSET_CHANGED, 0, 0, asset, 0, client_order_id, 0, 0, 0)


def pack_market_changed(sequence: int, market: int, client_order_id: bytes, status: int) -> bytes:
    """Public. `status` is a MarketStatus."""
    return _named(0, 0, sequence, _MARKET_CHANGED, 0, status, market, 0, client_order_id, 0, 0, 0)


def pack_fees_changed(
    sequence: int, market: int, client_order_id: bytes, tier: int, maker_ppm: int, taker_ppm: int
) -> bytes:
    """Public."""
    return _named(0, 0, sequence, _FEES_CHANGED, 0, tier, market, 0, client_order_id, maker_ppm, taker_ppm, 0)


def pack_level_changed(sequence: int, market: int, side: int, price: int, quantity: int, orders: int) -> bytes:
    """Public. Absolute; quantity 0: gone."""
    return _plain(0, 0, sequence, _LEVEL_CHANGED, side, 0, market, 0, price, quantity, orders, 0, 0)
