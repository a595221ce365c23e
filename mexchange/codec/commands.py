"""Commands of the domain as blocks, and back.

New orders, cancels and amends travel in batches of one account, actor and deadline; every other command is a table of
its own with the fields of its class.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from mexchange.codec._generated import MESSAGES
from mexchange.codec.blocks import pack
from mexchange.codec.errors import Malformed, Unencodable, UnknownMessage
from mexchange.codec.fixed_table import FixedTable
from mexchange.codec.message_type import MessageType
from mexchange.codec.raw import AMENDS, CANCELS, NEW_ORDERS
from mexchange.codec.struct_codec import StructCodec, check_id, codec_for
from mexchange.domain.commands import (
    AdvanceTime,
    AmendOrder,
    CancelOrder,
    ChangeAccount,
    ChangeAsset,
    ChangeMarket,
    Command,
    ConfirmWithdrawal,
    CreateAsset,
    CreateMarket,
    Deposit,
    MassCancel,
    OpenAccount,
    PlaceOrder,
    ReleaseWithdrawal,
    SetFees,
    SetMarketStatus,
    Transfer,
    Withdraw,
)
from mexchange.domain.market import AccountSetting, MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce

Batched = PlaceOrder | CancelOrder | AmendOrder

_SINGLE: Final[tuple[type[Command], ...]] = (
    MassCancel,
    Withdraw,
    Transfer,
    OpenAccount,
    ChangeAccount,
    Deposit,
    ConfirmWithdrawal,
    ReleaseWithdrawal,
    CreateAsset,
    ChangeAsset,
    CreateMarket,
    ChangeMarket,
    SetMarketStatus,
    SetFees,
    AdvanceTime,
)
_NUMBERS: Final = {cls: number for number, name in MESSAGES.items() for cls in _SINGLE if cls.__name__ == name}
_CODECS: Final[dict[int, StructCodec[Command]]] = {number: codec_for(cls, {}, {}) for cls, number in _NUMBERS.items()}
_ENUMS: Final[dict[int, tuple[str, Callable[[int], int]]]] = {
    MessageType.CHANGE_ACCOUNT: ("setting", AccountSetting),
    MessageType.CREATE_MARKET: ("status", MarketStatus),
    MessageType.SET_MARKET_STATUS: ("status", MarketStatus),
}
"""The field of a command that the domain types as an enum."""

_SIDES: Final = {side.value: side for side in Side}
_TYPES: Final = {kind | life << 4: (kind, life) for kind in OrderType for life in TimeInForce}
_PREVENTIONS: Final = {mode.value: mode for mode in SelfTradePrevention}
_FLAGS: Final = {bits: OrderFlag(bits) for bits in range(sum(OrderFlag) + 1)}

BATCH_TYPES: Final[dict[int, FixedTable]] = {
    MessageType.NEW_ORDERS: NEW_ORDERS,
    MessageType.CANCELS: CANCELS,
    MessageType.AMENDS: AMENDS,
}
COMMAND_TYPES: Final[frozenset[int]] = frozenset([*BATCH_TYPES, *_CODECS])
TRADER_COMMANDS: Final = frozenset(number for number in COMMAND_TYPES if number < MessageType.OPEN_ACCOUNT)
OPERATOR_COMMANDS: Final = COMMAND_TYPES - TRADER_COMMANDS


def encode_command(command: Command, correlation: int = 0) -> bytes:
    """A block with one command. Raises Unencodable."""
    match command:
        case PlaceOrder():
            return encode_orders([command], correlation)
        case CancelOrder():
            return encode_cancels([command], correlation)
        case AmendOrder():
            return encode_amends([command], correlation)
        case _:
            number = _NUMBERS[type(command)]
            return pack(number, _CODECS[number].encode(command), correlation)


def encode_orders(orders: Sequence[PlaceOrder], correlation: int = 0) -> bytes:
    """A block of at least one order, all of one account, actor and deadline. Raises Unencodable."""
    return _encode_batch(MessageType.NEW_ORDERS, NEW_ORDERS, orders, _order_row, correlation)


def encode_cancels(cancels: Sequence[CancelOrder], correlation: int = 0) -> bytes:
    """A block of at least one cancel, all of one account, actor and deadline. Raises Unencodable."""
    return _encode_batch(MessageType.CANCELS, CANCELS, cancels, _cancel_row, correlation)


def encode_amends(amends: Sequence[AmendOrder], correlation: int = 0) -> bytes:
    """A block of at least one amend, all of one account, actor and deadline. Raises Unencodable."""
    return _encode_batch(MessageType.AMENDS, AMENDS, amends, _amend_row, correlation)


def decode_commands(message_type: int, payload: bytes) -> list[Command]:
    """The commands of a block's payload.

    Raises UnknownMessage if the type is not a command's, Malformed also for enum values that the domain does not have.
    """
    payload = bytes(payload)
    match message_type:
        case MessageType.NEW_ORDERS:
            return _decode_orders(payload)
        case MessageType.CANCELS:
            account, actor, deadline_ns, rows = CANCELS.read(payload)
            return [
                CancelOrder(account, client_order_id, order_id, target, actor, deadline_ns)
                for client_order_id, target, order_id in CANCELS.row.iter_unpack(rows)
            ]
        case MessageType.AMENDS:
            account, actor, deadline_ns, rows = AMENDS.read(payload)
            return [
                AmendOrder(account, client_order_id, order_id, price, quantity, expected_filled, actor, deadline_ns)
                for client_order_id, order_id, price, quantity, expected_filled in AMENDS.row.iter_unpack(rows)
            ]
        case _:
            return [_decode_single(message_type, payload)]


def _encode_batch(
    number: int, table: FixedTable, commands: Sequence[Any], row: Callable[[Any], bytes], correlation: int
) -> bytes:
    first: Batched = commands[0]
    account, actor, deadline_ns = first.account, first.actor, first.deadline_ns
    for each in commands:
        check_id(each.client_order_id)
        assert (each.account, each.actor, each.deadline_ns) == (account, actor, deadline_ns)
    try:
        rows = b"".join([row(each) for each in commands])
    except struct.error as error:
        raise Unencodable(f"{table.name}: {error}") from None
    return pack(number, table.write((account, actor, deadline_ns), rows), correlation)


def _order_row(order: PlaceOrder) -> bytes:
    return NEW_ORDERS.row.pack(
        order.client_order_id,
        order.price,
        order.quantity,
        order.expiry_ns,
        order.market,
        order.side,
        order.order_type | order.time_in_force << 4,
        order.self_trade_prevention,
        order.flags,
    )


def _cancel_row(cancel: CancelOrder) -> bytes:
    check_id(cancel.target)
    return CANCELS.row.pack(cancel.client_order_id, cancel.target, cancel.order_id)


def _amend_row(amend: AmendOrder) -> bytes:
    return AMENDS.row.pack(amend.client_order_id, amend.order_id, amend.price, amend.quantity, amend.expected_filled)


def _decode_orders(payload: bytes) -> list[Command]:
    account, actor, deadline_ns, rows = NEW_ORDERS.read(payload)
    orders: list[Command] = []
    for row in NEW_ORDERS.row.iter_unpack(rows):
        client_order_id, price, quantity, expiry_ns, market, side, type_tif, mode, flags = row
        try:
            order_type, time_in_force = _TYPES[type_tif]
            order = PlaceOrder(
                account=account,
                client_order_id=client_order_id,
                market=market,
                side=_SIDES[side],
                quantity=quantity,
                price=price,
                order_type=order_type,
                time_in_force=time_in_force,
                self_trade_prevention=_PREVENTIONS[mode],
                flags=_FLAGS[flags],
                expiry_ns=expiry_ns,
                actor=actor,
                deadline_ns=deadline_ns,
            )
        except KeyError as error:
            raise Malformed(f"an order with an unknown side, type, mode or flag: {error}") from None
        orders.append(order)
    return orders


def _decode_single(message_type: int, payload: bytes) -> Command:
    command = decode_unjudged(message_type, payload)
    if message_type not in _ENUMS:
        return command
    name, enum = _ENUMS[message_type]
    try:
        return msgspec.structs.replace(command, **{name: enum(getattr(command, name))})
    except ValueError as error:
        raise Malformed(str(error)) from None


def decode_unjudged(message_type: int, payload: bytes) -> Command:
    """The command of a block that is not batched, as the bytes say it, for the engine.

    A field that the domain types as an enum is a plain integer here, and may be none of its members: what `canonical`
    lets into the journal the engine answers with a reject. Raises UnknownMessage and Malformed.
    """
    codec = _CODECS.get(message_type)
    if codec is None:
        raise UnknownMessage(message_type)
    return codec.decode(payload)
