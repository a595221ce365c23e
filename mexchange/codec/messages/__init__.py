"""Every message but the commands, as frozen structs; names and order of fields are those of schemas/*.fbs.

Fields of enum type are plain ints, so that a newer peer's values survive. Fields called `unused` or `pad` are left out.
"""

from typing import TypeAlias

from mexchange.codec._generated import (
    Channel,
    DepositState,
    FundingKind,
    FundingStatus,
    KeyKind,
    LedgerKind,
    LoginMethod,
    LoginRefusal,
    OrderFilter,
    OrderState,
    RateClass,
    SignInIntent,
    WithdrawalState,
)
from mexchange.codec.messages.account import Balance, Balances, GapRequest, GapUnavailable, Reports
from mexchange.codec.messages.history import (
    CandlesPage,
    CandlesQuery,
    DayBalance,
    DayBalancesPage,
    DayBalancesQuery,
    Fill,
    FillsPage,
    FillsQuery,
    FundingPage,
    FundingQuery,
    FundingRow,
    HistoryPage,
    HistoryQuery,
    Holding,
    HoldingsPage,
    HoldingsQuery,
    LedgerEntry,
    LedgerPage,
    LedgerQuery,
    OrderHistoryPage,
    OrderHistoryQuery,
    TradeHistoryPage,
    TradeHistoryQuery,
)
from mexchange.codec.messages.identity import (
    BackupCodes,
    CodeRequest,
    CodeSent,
    Confirm,
    ConfirmationSent,
    Confirmed,
    DeviceSignedIn,
    DeviceSignIn,
    Done,
    EmailChange,
    KeyInfo,
    KeyRequest,
    KeyRevoke,
    KeysPage,
    KeysQuery,
    PeoplePage,
    PeopleQuery,
    PersonInfo,
    Profile,
    ProfileQuery,
    SessionInfo,
    SessionRevoke,
    SessionsPage,
    SessionsQuery,
    TotpBegin,
    TotpDisable,
    TotpEnable,
    TotpSecret,
    WebRefresh,
    WebSignIn,
    WebSignOut,
    WebTokens,
)
from mexchange.codec.messages.market_data import (
    TRADE_SYNTHETIC,
    BookDelta,
    BookSnapshot,
    CandleRow,
    Candles,
    Level,
    Subscribe,
    Subscribed,
    SubscribeRefused,
    Ticker,
    Trade,
    Trades,
    Unsubscribe,
)
from mexchange.codec.messages.queries import (
    AccountPage,
    AccountQuery,
    AssetInfo,
    AssetsPage,
    AssetsQuery,
    BookQuery,
    CounterInfo,
    MarketInfo,
    MarketsPage,
    MarketsQuery,
    OpenOrder,
    OrderAnswer,
    OrderQuery,
    OrdersPage,
    OrdersQuery,
    OrderSummary,
    Preview,
    PreviewAnswer,
    QueryRefused,
    StatusAnswer,
    StatusQuery,
    TickerQuery,
    TradesQuery,
)
from mexchange.codec.messages.session import (
    Heartbeat,
    Login,
    LoginAccepted,
    LoginRefused,
    Logout,
    StreamHead,
    Throttled,
    Unsupported,
)
from mexchange.codec.messages.wallet import (
    AccountsPage,
    AccountsQuery,
    AddressAnswer,
    AddressRequest,
    DepositInfo,
    DepositsPage,
    DepositsQuery,
    FaucetAnswer,
    FaucetRequest,
    NameAccount,
    OpenSubAccount,
    OwnedAccount,
    SimulateDeposit,
    WithdrawalCancel,
    WithdrawalDecision,
    WithdrawalInfo,
    WithdrawalRequest,
    WithdrawalsPage,
    WithdrawalsQuery,
)

Message: TypeAlias = (
    Login
    | LoginAccepted
    | LoginRefused
    | Logout
    | Heartbeat
    | Unsupported
    | Throttled
    | Reports
    | GapRequest
    | GapUnavailable
    | Balances
    | Subscribe
    | Subscribed
    | SubscribeRefused
    | Unsubscribe
    | BookSnapshot
    | BookDelta
    | Trades
    | Ticker
    | Candles
    | MarketsQuery
    | MarketsPage
    | AssetsQuery
    | AssetsPage
    | AccountQuery
    | AccountPage
    | OrderQuery
    | OrderAnswer
    | OrdersQuery
    | OrdersPage
    | BookQuery
    | TradesQuery
    | TickerQuery
    | Preview
    | PreviewAnswer
    | StatusQuery
    | StatusAnswer
    | QueryRefused
    | HistoryQuery
    | HistoryPage
    | CodeRequest
    | CodeSent
    | DeviceSignIn
    | DeviceSignedIn
    | WebSignIn
    | WebTokens
    | WebRefresh
    | WebSignOut
    | ProfileQuery
    | Profile
    | KeysQuery
    | KeysPage
    | PeoplePage
    | PeopleQuery
    | KeyRequest
    | KeyRevoke
    | SessionsQuery
    | SessionsPage
    | SessionRevoke
    | ConfirmationSent
    | Confirm
    | Confirmed
    | EmailChange
    | TotpBegin
    | TotpSecret
    | TotpEnable
    | BackupCodes
    | TotpDisable
    | Done
    | FaucetRequest
    | FaucetAnswer
    | AccountsQuery
    | AccountsPage
    | OpenSubAccount
    | NameAccount
    | AddressRequest
    | AddressAnswer
    | DepositsQuery
    | DepositsPage
    | SimulateDeposit
    | WithdrawalCancel
    | WithdrawalDecision
    | WithdrawalRequest
    | WithdrawalsPage
    | WithdrawalsQuery
)

Row: TypeAlias = (
    StreamHead
    | Balance
    | Level
    | Trade
    | CandleRow
    | OpenOrder
    | OrderSummary
    | Fill
    | LedgerEntry
    | FundingRow
    | Holding
    | DayBalance
)
"""A struct in a vector."""

Nested: TypeAlias = (
    MarketInfo
    | AssetInfo
    | CounterInfo
    | KeyInfo
    | PersonInfo
    | SessionInfo
    | OwnedAccount
    | DepositInfo
    | WithdrawalInfo
)
"""A table in a vector."""

__all__ = [
    "TRADE_SYNTHETIC",
    "AccountPage",
    "AccountQuery",
    "AccountsPage",
    "AccountsQuery",
    "AddressAnswer",
    "AddressRequest",
    "AssetInfo",
    "AssetsPage",
    "AssetsQuery",
    "BackupCodes",
    "Balance",
    "Balances",
    "BookDelta",
    "BookQuery",
    "BookSnapshot",
    "CandleRow",
    "Candles",
    "CandlesPage",
    "CandlesQuery",
    "Channel",
    "CodeRequest",
    "CodeSent",
    "Confirm",
    "ConfirmationSent",
    "Confirmed",
    "CounterInfo",
    "DayBalance",
    "DayBalancesPage",
    "DayBalancesQuery",
    "DepositInfo",
    "DepositState",
    "DepositsPage",
    "DepositsQuery",
    "DeviceSignIn",
    "DeviceSignedIn",
    "Done",
    "EmailChange",
    "FaucetAnswer",
    "FaucetRequest",
    "Fill",
    "FillsPage",
    "FillsQuery",
    "FundingKind",
    "FundingPage",
    "FundingQuery",
    "FundingRow",
    "FundingStatus",
    "GapRequest",
    "GapUnavailable",
    "Heartbeat",
    "HistoryPage",
    "HistoryQuery",
    "Holding",
    "HoldingsPage",
    "HoldingsQuery",
    "KeyInfo",
    "KeyKind",
    "KeyRequest",
    "KeyRevoke",
    "KeysPage",
    "KeysQuery",
    "LedgerEntry",
    "LedgerKind",
    "LedgerPage",
    "LedgerQuery",
    "Level",
    "Login",
    "LoginAccepted",
    "LoginMethod",
    "LoginRefusal",
    "LoginRefused",
    "Logout",
    "MarketInfo",
    "MarketsPage",
    "MarketsQuery",
    "Message",
    "NameAccount",
    "Nested",
    "OpenOrder",
    "OpenSubAccount",
    "OrderAnswer",
    "OrderFilter",
    "OrderHistoryPage",
    "OrderHistoryQuery",
    "OrderQuery",
    "OrderState",
    "OrderSummary",
    "OrdersPage",
    "OrdersQuery",
    "OwnedAccount",
    "PeoplePage",
    "PeopleQuery",
    "PersonInfo",
    "Preview",
    "PreviewAnswer",
    "Profile",
    "ProfileQuery",
    "QueryRefused",
    "RateClass",
    "Reports",
    "Row",
    "SessionInfo",
    "SessionRevoke",
    "SessionsPage",
    "SessionsQuery",
    "SignInIntent",
    "SimulateDeposit",
    "StatusAnswer",
    "StatusQuery",
    "StreamHead",
    "Subscribe",
    "SubscribeRefused",
    "Subscribed",
    "Throttled",
    "Ticker",
    "TickerQuery",
    "TotpBegin",
    "TotpDisable",
    "TotpEnable",
    "TotpSecret",
    "Trade",
    "TradeHistoryPage",
    "TradeHistoryQuery",
    "Trades",
    "TradesQuery",
    "Unsubscribe",
    "Unsupported",
    "WebRefresh",
    "WebSignIn",
    "WebSignOut",
    "WebTokens",
    "WithdrawalCancel",
    "WithdrawalDecision",
    "WithdrawalInfo",
    "WithdrawalRequest",
    "WithdrawalState",
    "WithdrawalsPage",
    "WithdrawalsQuery",
]
