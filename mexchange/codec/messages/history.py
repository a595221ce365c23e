"""What happened, in pages: schemas/history.fbs, which has each field's meaning and unit."""

from typing import TypeAlias

import msgspec

from mexchange.codec._generated import FundingKind, FundingStatus, LedgerKind, OrderFilter
from mexchange.codec.messages.market_data import CandleRow, Trade
from mexchange.codec.messages.queries import OrderSummary
from mexchange.domain.client_id import ClientOrderId
from mexchange.domain.units import AccountId, AssetId, Atoms, Lots, MarketId, OrderId, Sequence, Ticks, TimeNs, TradeId


class Fill(msgspec.Struct, frozen=True):
    """Our side of a trade."""

    account_sequence: int
    sequence: Sequence
    time_ns: TimeNs
    trade_id: TradeId
    order_id: OrderId
    price: Ticks
    quantity: Lots
    value: Atoms
    fee: Atoms
    realised: Atoms
    market: MarketId
    side: int
    is_maker: int


class LedgerEntry(msgspec.Struct, frozen=True):
    """One amount that was added to an account, or taken from it."""

    time_ns: TimeNs
    entry: int
    sequence: Sequence
    amount: Atoms
    balance: Atoms
    reference: int
    asset: AssetId
    market: MarketId
    kind: int


class FundingRow(msgspec.Struct, frozen=True):
    """A deposit or a withdrawal."""

    time_ns: TimeNs
    id: int
    sequence: Sequence
    client_order_id: ClientOrderId
    amount: Atoms
    ended_ns: TimeNs
    asset: AssetId
    kind: int
    status: int


class Holding(msgspec.Struct, frozen=True):
    """What was bought in a market and not sold there again. Sums of 128 bits in two halves, the upper one signed."""

    quantity: Atoms
    cost_low: int
    cost_high: int
    realised_low: int
    realised_high: int
    market: MarketId

    @property
    def cost(self) -> int:
        """Quote atoms paid for `quantity`."""
        return (self.cost_high << 64) + self.cost_low

    @property
    def realised(self) -> int:
        """Quote atoms won by what was sold."""
        return (self.realised_high << 64) + self.realised_low


class DayBalance(msgspec.Struct, frozen=True):
    """A balance at the end of a UTC day, since 1970, on which it changed."""

    balance: Atoms
    asset: AssetId
    day: int


class TradeHistoryQuery(msgspec.Struct, frozen=True):
    """Public trades of a market."""

    market: MarketId = MarketId(0)
    side: int = 0
    since_ns: TimeNs = TimeNs(0)
    until_ns: TimeNs = TimeNs(0)
    limit: int = 0
    oldest_first: bool = False
    cursor: bytes = b""


class OrderHistoryQuery(msgspec.Struct, frozen=True):
    """Orders of an account, by the time at which they were accepted or refused."""

    account: AccountId = AccountId(0)
    market: MarketId = MarketId(0)
    side: int = 0
    state: int = OrderFilter.ALL
    since_ns: TimeNs = TimeNs(0)
    until_ns: TimeNs = TimeNs(0)
    limit: int = 0
    oldest_first: bool = False
    cursor: bytes = b""


class FillsQuery(msgspec.Struct, frozen=True):
    """Fills of an account."""

    account: AccountId = AccountId(0)
    market: MarketId = MarketId(0)
    side: int = 0
    order_id: OrderId = OrderId(0)
    since_ns: TimeNs = TimeNs(0)
    until_ns: TimeNs = TimeNs(0)
    limit: int = 0
    oldest_first: bool = False
    cursor: bytes = b""


class LedgerQuery(msgspec.Struct, frozen=True):
    """Entries of an account in the ledger."""

    account: AccountId = AccountId(0)
    asset: AssetId = AssetId(0)
    kind: int = LedgerKind.NONE
    since_ns: TimeNs = TimeNs(0)
    until_ns: TimeNs = TimeNs(0)
    limit: int = 0
    oldest_first: bool = False
    cursor: bytes = b""


class FundingQuery(msgspec.Struct, frozen=True):
    """Deposits and withdrawals of an account."""

    account: AccountId = AccountId(0)
    asset: AssetId = AssetId(0)
    kind: int = FundingKind.NONE
    since_ns: TimeNs = TimeNs(0)
    until_ns: TimeNs = TimeNs(0)
    limit: int = 0
    oldest_first: bool = False
    cursor: bytes = b""


class CandlesQuery(msgspec.Struct, frozen=True):
    """Candles of a market; the interval is an Interval."""

    market: MarketId = MarketId(0)
    interval: int = 0
    since_ns: TimeNs = TimeNs(0)
    until_ns: TimeNs = TimeNs(0)
    limit: int = 0
    oldest_first: bool = False
    cursor: bytes = b""


class HoldingsQuery(msgspec.Struct, frozen=True):
    """What an account bought, by market."""

    account: AccountId = AccountId(0)
    cursor: bytes = b""


class DayBalancesQuery(msgspec.Struct, frozen=True):
    """Balances of an account at the ends of days, oldest first."""

    account: AccountId = AccountId(0)
    since_day: int = 0
    cursor: bytes = b""


class TradeHistoryPage(msgspec.Struct, frozen=True):
    """Public trades."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[Trade] = []
    market: MarketId = MarketId(0)


class OrderHistoryPage(msgspec.Struct, frozen=True):
    """Orders."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[OrderSummary] = []


class FillsPage(msgspec.Struct, frozen=True):
    """Fills."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[Fill] = []


class LedgerPage(msgspec.Struct, frozen=True):
    """Ledger entries."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[LedgerEntry] = []


class FundingPage(msgspec.Struct, frozen=True):
    """Deposits and withdrawals."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[FundingRow] = []


class CandlesPage(msgspec.Struct, frozen=True):
    """Candles, without the gaps."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[CandleRow] = []
    market: MarketId = MarketId(0)
    interval: int = 0
    close_before: Ticks = Ticks(0)


class HoldingsPage(msgspec.Struct, frozen=True):
    """Holdings."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[Holding] = []


class DayBalancesPage(msgspec.Struct, frozen=True):
    """Balances by day."""

    as_of: Sequence = Sequence(0)
    head: Sequence = Sequence(0)
    page: int = 0
    pages: int = 0
    next: bytes = b""
    rows: list[DayBalance] = []


HistoryQuery: TypeAlias = (
    TradeHistoryQuery
    | OrderHistoryQuery
    | FillsQuery
    | LedgerQuery
    | FundingQuery
    | CandlesQuery
    | HoldingsQuery
    | DayBalancesQuery
)
"""A question about the past."""

HistoryPage: TypeAlias = (
    TradeHistoryPage
    | OrderHistoryPage
    | FillsPage
    | LedgerPage
    | FundingPage
    | CandlesPage
    | HoldingsPage
    | DayBalancesPage
)
"""A block of the answer."""

__all__ = [
    "CandlesPage",
    "CandlesQuery",
    "DayBalance",
    "DayBalancesPage",
    "DayBalancesQuery",
    "Fill",
    "FillsPage",
    "FillsQuery",
    "FundingKind",
    "FundingPage",
    "FundingQuery",
    "FundingRow",
    "FundingStatus",
    "HistoryPage",
    "HistoryQuery",
    "Holding",
    "HoldingsPage",
    "HoldingsQuery",
    "LedgerEntry",
    "LedgerKind",
    "LedgerPage",
    "LedgerQuery",
    "OrderFilter",
    "OrderHistoryPage",
    "OrderHistoryQuery",
    "TradeHistoryPage",
    "TradeHistoryQuery",
]
