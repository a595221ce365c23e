"""Everything that can be asked of the engine. Imperative, frozen, integers only.

`account` is who is acted for, `actor` the account that asked (0: the operator); ingress overwrites both, the sender is
never trusted. `client_order_id` makes the command idempotent within the account. Quantities are lots, prices ticks,
amounts atoms; see domain/units.py.
"""

from typing import TypeAlias

import msgspec

from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.market import BAND_PPM_DEFAULT, AccountSetting, MarketStatus
from mexchange.domain.order import OrderFlag, OrderType, SelfTradePrevention, Side, TimeInForce
from mexchange.domain.units import (
    QUANTITY_MAX,
    SUPPLY_MAX,
    AccountId,
    AssetId,
    Atoms,
    Lots,
    MarketId,
    OrderId,
    OwnerId,
    Ppm,
    Ticks,
    TimeNs,
)

OPERATOR = AccountId(0)
"""The actor of commands that no account asked for."""


class PlaceOrder(msgspec.Struct, frozen=True):
    """A new order."""

    account: AccountId
    client_order_id: ClientOrderId
    market: MarketId
    side: Side
    quantity: Lots
    """Lots; quote atoms with OrderFlag.QUOTE_AMOUNT."""
    price: Ticks = Ticks(0)
    """Limit price. Market orders: protection price, 0 for reference price plus or minus the market's band."""
    order_type: OrderType = OrderType.LIMIT
    time_in_force: TimeInForce = TimeInForce.GTC
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.DEFAULT
    flags: OrderFlag = OrderFlag(0)
    expiry_ns: TimeNs = TimeNs(0)
    """GTD only."""
    actor: AccountId = OPERATOR
    deadline_ns: TimeNs = TimeNs(0)
    """Refused at ingress after this time; 0 is never. Not part of the command's identity."""


class CancelOrder(msgspec.Struct, frozen=True):
    """Take an order off the book, named by order id, or by its client order id if `order_id` is 0."""

    account: AccountId
    client_order_id: ClientOrderId
    order_id: OrderId = OrderId(0)
    target: ClientOrderId = NO_ID
    actor: AccountId = OPERATOR
    deadline_ns: TimeNs = TimeNs(0)


class AmendOrder(msgspec.Struct, frozen=True):
    """Change total quantity and/or price of an order; 0 leaves a value as it is."""

    account: AccountId
    client_order_id: ClientOrderId
    order_id: OrderId
    price: Ticks = Ticks(0)
    quantity: Lots = Lots(0)
    """New total, filled part included."""
    expected_filled: Lots = Lots(-1)
    """Refused with FILLED_MEANWHILE if the order's filled quantity is another; -1 does not ask."""
    actor: AccountId = OPERATOR
    deadline_ns: TimeNs = TimeNs(0)


class MassCancel(msgspec.Struct, frozen=True):
    """Cancel all orders of an account, of one market (0: all) and one side (0: both)."""

    account: AccountId
    client_order_id: ClientOrderId
    market: MarketId = MarketId(0)
    side: int = 0
    actor: AccountId = OPERATOR
    deadline_ns: TimeNs = TimeNs(0)


class OpenAccount(msgspec.Struct, frozen=True):
    """Open account number `number` of an owner, or name it again if it is open already."""

    owner: OwnerId
    number: int = 0
    """0 is the main account, sub-accounts count from 1."""
    client_order_id: ClientOrderId = NO_ID


class ChangeAccount(msgspec.Struct, frozen=True):
    """Set one setting of an account."""

    account: AccountId
    setting: AccountSetting
    value: int
    client_order_id: ClientOrderId = NO_ID
    actor: AccountId = OPERATOR


class Deposit(msgspec.Struct, frozen=True):
    """Credit an account from the external account."""

    account: AccountId
    client_order_id: ClientOrderId
    asset: AssetId
    amount: Atoms
    actor: AccountId = OPERATOR


class Withdraw(msgspec.Struct, frozen=True):
    """Hold an amount until the withdrawal is confirmed or released."""

    account: AccountId
    client_order_id: ClientOrderId
    asset: AssetId
    amount: Atoms
    actor: AccountId = OPERATOR
    deadline_ns: TimeNs = TimeNs(0)


class ConfirmWithdrawal(msgspec.Struct, frozen=True):
    """The held amount leaves to the external account."""

    account: AccountId
    client_order_id: ClientOrderId
    withdrawal_id: int
    actor: AccountId = OPERATOR


class ReleaseWithdrawal(msgspec.Struct, frozen=True):
    """The held amount becomes available again."""

    account: AccountId
    client_order_id: ClientOrderId
    withdrawal_id: int
    actor: AccountId = OPERATOR


class Transfer(msgspec.Struct, frozen=True):
    """Move an available amount to another account."""

    account: AccountId
    client_order_id: ClientOrderId
    to_account: AccountId
    asset: AssetId
    amount: Atoms
    actor: AccountId = OPERATOR
    deadline_ns: TimeNs = TimeNs(0)


class CreateAsset(msgspec.Struct, frozen=True):
    """Add an asset; ids are given in order from 1. Symbols are 1 to 10 of A-Z and 0-9."""

    symbol: str
    scale: int = 8
    display_decimals: int = 8
    supply_max: Atoms = SUPPLY_MAX
    client_order_id: ClientOrderId = NO_ID


class ChangeAsset(msgspec.Struct, frozen=True):
    """Replace what may change of an asset; 0 leaves supply_max as it is, -1 the display decimals."""

    asset: AssetId
    display_decimals: int = -1
    supply_max: Atoms = Atoms(0)
    client_order_id: ClientOrderId = NO_ID


class CreateMarket(msgspec.Struct, frozen=True):
    """Add a market; ids are given in order from 1. The symbol is BASE/QUOTE, made of the assets' symbols."""

    base: AssetId
    quote: AssetId
    tick_size: int
    """In 10^-9 units of the quote asset."""
    lot_size: Atoms
    """In base atoms."""
    reference_price: Ticks
    """Centre of the protection band until the first trade."""
    quantity_min: Lots = Lots(1)
    quantity_max: Lots = QUANTITY_MAX
    notional_min: Atoms = Atoms(0)
    band_ppm: Ppm = BAND_PPM_DEFAULT
    maker_ppm: Ppm = Ppm(0)
    taker_ppm: Ppm = Ppm(0)
    status: MarketStatus = MarketStatus.OPEN
    client_order_id: ClientOrderId = NO_ID


class ChangeMarket(msgspec.Struct, frozen=True):
    """Replace what may change of a market; -1 leaves a value as it is. Resting orders stay."""

    market: MarketId
    quantity_min: Lots = Lots(-1)
    quantity_max: Lots = Lots(-1)
    notional_min: Atoms = Atoms(-1)
    band_ppm: Ppm = Ppm(-1)
    client_order_id: ClientOrderId = NO_ID


class SetMarketStatus(msgspec.Struct, frozen=True):
    """Open, restrict, halt or close a market."""

    market: MarketId
    status: MarketStatus
    client_order_id: ClientOrderId = NO_ID


class SetFees(msgspec.Struct, frozen=True):
    """Fees of one market for one tier; maker plus taker must be at least zero against every tier of the market."""

    market: MarketId
    tier: int
    maker_ppm: Ppm
    taker_ppm: Ppm
    client_order_id: ClientOrderId = NO_ID


class AdvanceTime(msgspec.Struct, frozen=True):
    """Nothing but the frame's time: orders whose expiry has come leave the book."""


Command: TypeAlias = (
    PlaceOrder
    | CancelOrder
    | AmendOrder
    | MassCancel
    | OpenAccount
    | ChangeAccount
    | Deposit
    | Withdraw
    | ConfirmWithdrawal
    | ReleaseWithdrawal
    | Transfer
    | CreateAsset
    | ChangeAsset
    | CreateMarket
    | ChangeMarket
    | SetMarketStatus
    | SetFees
    | AdvanceTime
)
