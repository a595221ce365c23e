"""Everything the engine knows: accounts, markets, books. Mutable, slotted, integers only.

Account state (balances, holds, client order ids, which orders are open where) belongs to risk and settle; books belong
to match, which never sees an account: the owner is copied into the order. Lists of orders keep their order of arrival,
so nothing here depends on the hash of anything.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec
from sortedcontainers import SortedList

from mexchange.domain.client_id import NO_ID, ClientOrderId
from mexchange.domain.market import (
    FEE_TIER_MAX,
    OPEN_ORDERS_PER_ACCOUNT,
    AccountStatus,
    Asset,
    MarketStatus,
)
from mexchange.domain.order import SelfTradePrevention, Side
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
)

EXTERNAL: Final = 1
"""Mirror of everything deposited: negative by what the exchange owes."""
FEES: Final = 2
"""May be negative: rebates are paid from here."""
INSURANCE: Final = 3
ROUNDING: Final = 4
FIRST_USER_ACCOUNT: Final = 16
SHARD_BITS: Final = 48
"""Order and withdrawal ids are `shard << SHARD_BITS | counter`."""
DIGEST_SIZE: Final = 16
BEFORE_ALL: Final = Sequence(0)
BEFORE_TIME: Final = TimeNs(0)
SHARD: Final = 0


@dataclass(slots=True)
class Balance:
    """Atoms of one asset in one account. Held is what open orders and pending withdrawals need, exactly."""

    available: int = 0
    held: int = 0


class Balances(dict[AssetId, Balance]):
    """asset id → Balance; an asset never touched has zero."""

    __slots__ = ()

    def __missing__(self, asset_id: AssetId) -> Balance:
        balance = self[asset_id] = Balance()
        return balance


class Answer(msgspec.Struct, frozen=True, gc=False):
    """The first answer to a client order id."""

    digest: bytes
    """Of the command's content, 8 bytes."""
    kind: int
    """EventKind of the answer."""
    reason: int
    """RejectReason, 0 unless rejected."""
    market_id: MarketId
    order_id: OrderId
    sequence: Sequence


@dataclass(slots=True)
class Memory:
    """What became of an account's client order ids; the rules are in idempotence.py."""

    answers: dict[bytes, Answer] = field(default_factory=dict)
    recent: deque[tuple[int, bytes]] = field(default_factory=deque)
    """(finished at, UUID), in order of finishing, not yet sixty seconds old when last looked at."""
    settled: list[bytes] = field(default_factory=list)
    """A heap of UUIDs that finished longer ago."""
    texts: deque[bytes] = field(default_factory=deque)
    """Finished text ids, oldest first."""
    evicted: bytes = NO_ID
    """The greatest UUID that was forgotten."""


@dataclass(slots=True)
class Withdrawal:
    """An amount that waits for confirmation."""

    withdrawal_id: OrderId
    asset_id: AssetId
    amount: Atoms


@dataclass(slots=True)
class Account:
    """One account of one owner. The operator, account 0, is one too, but has a memory only."""

    account_id: AccountId
    owner: OwnerId
    number: int
    status: AccountStatus = AccountStatus.ACTIVE
    fee_tier: int = 0
    self_trade_prevention: int = SelfTradePrevention.CANCEL_TAKER
    open_orders_max: int = OPEN_ORDERS_PER_ACCOUNT
    order_notional_max: int = 0
    sequence: int = 0
    """Of the last event in the account's stream."""
    balances: Balances = field(default_factory=Balances)
    orders: dict[OrderId, MarketId] = field(default_factory=dict)
    """Open orders: order id → market id, in order of order id."""
    open_in: dict[MarketId, int] = field(default_factory=dict)
    """market id → how many of them."""
    withdrawals: dict[OrderId, Withdrawal] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)


@dataclass(slots=True, eq=False)
class Order:
    """An order, resting or on its way. quantity == filled + leaves, except by quote amount: leaves is atoms then."""

    order_id: OrderId
    client_order_id: ClientOrderId
    account_id: AccountId
    owner: OwnerId
    market_id: MarketId
    side: int
    order_type: int
    time_in_force: int
    self_trade_prevention: int
    flags: int
    price: Ticks
    quantity: Lots
    expiry_ns: TimeNs
    placed_sequence: Sequence
    leaves: int
    """Lots; quote atoms with QUOTE_AMOUNT."""
    filled: int = 0
    """Lots."""
    previous: "Order | None" = None
    next: "Order | None" = None


@dataclass(slots=True, eq=False)
class Level:
    """All orders at one price, oldest first, as a linked list, so that a cancel does not walk it."""

    key: int
    price: Ticks
    quantity: int = 0
    """Lots."""
    orders: int = 0
    head: Order | None = None
    tail: Order | None = None


@dataclass(slots=True, eq=False)
class BookSide:
    """Bids or asks. Levels are keyed by price × sign, so that the smallest key is the best on both sides."""

    side: Side
    sign: int
    levels: dict[int, Level] = field(default_factory=dict)
    keys: "SortedList[int]" = field(default_factory=SortedList)
    best: Level | None = None
    touched: dict[int, None] = field(default_factory=dict)
    """Keys of the levels that the command in hand has changed, in that order."""


@dataclass(slots=True, eq=False)
class Book:
    """One market's resting orders."""

    market_id: MarketId
    bids: BookSide = field(default_factory=lambda: BookSide(Side.BUY, -1))
    asks: BookSide = field(default_factory=lambda: BookSide(Side.SELL, 1))
    orders: dict[OrderId, Order] = field(default_factory=dict)
    trade_id: int = 0
    """Of the last trade; contiguous per market."""


class Fee(msgspec.Struct, frozen=True):
    """What maker and taker pay per fill, in ppm of what they receive."""

    maker_ppm: Ppm
    taker_ppm: Ppm


@dataclass(slots=True, eq=False)
class MarketState:
    """A market's rules, and what risk knows of its price."""

    market_id: MarketId
    symbol: str
    base: AssetId
    quote: AssetId
    tick_size: int
    lot_size: Atoms
    atoms_per_tick_lot: Atoms
    quantity_min: Lots
    quantity_max: Lots
    notional_min: Atoms
    band_ppm: Ppm
    status: MarketStatus
    reference_price: Ticks
    """From CreateMarket until the first trade, then the last trade's price."""
    fees_set: dict[int, Fee] = field(default_factory=dict)
    """By tier, what SetFees and CreateMarket gave."""
    fees: list[Fee] = field(default_factory=list)
    """By tier, what an account pays: where nothing was set, what tier 0 pays."""

    def set_fee(self, tier: int, fee: Fee) -> None:
        """Tier 0 is set first."""
        self.fees_set[tier] = fee
        self.fees = [self.fees_set.get(each, self.fees_set[0]) for each in range(FEE_TIER_MAX + 1)]


def _operator() -> Account:
    return Account(account_id=AccountId(0), owner=OwnerId(0), number=0)


@dataclass(slots=True, eq=False)
class State:
    """The whole of it. Given the same commands, the same on every machine."""

    sequence: Sequence = BEFORE_ALL
    time_ns: TimeNs = BEFORE_TIME
    digest: bytes = bytes(DIGEST_SIZE)
    """Runs over the output bytes of every command."""
    features: dict[int, Sequence] = field(default_factory=dict)
    """Number → the first command that it is in force for."""
    account_counter: int = FIRST_USER_ACCOUNT - 1
    order_counter: int = 0
    withdrawal_counter: int = 0
    assets: dict[AssetId, Asset] = field(default_factory=dict)
    asset_ids: dict[str, AssetId] = field(default_factory=dict)
    """By symbol."""
    markets: dict[MarketId, MarketState] = field(default_factory=dict)
    market_ids: dict[tuple[AssetId, AssetId], MarketId] = field(default_factory=dict)
    """By (base, quote)."""
    books: dict[MarketId, Book] = field(default_factory=dict)
    accounts: dict[AccountId, Account] = field(default_factory=dict)
    """Of users."""
    account_ids: dict[tuple[OwnerId, int], AccountId] = field(default_factory=dict)
    """(owner, number) → account id."""
    system: dict[int, Balances] = field(
        default_factory=lambda: {number: Balances() for number in (EXTERNAL, FEES, INSURANCE, ROUNDING)}
    )
    operator: Account = field(default_factory=_operator)
    expiries: "SortedList[tuple[TimeNs, OrderId, MarketId]]" = field(default_factory=SortedList)
    """(expiry_ns, order id, market id) of every open GTD order."""

    def next_order_id(self) -> OrderId:
        """A number never given before."""
        self.order_counter += 1
        return OrderId(SHARD << SHARD_BITS | self.order_counter)

    def next_withdrawal_id(self) -> OrderId:
        """A number never given before."""
        self.withdrawal_counter += 1
        return OrderId(SHARD << SHARD_BITS | self.withdrawal_counter)


def orders_of(side: BookSide) -> Iterable[Order]:
    """Every resting order of one side, best price first, then oldest first."""
    for key in side.keys:
        order = side.levels[key].head
        while order is not None:
            yield order
            order = order.next
