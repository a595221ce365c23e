"""Everything that the engine says. Past participles, frozen, integers only.

`sequence` is that of the command which caused it. `account_sequence` is contiguous per account; 0 marks what is not in
an account's stream: public events (account 0) and answers that are only for the asker. Layout on the wire and in
journals' outputs: schemas/events.fbs.
"""

from enum import IntEnum
from typing import TypeAlias

import msgspec

from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.market import AccountSetting, MarketStatus
from mexchange.domain.order import DoneReason, OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import (
    AccountId,
    AssetId,
    Atoms,
    Lots,
    MarketId,
    OrderId,
    OwnerId,
    Ppm,
    Sequence,
    Ticks,
    TimeNs,
    TradeId,
)


class EventKind(IntEnum):
    """First byte that tells the events apart. Wire format, never reused."""

    ACCEPTED = 1
    FILLED = 2
    DONE = 3
    AMENDED = 4
    REJECTED = 5
    REPEATED = 6
    PREVENTED = 7
    MASS_CANCELLED = 8
    ACCOUNT_OPENED = 20
    ACCOUNT_CHANGED = 21
    DEPOSITED = 30
    WITHDRAWAL_HELD = 31
    WITHDRAWAL_CONFIRMED = 32
    WITHDRAWAL_RELEASED = 33
    TRANSFERRED = 34
    ASSET_CHANGED = 40
    MARKET_CHANGED = 41
    FEES_CHANGED = 42
    LEVEL_CHANGED = 50


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountId
    account_sequence: int
    sequence: Sequence


class Accepted(_Event, frozen=True, kw_only=True):
    """The order is in the engine; fills and Done may follow in the same sequence."""

    market: MarketId
    order_id: OrderId
    client_order_id: ClientOrderId
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    flags: OrderFlag
    price: Ticks
    """As it rests (after a slide); market orders: the protection price."""
    quantity: Lots
    """Lots; quote atoms with QUOTE_AMOUNT."""
    expiry_ns: TimeNs


class Filled(_Event, frozen=True, kw_only=True):
    """One side of a trade. Maker and taker get one each with the same trade id; the taker's is the public trade."""

    market: MarketId
    order_id: OrderId
    trade_id: TradeId
    side: Side
    is_maker: bool
    price: Ticks
    quantity: Lots
    leaves: Lots
    """Lots still wanted; quote atoms with QUOTE_AMOUNT."""
    fee: Atoms
    """In the received asset: base for buys, quote for sells. Negative is a rebate."""


class Done(_Event, frozen=True, kw_only=True):
    """The order is gone, and its hold returned."""

    market: MarketId
    order_id: OrderId
    side: Side
    client_order_id: ClientOrderId
    """Of the command that ended it, or NO_ID."""
    reason: DoneReason
    leaves: Lots
    """What was not filled (quote atoms with QUOTE_AMOUNT); 0 when FILLED."""
    filled: Lots
    released: Atoms
    """Hold that this event returned to available."""


class Amended(_Event, frozen=True, kw_only=True):
    """The order goes on with these values; fills may follow in the same sequence."""

    market: MarketId
    order_id: OrderId
    side: Side
    keeps_place: bool
    client_order_id: ClientOrderId
    """Of the amend."""
    price: Ticks
    quantity: Lots
    leaves: Lots


class Rejected(_Event, frozen=True, kw_only=True):
    """The command changed nothing."""

    market: MarketId
    order_id: OrderId
    """The order that an amend or cancel named, else 0."""
    client_order_id: ClientOrderId
    reason: RejectReason
    detail: int
    """Meaning by reason, see domain/rejects.py: available atoms, nearest tick, ..."""


class Repeated(_Event, frozen=True, kw_only=True):
    """This client order id was answered before: the first answer again. Not sequenced."""

    market: MarketId
    order_id: OrderId
    client_order_id: ClientOrderId
    kind: EventKind
    """Of the first answer."""
    reason: RejectReason | None
    """Set iff the first answer was a reject."""
    first_sequence: Sequence


class Prevented(_Event, frozen=True, kw_only=True):
    """A trade with oneself that did not happen; each order's account gets one."""

    market: MarketId
    order_id: OrderId
    other_order_id: OrderId
    side: Side
    is_maker: bool
    mode: SelfTradePrevention
    price: Ticks
    quantity: Lots
    """Lots taken off `leaves` by DECREMENT, else the quantity that would have traded."""
    leaves: Lots


class MassCancelled(_Event, frozen=True, kw_only=True):
    """The last event of a mass cancel, after one Done per order."""

    market: MarketId
    client_order_id: ClientOrderId
    side: int
    orders: int


class AccountOpened(_Event, frozen=True, kw_only=True):
    """The account exists. Not sequenced when it existed before."""

    client_order_id: ClientOrderId
    owner: OwnerId
    number: int


class AccountChanged(_Event, frozen=True, kw_only=True):
    """One setting has a new value."""

    client_order_id: ClientOrderId
    setting: AccountSetting
    value: int


class _Moved(_Event, frozen=True, kw_only=True):
    asset: AssetId
    client_order_id: ClientOrderId
    amount: Atoms
    available: Atoms
    """Of the account after the move."""
    held: Atoms


class Deposited(_Moved, frozen=True, kw_only=True):
    """Credited from the external account."""


class WithdrawalHeld(_Moved, frozen=True, kw_only=True):
    """Waits for confirmation."""

    withdrawal_id: int


class WithdrawalConfirmed(_Moved, frozen=True, kw_only=True):
    """Left to the external account."""

    withdrawal_id: int


class WithdrawalReleased(_Moved, frozen=True, kw_only=True):
    """Available again."""

    withdrawal_id: int


class Transferred(_Moved, frozen=True, kw_only=True):
    """`amount` is negative for the account that sent; each of the two accounts gets one."""

    other_account: AccountId


class AssetChanged(_Event, frozen=True, kw_only=True):
    """Created or changed; ask for its definition. Public."""

    asset: AssetId
    client_order_id: ClientOrderId


class MarketChanged(_Event, frozen=True, kw_only=True):
    """Created, changed, or in a new status; ask for its definition. Public."""

    market: MarketId
    client_order_id: ClientOrderId
    status: MarketStatus


class FeesChanged(_Event, frozen=True, kw_only=True):
    """A tier of a market has new fees. Public."""

    market: MarketId
    client_order_id: ClientOrderId
    tier: int
    maker_ppm: Ppm
    taker_ppm: Ppm


class LevelChanged(_Event, frozen=True, kw_only=True):
    """A price level of a book as the command left it, absolute; quantity 0: gone. Public."""

    market: MarketId
    side: Side
    price: Ticks
    quantity: Lots
    orders: int


Event: TypeAlias = (
    Accepted
    | Filled
    | Done
    | Amended
    | Rejected
    | Repeated
    | Prevented
    | MassCancelled
    | AccountOpened
    | AccountChanged
    | Deposited
    | WithdrawalHeld
    | WithdrawalConfirmed
    | WithdrawalReleased
    | Transferred
    | AssetChanged
    | MarketChanged
    | FeesChanged
    | LevelChanged
)
