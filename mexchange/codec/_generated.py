"""Generated from schemas/*.fbs by schemas/generate.sh. Do not edit."""

from enum import IntEnum
from typing import Final

from mexchange.codec.layout import Field, FixedLayout, Kind, StructLayout, TableLayout


class Channel(IntEnum):
    """Channel of the schemas."""

    NONE = 0
    BOOK = 1
    TRADES = 2
    TICKER = 3
    CANDLES = 4


class DepositState(IntEnum):
    """DepositState of the schemas."""

    NONE = 0
    SEEN = 1
    CREDITING = 2
    CREDITED = 3
    REFUSED = 4
    UNCLEAR = 5
    VANISHED = 6


class FundingKind(IntEnum):
    """FundingKind of the schemas."""

    NONE = 0
    DEPOSIT = 1
    WITHDRAWAL = 2


class FundingStatus(IntEnum):
    """FundingStatus of the schemas."""

    NONE = 0
    HELD = 1
    CONFIRMED = 2
    RELEASED = 3


class KeyKind(IntEnum):
    """KeyKind of the schemas."""

    NONE = 0
    DEVICE = 1
    API = 2
    SERVICE = 3


class LedgerKind(IntEnum):
    """LedgerKind of the schemas."""

    NONE = 0
    TRADE = 1
    FEE = 2
    DEPOSIT = 3
    WITHDRAWAL = 4
    TRANSFER = 5


class LoginMethod(IntEnum):
    """LoginMethod of the schemas."""

    NONE = 0
    ANONYMOUS = 1
    KEY = 2
    ENROLL = 3
    WEB = 4


class LoginRefusal(IntEnum):
    """LoginRefusal of the schemas."""

    NONE = 0
    UNKNOWN_KEY = 1
    BAD_SIGNATURE = 2
    CLOCK_SKEW = 3
    TOO_MANY_SESSIONS = 4
    METHOD_OFF = 5
    KEY_REVOKED = 6
    MALFORMED = 7
    ADDRESS = 8
    DISABLED = 9
    SESSION_ENDED = 10
    UNAVAILABLE = 11


class MessageType(IntEnum):
    """MessageType of the schemas."""

    NONE = 0
    LOGIN = 1
    LOGIN_ACCEPTED = 2
    LOGIN_REFUSED = 3
    LOGOUT = 4
    HEARTBEAT = 5
    UNSUPPORTED = 6
    THROTTLED = 7
    PATH_CHALLENGE = 20
    PATH_RESPONSE = 21
    CANCEL_ALL_AFTER = 22
    DELEGATE = 23
    NEW_ORDERS = 100
    CANCELS = 101
    AMENDS = 102
    MASS_CANCEL = 103
    WITHDRAW = 104
    TRANSFER = 105
    OPEN_ACCOUNT = 200
    CHANGE_ACCOUNT = 201
    DEPOSIT = 202
    CONFIRM_WITHDRAWAL = 203
    RELEASE_WITHDRAWAL = 204
    CREATE_ASSET = 205
    CHANGE_ASSET = 206
    CREATE_MARKET = 207
    CHANGE_MARKET = 208
    SET_MARKET_STATUS = 209
    SET_FEES = 210
    ADVANCE_TIME = 211
    REPORTS = 300
    GAP_REQUEST = 301
    GAP_UNAVAILABLE = 302
    BALANCES = 303
    SUBSCRIBE = 400
    SUBSCRIBED = 401
    UNSUBSCRIBE = 402
    BOOK_SNAPSHOT = 403
    BOOK_DELTA = 404
    TRADES = 405
    TICKER = 406
    SUBSCRIBE_REFUSED = 407
    CANDLES = 410
    MARKETS_QUERY = 500
    MARKETS_PAGE = 501
    ASSETS_QUERY = 502
    ASSETS_PAGE = 503
    ACCOUNT_QUERY = 504
    ACCOUNT_PAGE = 505
    ORDER_QUERY = 506
    ORDER_ANSWER = 507
    BOOK_QUERY = 508
    TRADES_QUERY = 509
    TICKER_QUERY = 510
    PREVIEW_ANSWER = 511
    PREVIEW = 512
    ORDERS_QUERY = 513
    ORDERS_PAGE = 514
    TRADE_HISTORY_QUERY = 515
    TRADE_HISTORY_PAGE = 516
    ORDER_HISTORY_QUERY = 517
    ORDER_HISTORY_PAGE = 518
    FILLS_QUERY = 519
    FILLS_PAGE = 520
    LEDGER_QUERY = 521
    LEDGER_PAGE = 522
    FUNDING_QUERY = 523
    FUNDING_PAGE = 524
    CANDLES_QUERY = 525
    CANDLES_PAGE = 526
    HOLDINGS_QUERY = 527
    HOLDINGS_PAGE = 528
    DAY_BALANCES_QUERY = 529
    DAY_BALANCES_PAGE = 530
    STATUS_QUERY = 600
    STATUS_ANSWER = 601
    QUERY_REFUSED = 602
    CODE_REQUEST = 610
    CODE_SENT = 611
    DEVICE_SIGN_IN = 612
    DEVICE_SIGNED_IN = 613
    WEB_SIGN_IN = 614
    WEB_TOKENS = 615
    WEB_REFRESH = 616
    WEB_SIGN_OUT = 617
    PROFILE_QUERY = 620
    PROFILE = 621
    KEYS_QUERY = 622
    KEYS_PAGE = 623
    KEY_REQUEST = 624
    KEY_REVOKE = 625
    SESSIONS_QUERY = 626
    SESSIONS_PAGE = 627
    SESSION_REVOKE = 628
    CONFIRMATION_SENT = 630
    CONFIRM = 631
    CONFIRMED = 632
    EMAIL_CHANGE = 633
    TOTP_BEGIN = 634
    TOTP_SECRET = 635
    TOTP_ENABLE = 636
    BACKUP_CODES = 637
    TOTP_DISABLE = 638
    DONE = 639
    PEOPLE_QUERY = 640
    PEOPLE_PAGE = 641
    FAUCET_REQUEST = 660
    FAUCET_ANSWER = 661
    ACCOUNTS_QUERY = 662
    ACCOUNTS_PAGE = 663
    OPEN_SUB_ACCOUNT = 664
    ADDRESS_REQUEST = 665
    ADDRESS_ANSWER = 666
    DEPOSITS_QUERY = 667
    DEPOSITS_PAGE = 668
    SIMULATE_DEPOSIT = 669
    WITHDRAWAL_REQUEST = 670
    WITHDRAWALS_QUERY = 671
    WITHDRAWALS_PAGE = 672
    WITHDRAWAL_CANCEL = 673
    WITHDRAWAL_DECISION = 674
    NAME_ACCOUNT = 675


class OrderFilter(IntEnum):
    """OrderFilter of the schemas."""

    ALL = 0
    OPEN = 1
    CLOSED = 2
    FILLED = 3
    CANCELLED = 4
    EXPIRED = 5
    REJECTED = 6


class OrderState(IntEnum):
    """OrderState of the schemas."""

    UNKNOWN = 0
    OPEN = 1
    PARTIALLY_FILLED = 2
    FILLED = 3
    CANCELLED = 4
    REJECTED = 5
    EXPIRED = 6
    FORGOTTEN = 7


class RateClass(IntEnum):
    """RateClass of the schemas."""

    FAST = 0
    NORMAL = 1
    SLOW = 2


class SignInIntent(IntEnum):
    """SignInIntent of the schemas."""

    ANY = 0
    SIGN_IN = 1
    SIGN_UP = 2


class WithdrawalState(IntEnum):
    """WithdrawalState of the schemas."""

    NONE = 0
    HOLDING = 1
    PENDING_CODE = 2
    PENDING_ADMIN = 3
    CONFIRMING = 4
    PAYING = 5
    PAID = 6
    RELEASING = 7
    CANCELLED = 8
    RETURNING = 9
    FAILED = 10


STRUCTS: Final[dict[str, StructLayout]] = {
    "AmendS": StructLayout(format='<16sQqqq', size=48, fields=('client_order_id', 'order_id', 'price', 'quantity', 'expected_filled')),
    "BalanceS": StructLayout(format='<I4xqq', size=24, fields=('asset', 'available', 'held')),
    "CancelS": StructLayout(format='<16s16sQ', size=40, fields=('client_order_id', 'target', 'order_id')),
    "CandleRowS": StructLayout(format='<qqqqqQQQQQQQ', size=96, fields=('open_ns', 'open', 'high', 'low', 'close', 'volume_low', 'volume_high', 'turnover_low', 'turnover_high', 'trades', 'first_trade_id', 'last_trade_id')),
    "ClientId": StructLayout(format='<QQ', size=16, fields=('head', 'tail')),
    "DayBalanceS": StructLayout(format='<qII', size=16, fields=('balance', 'asset', 'day')),
    "EventS": StructLayout(format='<QBBHIQqqqqq', size=64, fields=('sequence', 'kind', 'flags', 'info', 'market', 'order_id', 'v0', 'v1', 'v2', 'v3', 'v4')),
    "FillS": StructLayout(format='<QQqQQqqqqqIBB2x', size=88, fields=('account_sequence', 'sequence', 'time_ns', 'trade_id', 'order_id', 'price', 'quantity', 'value', 'fee', 'realised', 'market', 'side', 'is_maker')),
    "FundingRowS": StructLayout(format='<qQQ16sqqIBB2x', size=64, fields=('time_ns', 'id', 'sequence', 'client_order_id', 'amount', 'ended_ns', 'asset', 'kind', 'status')),
    "HoldingS": StructLayout(format='<qQqQqI4x8x8x', size=64, fields=('quantity', 'cost_low', 'cost_high', 'realised_low', 'realised_high', 'market')),
    "LedgerEntryS": StructLayout(format='<qQQqqQIIB1x2x4x', size=64, fields=('time_ns', 'entry', 'sequence', 'amount', 'balance', 'reference', 'asset', 'market', 'kind')),
    "LevelS": StructLayout(format='<qqII', size=24, fields=('price', 'quantity', 'orders', 'side')),
    "NewOrderS": StructLayout(format='<16sqqqIBBBB', size=48, fields=('client_order_id', 'price', 'quantity', 'expiry_ns', 'market', 'side', 'type_tif', 'stp', 'flags')),
    "OpenOrderS": StructLayout(format='<Q16sqqqqqQqIBBBB', size=88, fields=('order_id', 'client_order_id', 'price', 'quantity', 'leaves', 'filled', 'expiry_ns', 'placed_sequence', 'held', 'market', 'side', 'type_tif', 'stp', 'flags')),
    "OrderSummaryS": StructLayout(format='<Q16sqqqqqQQqqqIBBBBBBH4x', size=120, fields=('order_id', 'client_order_id', 'price', 'quantity', 'leaves', 'filled', 'expiry_ns', 'placed_sequence', 'last_sequence', 'placed_ns', 'last_ns', 'notional', 'market', 'side', 'type_tif', 'stp', 'flags', 'state', 'done_reason', 'reject_reason')),
    "RecordS": StructLayout(format='<QQ64s', size=80, fields=('account', 'account_sequence', 'event')),
    "StreamHeadS": StructLayout(format='<QQ', size=16, fields=('stream', 'head')),
    "TradeS": StructLayout(format='<QQqqqBB2x4x', size=48, fields=('trade_id', 'sequence', 'time_ns', 'price', 'quantity', 'side', 'flags')),
}

MESSAGES: Final[dict[MessageType, str]] = {
    MessageType.LOGIN: "Login",
    MessageType.LOGIN_ACCEPTED: "LoginAccepted",
    MessageType.LOGIN_REFUSED: "LoginRefused",
    MessageType.LOGOUT: "Logout",
    MessageType.HEARTBEAT: "Heartbeat",
    MessageType.UNSUPPORTED: "Unsupported",
    MessageType.THROTTLED: "Throttled",
    MessageType.NEW_ORDERS: "NewOrders",
    MessageType.CANCELS: "Cancels",
    MessageType.AMENDS: "Amends",
    MessageType.MASS_CANCEL: "MassCancel",
    MessageType.WITHDRAW: "Withdraw",
    MessageType.TRANSFER: "Transfer",
    MessageType.OPEN_ACCOUNT: "OpenAccount",
    MessageType.CHANGE_ACCOUNT: "ChangeAccount",
    MessageType.DEPOSIT: "Deposit",
    MessageType.CONFIRM_WITHDRAWAL: "ConfirmWithdrawal",
    MessageType.RELEASE_WITHDRAWAL: "ReleaseWithdrawal",
    MessageType.CREATE_ASSET: "CreateAsset",
    MessageType.CHANGE_ASSET: "ChangeAsset",
    MessageType.CREATE_MARKET: "CreateMarket",
    MessageType.CHANGE_MARKET: "ChangeMarket",
    MessageType.SET_MARKET_STATUS: "SetMarketStatus",
    MessageType.SET_FEES: "SetFees",
    MessageType.ADVANCE_TIME: "AdvanceTime",
    MessageType.REPORTS: "Reports",
    MessageType.GAP_REQUEST: "GapRequest",
    MessageType.GAP_UNAVAILABLE: "GapUnavailable",
    MessageType.BALANCES: "Balances",
    MessageType.SUBSCRIBE: "Subscribe",
    MessageType.SUBSCRIBED: "Subscribed",
    MessageType.UNSUBSCRIBE: "Unsubscribe",
    MessageType.BOOK_SNAPSHOT: "BookSnapshot",
    MessageType.BOOK_DELTA: "BookDelta",
    MessageType.TRADES: "Trades",
    MessageType.TICKER: "Ticker",
    MessageType.SUBSCRIBE_REFUSED: "SubscribeRefused",
    MessageType.CANDLES: "Candles",
    MessageType.MARKETS_QUERY: "MarketsQuery",
    MessageType.MARKETS_PAGE: "MarketsPage",
    MessageType.ASSETS_QUERY: "AssetsQuery",
    MessageType.ASSETS_PAGE: "AssetsPage",
    MessageType.ACCOUNT_QUERY: "AccountQuery",
    MessageType.ACCOUNT_PAGE: "AccountPage",
    MessageType.ORDER_QUERY: "OrderQuery",
    MessageType.ORDER_ANSWER: "OrderAnswer",
    MessageType.BOOK_QUERY: "BookQuery",
    MessageType.TRADES_QUERY: "TradesQuery",
    MessageType.TICKER_QUERY: "TickerQuery",
    MessageType.PREVIEW_ANSWER: "PreviewAnswer",
    MessageType.PREVIEW: "Preview",
    MessageType.ORDERS_QUERY: "OrdersQuery",
    MessageType.ORDERS_PAGE: "OrdersPage",
    MessageType.TRADE_HISTORY_QUERY: "TradeHistoryQuery",
    MessageType.TRADE_HISTORY_PAGE: "TradeHistoryPage",
    MessageType.ORDER_HISTORY_QUERY: "OrderHistoryQuery",
    MessageType.ORDER_HISTORY_PAGE: "OrderHistoryPage",
    MessageType.FILLS_QUERY: "FillsQuery",
    MessageType.FILLS_PAGE: "FillsPage",
    MessageType.LEDGER_QUERY: "LedgerQuery",
    MessageType.LEDGER_PAGE: "LedgerPage",
    MessageType.FUNDING_QUERY: "FundingQuery",
    MessageType.FUNDING_PAGE: "FundingPage",
    MessageType.CANDLES_QUERY: "CandlesQuery",
    MessageType.CANDLES_PAGE: "CandlesPage",
    MessageType.HOLDINGS_QUERY: "HoldingsQuery",
    MessageType.HOLDINGS_PAGE: "HoldingsPage",
    MessageType.DAY_BALANCES_QUERY: "DayBalancesQuery",
    MessageType.DAY_BALANCES_PAGE: "DayBalancesPage",
    MessageType.STATUS_QUERY: "StatusQuery",
    MessageType.STATUS_ANSWER: "StatusAnswer",
    MessageType.QUERY_REFUSED: "QueryRefused",
    MessageType.CODE_REQUEST: "CodeRequest",
    MessageType.CODE_SENT: "CodeSent",
    MessageType.DEVICE_SIGN_IN: "DeviceSignIn",
    MessageType.DEVICE_SIGNED_IN: "DeviceSignedIn",
    MessageType.WEB_SIGN_IN: "WebSignIn",
    MessageType.WEB_TOKENS: "WebTokens",
    MessageType.WEB_REFRESH: "WebRefresh",
    MessageType.WEB_SIGN_OUT: "WebSignOut",
    MessageType.PROFILE_QUERY: "ProfileQuery",
    MessageType.PROFILE: "Profile",
    MessageType.KEYS_QUERY: "KeysQuery",
    MessageType.KEYS_PAGE: "KeysPage",
    MessageType.KEY_REQUEST: "KeyRequest",
    MessageType.KEY_REVOKE: "KeyRevoke",
    MessageType.SESSIONS_QUERY: "SessionsQuery",
    MessageType.SESSIONS_PAGE: "SessionsPage",
    MessageType.SESSION_REVOKE: "SessionRevoke",
    MessageType.CONFIRMATION_SENT: "ConfirmationSent",
    MessageType.CONFIRM: "Confirm",
    MessageType.CONFIRMED: "Confirmed",
    MessageType.EMAIL_CHANGE: "EmailChange",
    MessageType.TOTP_BEGIN: "TotpBegin",
    MessageType.TOTP_SECRET: "TotpSecret",
    MessageType.TOTP_ENABLE: "TotpEnable",
    MessageType.BACKUP_CODES: "BackupCodes",
    MessageType.TOTP_DISABLE: "TotpDisable",
    MessageType.DONE: "Done",
    MessageType.PEOPLE_QUERY: "PeopleQuery",
    MessageType.PEOPLE_PAGE: "PeoplePage",
    MessageType.FAUCET_REQUEST: "FaucetRequest",
    MessageType.FAUCET_ANSWER: "FaucetAnswer",
    MessageType.ACCOUNTS_QUERY: "AccountsQuery",
    MessageType.ACCOUNTS_PAGE: "AccountsPage",
    MessageType.OPEN_SUB_ACCOUNT: "OpenSubAccount",
    MessageType.ADDRESS_REQUEST: "AddressRequest",
    MessageType.ADDRESS_ANSWER: "AddressAnswer",
    MessageType.DEPOSITS_QUERY: "DepositsQuery",
    MessageType.DEPOSITS_PAGE: "DepositsPage",
    MessageType.SIMULATE_DEPOSIT: "SimulateDeposit",
    MessageType.WITHDRAWAL_REQUEST: "WithdrawalRequest",
    MessageType.WITHDRAWALS_QUERY: "WithdrawalsQuery",
    MessageType.WITHDRAWALS_PAGE: "WithdrawalsPage",
    MessageType.WITHDRAWAL_CANCEL: "WithdrawalCancel",
    MessageType.WITHDRAWAL_DECISION: "WithdrawalDecision",
    MessageType.NAME_ACCOUNT: "NameAccount",
}
"""The table of each message; numbers without one are reserved."""

TABLES: Final[dict[str, TableLayout]] = {
    "AccountPage": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("account_sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("status", Kind.SCALAR, 'B', 0, 1, 1),
            Field("fee_tier", Kind.SCALAR, 'I', 0, 4, 4),
            Field("stp", Kind.SCALAR, 'B', 0, 1, 1),
            Field("balances", Kind.STRUCTS, 'BalanceS', 0, 4, 4),
            Field("orders", Kind.STRUCTS, 'OpenOrderS', 0, 4, 4),
            Field("next_order", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("maker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("taker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(11, 10, 9, 8, 2, 1, 0, 4, 5, 3, 7, 6),
        fixed=None,
    ),
    "AccountQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("first_order", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(1, 0),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x08\x00\x14\x00\x04\x00\x0c\x00\x08\x00\x00\x00', fields='<QQ', order=('account', 'first_order'), rows=''),
    ),
    "AccountsPage": TableLayout(
        fields=(
            Field("accounts", Kind.TABLES, 'OwnedAccount', 0, 4, 4),
            Field("next", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "AccountsQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("first", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0, 1),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x00\x00\x00\x00\x08\x00\x10\x00\x08\x00\x04\x00\x08\x00\x00\x00', fields='<IQ', order=('first', 'account'), rows=''),
    ),
    "AddressAnswer": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("address", Kind.STRING, '', 0, 4, 4),
            Field("confirmations", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0, 3, 1, 2),
        fixed=None,
    ),
    "AddressRequest": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0, 1),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x00\x00\x00\x00\x08\x00\x10\x00\x08\x00\x04\x00\x08\x00\x00\x00', fields='<IQ', order=('asset', 'account'), rows=''),
    ),
    "AdvanceTime": TableLayout(
        fields=(
            Field("unused", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00', fields='<3xB', order=('unused',), rows=''),
    ),
    "Amends": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("deadline_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("amends", Kind.STRUCTS, 'AmendS', 0, 4, 4),
        ),
        write_order=(2, 1, 0, 3),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x0c\x00$\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00 \x00\x00\x00', fields='<QQq4xI', order=('account', 'actor', 'deadline_ns'), rows='amends'),
    ),
    "AssetInfo": TableLayout(
        fields=(
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("symbol", Kind.STRING, '', 0, 4, 4),
            Field("scale", Kind.SCALAR, 'B', 0, 1, 1),
            Field("display_decimals", Kind.SCALAR, 'B', 0, 1, 1),
            Field("supply_max", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(4, 0, 3, 2, 1),
        fixed=None,
    ),
    "AssetsPage": TableLayout(
        fields=(
            Field("assets", Kind.TABLES, 'AssetInfo', 0, 4, 4),
            Field("next", Kind.SCALAR, 'I', 0, 4, 4),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(2, 1, 0),
        fixed=None,
    ),
    "AssetsQuery": TableLayout(
        fields=(
            Field("first", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00', fields='<I', order=('first',), rows=''),
    ),
    "BackupCodes": TableLayout(
        fields=(
            Field("codes", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "Balances": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("account_sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("balances", Kind.STRUCTS, 'BalanceS', 0, 4, 4),
        ),
        write_order=(3, 2, 1, 0, 4),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00,\x00\x08\x00\x10\x00\x18\x00 \x00\x04\x00\x0e\x00\x00\x00(\x00\x00\x00', fields='<QQQq4xI', order=('account', 'account_sequence', 'sequence', 'time_ns'), rows='balances'),
    ),
    "BookDelta": TableLayout(
        fields=(
            Field("subscription", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("previous_sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("checksum", Kind.SCALAR, 'I', 0, 4, 4),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("levels", Kind.STRUCTS, 'LevelS', 0, 4, 4),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
        ),
        write_order=(5, 3, 2, 0, 4, 1, 8, 7, 6),
        fixed=FixedLayout(prefix=b'\x1c\x00\x00\x00\x00\x00\x16\x008\x00\x14\x00\x0c\x00\x1c\x00$\x00\x10\x00,\x00\x04\x00\x08\x00\n\x00\x16\x00\x00\x004\x00\x00\x00', fields='<HHIIQQQq4xI', order=('page', 'pages', 'market', 'checksum', 'subscription', 'previous_sequence', 'sequence', 'time_ns'), rows='levels'),
    ),
    "BookQuery": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("depth", Kind.SCALAR, 'I', 0, 4, 4),
            Field("group_ticks", Kind.SCALAR, 'Q', 1, 8, 8),
        ),
        write_order=(2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00\x14\x00\x04\x00\x08\x00\x0c\x00\n\x00\x00\x00', fields='<IIQ', order=('market', 'depth', 'group_ticks'), rows=''),
    ),
    "BookSnapshot": TableLayout(
        fields=(
            Field("subscription", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("checksum", Kind.SCALAR, 'I', 0, 4, 4),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("levels", Kind.STRUCTS, 'LevelS', 0, 4, 4),
            Field("group_ticks", Kind.SCALAR, 'Q', 1, 8, 8),
        ),
        write_order=(8, 6, 2, 0, 5, 1, 4, 3, 7),
        fixed=FixedLayout(prefix=b'\x1c\x00\x00\x00\x00\x00\x16\x008\x00\x14\x00\x0c\x00\x1c\x00\x08\x00\n\x00\x10\x00$\x00\x04\x00,\x00\x16\x00\x00\x004\x00\x00\x00', fields='<HHIIQQqQ4xI', order=('page', 'pages', 'market', 'checksum', 'subscription', 'sequence', 'time_ns', 'group_ticks'), rows='levels'),
    ),
    "Cancels": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("deadline_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("cancels", Kind.STRUCTS, 'CancelS', 0, 4, 4),
        ),
        write_order=(2, 1, 0, 3),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x0c\x00$\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00 \x00\x00\x00', fields='<QQq4xI', order=('account', 'actor', 'deadline_ns'), rows='cancels'),
    ),
    "Candles": TableLayout(
        fields=(
            Field("subscription", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("interval", Kind.SCALAR, 'B', 0, 1, 1),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("candles", Kind.STRUCTS, 'CandleRowS', 0, 4, 4),
        ),
        write_order=(4, 3, 0, 1, 2, 5),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x10\x00,\x00\x10\x00\x0c\x00\x0b\x00\x18\x00 \x00\x04\x00\x10\x00\x00\x00(\x00\x00\x00', fields='<3xBIQQq4xI', order=('interval', 'market', 'subscription', 'sequence', 'time_ns'), rows='candles'),
    ),
    "CandlesPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'CandleRowS', 0, 4, 4),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("interval", Kind.SCALAR, 'B', 0, 1, 1),
            Field("close_before", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(8, 1, 0, 6, 3, 2, 7, 5, 4),
        fixed=None,
    ),
    "CandlesQuery": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("interval", Kind.SCALAR, 'B', 0, 1, 1),
            Field("since_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("until_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("oldest_first", Kind.SCALAR, '?', 0, 1, 1),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(3, 2, 4, 0, 5, 1, 6),
        fixed=None,
    ),
    "ChangeAccount": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("setting", Kind.SCALAR, 'B', 0, 1, 1),
            Field("value", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(4, 2, 1, 0, 3),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x000\x00\x08\x00\x10\x00\x18\x00\x07\x00(\x00\x0e\x00\x00\x00', fields='<3xBQQ16sq', order=('setting', 'account', 'actor', 'client_order_id', 'value'), rows=''),
    ),
    "ChangeAsset": TableLayout(
        fields=(
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("display_decimals", Kind.SCALAR, 'b', -1, 1, 1),
            Field("supply_max", Kind.SCALAR, 'q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(3, 2, 0, 1),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x0c\x00$\x00\x08\x00\x07\x00\x0c\x00\x14\x00\x0c\x00\x00\x00', fields='<3xbIq16s', order=('display_decimals', 'asset', 'supply_max', 'client_order_id'), rows=''),
    ),
    "ChangeMarket": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("quantity_min", Kind.SCALAR, 'q', -1, 8, 8),
            Field("quantity_max", Kind.SCALAR, 'q', -1, 8, 8),
            Field("notional_min", Kind.SCALAR, 'q', -1, 8, 8),
            Field("band_ppm", Kind.SCALAR, 'q', -1, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(5, 4, 3, 2, 1, 0),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x10\x008\x00\x04\x00\x08\x00\x10\x00\x18\x00 \x00(\x00\x10\x00\x00\x00', fields='<Iqqqq16s', order=('market', 'quantity_min', 'quantity_max', 'notional_min', 'band_ppm', 'client_order_id'), rows=''),
    ),
    "CodeRequest": TableLayout(
        fields=(
            Field("email", Kind.STRING, '', 0, 4, 4),
            Field("host", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "CodeSent": TableLayout(
        fields=(
            Field("request_id", Kind.BYTES, '', 0, 4, 4),
            Field("expires_ns", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "Confirm": TableLayout(
        fields=(
            Field("request_id", Kind.BYTES, '', 0, 4, 4),
            Field("code", Kind.STRING, '', 0, 4, 4),
            Field("second_factor", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(2, 1, 0),
        fixed=None,
    ),
    "ConfirmWithdrawal": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("withdrawal_id", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(3, 2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x0c\x00,\x00\x04\x00\x0c\x00\x14\x00$\x00\x0c\x00\x00\x00', fields='<QQ16sQ', order=('account', 'actor', 'client_order_id', 'withdrawal_id'), rows=''),
    ),
    "ConfirmationSent": TableLayout(
        fields=(
            Field("request_id", Kind.BYTES, '', 0, 4, 4),
            Field("expires_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("text", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 2, 0),
        fixed=None,
    ),
    "Confirmed": TableLayout(
        fields=(
            Field("text", Kind.STRING, '', 0, 4, 4),
            Field("key_id", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "CounterInfo": TableLayout(
        fields=(
            Field("name", Kind.STRING, '', 0, 4, 4),
            Field("value", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "CreateAsset": TableLayout(
        fields=(
            Field("symbol", Kind.STRING, '', 0, 4, 4),
            Field("scale", Kind.SCALAR, 'B', 0, 1, 1),
            Field("display_decimals", Kind.SCALAR, 'B', 0, 1, 1),
            Field("supply_max", Kind.SCALAR, 'q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(4, 3, 2, 1, 0),
        fixed=None,
    ),
    "CreateMarket": TableLayout(
        fields=(
            Field("base", Kind.SCALAR, 'I', 0, 4, 4),
            Field("quote", Kind.SCALAR, 'I', 0, 4, 4),
            Field("tick_size", Kind.SCALAR, 'q', 0, 8, 8),
            Field("lot_size", Kind.SCALAR, 'q', 0, 8, 8),
            Field("reference_price", Kind.SCALAR, 'q', 0, 8, 8),
            Field("quantity_min", Kind.SCALAR, 'q', 0, 8, 8),
            Field("quantity_max", Kind.SCALAR, 'q', 0, 8, 8),
            Field("notional_min", Kind.SCALAR, 'q', 0, 8, 8),
            Field("band_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("maker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("taker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("status", Kind.SCALAR, 'B', 0, 1, 1),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 11),
        fixed=FixedLayout(prefix=b'(\x00\x00\x00\x00\x00\x00\x00\x00\x00\x1e\x00h\x00\x08\x00\x0c\x00\x10\x00\x18\x00 \x00(\x000\x008\x00@\x00H\x00P\x00\x07\x00X\x00\x1e\x00\x00\x00', fields='<3xBIIqqqqqqqqq16s', order=('status', 'base', 'quote', 'tick_size', 'lot_size', 'reference_price', 'quantity_min', 'quantity_max', 'notional_min', 'band_ppm', 'maker_ppm', 'taker_ppm', 'client_order_id'), rows=''),
    ),
    "DayBalancesPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'DayBalanceS', 0, 4, 4),
        ),
        write_order=(1, 0, 3, 2, 5, 4),
        fixed=None,
    ),
    "DayBalancesQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("since_day", Kind.SCALAR, 'I', 0, 4, 4),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(0, 1, 2),
        fixed=None,
    ),
    "Deposit": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(4, 2, 1, 0, 3),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x000\x00\x08\x00\x10\x00\x18\x00\x04\x00(\x00\x0e\x00\x00\x00', fields='<IQQ16sq', order=('asset', 'account', 'actor', 'client_order_id', 'amount'), rows=''),
    ),
    "DepositInfo": TableLayout(
        fields=(
            Field("reference", Kind.STRING, '', 0, 4, 4),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
            Field("confirmations", Kind.SCALAR, 'I', 0, 4, 4),
            Field("state", Kind.SCALAR, 'B', 0, 1, 1),
            Field("seen_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("credited_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("reason", Kind.SCALAR, 'H', 0, 2, 2),
        ),
        write_order=(7, 6, 5, 2, 3, 1, 8, 4, 0),
        fixed=None,
    ),
    "DepositsPage": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("deposits", Kind.TABLES, 'DepositInfo', 0, 4, 4),
            Field("more", Kind.SCALAR, '?', 0, 1, 1),
            Field("needed", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0, 3, 2, 1),
        fixed=None,
    ),
    "DepositsQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("before_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("before_reference", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0, 2),
        fixed=None,
    ),
    "DeviceSignIn": TableLayout(
        fields=(
            Field("request_id", Kind.BYTES, '', 0, 4, 4),
            Field("code", Kind.STRING, '', 0, 4, 4),
            Field("second_factor", Kind.STRING, '', 0, 4, 4),
            Field("intent", Kind.SCALAR, 'B', 0, 1, 1),
            Field("public_key", Kind.BYTES, '', 0, 4, 4),
            Field("signature", Kind.BYTES, '', 0, 4, 4),
            Field("label", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(3, 6, 5, 4, 2, 1, 0),
        fixed=None,
    ),
    "DeviceSignedIn": TableLayout(
        fields=(
            Field("key_id", Kind.STRING, '', 0, 4, 4),
            Field("owner", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("is_new", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(1, 2, 0),
        fixed=None,
    ),
    "Done": TableLayout(
        fields=(
            Field("unused", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00', fields='<3xB', order=('unused',), rows=''),
    ),
    "EmailChange": TableLayout(
        fields=(
            Field("email", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "FaucetAnswer": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
            Field("claimed_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("next_ns", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(4, 3, 2, 0, 1),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00(\x00\x08\x00\x04\x00\x10\x00\x18\x00 \x00\x0e\x00\x00\x00', fields='<IQqqq', order=('asset', 'account', 'amount', 'claimed_ns', 'next_ns'), rows=''),
    ),
    "FaucetRequest": TableLayout(
        fields=(
            Field("claim", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00', fields='<3x?', order=('claim',), rows=''),
    ),
    "FillsPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'FillS', 0, 4, 4),
        ),
        write_order=(1, 0, 3, 2, 5, 4),
        fixed=None,
    ),
    "FillsQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("side", Kind.SCALAR, 'B', 0, 1, 1),
            Field("order_id", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("since_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("until_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("oldest_first", Kind.SCALAR, '?', 0, 1, 1),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(5, 4, 3, 0, 6, 1, 7, 2, 8),
        fixed=None,
    ),
    "FundingPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'FundingRowS', 0, 4, 4),
        ),
        write_order=(1, 0, 3, 2, 5, 4),
        fixed=None,
    ),
    "FundingQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("kind", Kind.SCALAR, 'B', 0, 1, 1),
            Field("since_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("until_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("oldest_first", Kind.SCALAR, '?', 0, 1, 1),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(4, 3, 0, 5, 1, 6, 2, 7),
        fixed=None,
    ),
    "GapRequest": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("first", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("last", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00\x1c\x00\x04\x00\x0c\x00\x14\x00\n\x00\x00\x00', fields='<QQQ', order=('account', 'first', 'last'), rows=''),
    ),
    "GapUnavailable": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("first_available", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00\x1c\x00\x04\x00\x0c\x00\x14\x00\n\x00\x00\x00', fields='<QQQ', order=('account', 'first_available', 'head'), rows=''),
    ),
    "Heartbeat": TableLayout(
        fields=(
            Field("boot_id", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("credit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("heads", Kind.STRUCTS, 'StreamHeadS', 0, 4, 4),
            Field("echo_ns", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(5, 2, 1, 0, 3, 4),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x10\x000\x00\x0c\x00\x14\x00\x1c\x00\x08\x00\x04\x00$\x00\x10\x00\x00\x00,\x00\x00\x00', fields='<IQqQq4xI', order=('credit', 'boot_id', 'time_ns', 'sequence', 'echo_ns'), rows='heads'),
    ),
    "HoldingsPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'HoldingS', 0, 4, 4),
        ),
        write_order=(1, 0, 3, 2, 5, 4),
        fixed=None,
    ),
    "HoldingsQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(0, 1),
        fixed=None,
    ),
    "KeyInfo": TableLayout(
        fields=(
            Field("key_id", Kind.STRING, '', 0, 4, 4),
            Field("kind", Kind.SCALAR, 'B', 0, 1, 1),
            Field("label", Kind.STRING, '', 0, 4, 4),
            Field("scopes", Kind.SCALAR, 'I', 0, 4, 4),
            Field("created_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("expires_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("revoked_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("used_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("addresses", Kind.STRING, '', 0, 4, 4),
            Field("markets", Kind.STRING, '', 0, 4, 4),
            Field("notional_asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("notional_per_hour", Kind.SCALAR, 'q', 0, 8, 8),
            Field("reduce_only", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(11, 7, 6, 5, 4, 10, 3, 12, 1, 9, 8, 2, 0),
        fixed=None,
    ),
    "KeyRequest": TableLayout(
        fields=(
            Field("public_key", Kind.BYTES, '', 0, 4, 4),
            Field("signature", Kind.BYTES, '', 0, 4, 4),
            Field("label", Kind.STRING, '', 0, 4, 4),
            Field("scopes", Kind.SCALAR, 'I', 0, 4, 4),
            Field("expires_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("addresses", Kind.STRING, '', 0, 4, 4),
            Field("markets", Kind.STRING, '', 0, 4, 4),
            Field("notional_asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("notional_per_hour", Kind.SCALAR, 'q', 0, 8, 8),
            Field("reduce_only", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(8, 4, 7, 3, 9, 6, 5, 2, 1, 0),
        fixed=None,
    ),
    "KeyRevoke": TableLayout(
        fields=(
            Field("key_id", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "KeysPage": TableLayout(
        fields=(
            Field("keys", Kind.TABLES, 'KeyInfo', 0, 4, 4),
            Field("next", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "KeysQuery": TableLayout(
        fields=(
            Field("after", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "LedgerPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'LedgerEntryS', 0, 4, 4),
        ),
        write_order=(1, 0, 3, 2, 5, 4),
        fixed=None,
    ),
    "LedgerQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("kind", Kind.SCALAR, 'B', 0, 1, 1),
            Field("since_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("until_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("oldest_first", Kind.SCALAR, '?', 0, 1, 1),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(4, 3, 0, 5, 1, 6, 2, 7),
        fixed=None,
    ),
    "Login": TableLayout(
        fields=(
            Field("method", Kind.SCALAR, 'B', 0, 1, 1),
            Field("key_id", Kind.STRING, '', 0, 4, 4),
            Field("public_key", Kind.BYTES, '', 0, 4, 4),
            Field("unix_ms", Kind.SCALAR, 'q', 0, 8, 8),
            Field("signature", Kind.BYTES, '', 0, 4, 4),
            Field("label", Kind.STRING, '', 0, 4, 4),
            Field("client", Kind.STRING, '', 0, 4, 4),
            Field("token", Kind.BYTES, '', 0, 4, 4),
            Field("host", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(3, 0, 8, 7, 6, 5, 4, 2, 1),
        fixed=None,
    ),
    "LoginAccepted": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("owner", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("scopes", Kind.SCALAR, 'I', 0, 4, 4),
            Field("boot_id", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("server_time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("account_sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("credit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("orders_per_second", Kind.SCALAR, 'I', 0, 4, 4),
            Field("subscriptions_max", Kind.SCALAR, 'I', 0, 4, 4),
            Field("key_id", Kind.STRING, '', 0, 4, 4),
            Field("features", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(11, 6, 5, 4, 3, 1, 0, 9, 8, 7, 2, 10),
        fixed=None,
    ),
    "LoginRefused": TableLayout(
        fields=(
            Field("refusal", Kind.SCALAR, 'B', 0, 1, 1),
            Field("text", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0, 1),
        fixed=None,
    ),
    "Logout": TableLayout(
        fields=(
            Field("unused", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00', fields='<3xB', order=('unused',), rows=''),
    ),
    "MarketInfo": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("symbol", Kind.STRING, '', 0, 4, 4),
            Field("base", Kind.SCALAR, 'I', 0, 4, 4),
            Field("quote", Kind.SCALAR, 'I', 0, 4, 4),
            Field("tick_size", Kind.SCALAR, 'q', 0, 8, 8),
            Field("lot_size", Kind.SCALAR, 'q', 0, 8, 8),
            Field("atoms_per_tick_lot", Kind.SCALAR, 'q', 0, 8, 8),
            Field("quantity_min", Kind.SCALAR, 'q', 0, 8, 8),
            Field("quantity_max", Kind.SCALAR, 'q', 0, 8, 8),
            Field("notional_min", Kind.SCALAR, 'q', 0, 8, 8),
            Field("band_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("maker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("taker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("status", Kind.SCALAR, 'B', 0, 1, 1),
            Field("reference_price", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(14, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0, 13, 1),
        fixed=None,
    ),
    "MarketsPage": TableLayout(
        fields=(
            Field("markets", Kind.TABLES, 'MarketInfo', 0, 4, 4),
            Field("next", Kind.SCALAR, 'I', 0, 4, 4),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(2, 1, 0),
        fixed=None,
    ),
    "MarketsQuery": TableLayout(
        fields=(
            Field("first", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00', fields='<I', order=('first',), rows=''),
    ),
    "MassCancel": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("deadline_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("side", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(3, 2, 1, 0, 4, 5),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x10\x004\x00\x0c\x00\x14\x00\x1c\x00$\x00\x08\x00\x07\x00\x10\x00\x00\x00', fields='<3xBIQQq16s', order=('side', 'market', 'account', 'actor', 'deadline_ns', 'client_order_id'), rows=''),
    ),
    "NameAccount": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("name", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0, 1),
        fixed=None,
    ),
    "NewOrders": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("deadline_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("orders", Kind.STRUCTS, 'NewOrderS', 0, 4, 4),
        ),
        write_order=(2, 1, 0, 3),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x0c\x00$\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00 \x00\x00\x00', fields='<QQq4xI', order=('account', 'actor', 'deadline_ns'), rows='orders'),
    ),
    "OpenAccount": TableLayout(
        fields=(
            Field("owner", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("number", Kind.SCALAR, 'I', 0, 4, 4),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(2, 0, 1),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x00\x00\n\x00 \x00\x08\x00\x04\x00\x10\x00\n\x00\x00\x00', fields='<IQ16s', order=('number', 'owner', 'client_order_id'), rows=''),
    ),
    "OpenSubAccount": TableLayout(
        fields=(
            Field("number", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00', fields='<I', order=('number',), rows=''),
    ),
    "OrderAnswer": TableLayout(
        fields=(
            Field("known", Kind.SCALAR, '?', 0, 1, 1),
            Field("orders", Kind.STRUCTS, 'OrderSummaryS', 0, 4, 4),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(2, 0, 1),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00\x18\x00\x0b\x00\x04\x00\x0c\x00\n\x00\x00\x00\x14\x00\x00\x00', fields='<3x?Q4xI', order=('known', 'sequence'), rows='orders'),
    ),
    "OrderHistoryPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'OrderSummaryS', 0, 4, 4),
        ),
        write_order=(1, 0, 3, 2, 5, 4),
        fixed=None,
    ),
    "OrderHistoryQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("side", Kind.SCALAR, 'B', 0, 1, 1),
            Field("state", Kind.SCALAR, 'B', 0, 1, 1),
            Field("since_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("until_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("oldest_first", Kind.SCALAR, '?', 0, 1, 1),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(5, 4, 0, 6, 1, 7, 3, 2, 8),
        fixed=None,
    ),
    "OrderQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("order_id", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00$\x00\x04\x00\x0c\x00\x14\x00\n\x00\x00\x00', fields='<QQ16s', order=('account', 'order_id', 'client_order_id'), rows=''),
    ),
    "OrdersPage": TableLayout(
        fields=(
            Field("orders", Kind.STRUCTS, 'OrderSummaryS', 0, 4, 4),
            Field("next_before", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(2, 1, 0),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x00\x00\n\x00\x1c\x00\x04\x00\x08\x00\x10\x00\n\x00\x00\x00\x18\x00\x00\x00', fields='<QQ4xI', order=('next_before', 'sequence'), rows='orders'),
    ),
    "OrdersQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("before", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("open_only", Kind.SCALAR, '?', 0, 1, 1),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(1, 0, 4, 2, 3),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00 \x00\x10\x00\x18\x00\x08\x00\x07\x00\x0c\x00\x0e\x00\x00\x00', fields='<3x?IIQQ', order=('open_only', 'limit', 'market', 'account', 'before'), rows=''),
    ),
    "OwnedAccount": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("number", Kind.SCALAR, 'I', 0, 4, 4),
            Field("name", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0, 1, 2),
        fixed=None,
    ),
    "PeoplePage": TableLayout(
        fields=(
            Field("people", Kind.TABLES, 'PersonInfo', 0, 4, 4),
            Field("next", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "PeopleQuery": TableLayout(
        fields=(
            Field("after", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("search", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0, 1),
        fixed=None,
    ),
    "PersonInfo": TableLayout(
        fields=(
            Field("owner", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("label", Kind.STRING, '', 0, 4, 4),
            Field("email", Kind.STRING, '', 0, 4, 4),
            Field("role", Kind.SCALAR, 'B', 0, 1, 1),
            Field("totp", Kind.SCALAR, '?', 0, 1, 1),
            Field("is_disabled", Kind.SCALAR, '?', 0, 1, 1),
            Field("is_erased", Kind.SCALAR, '?', 0, 1, 1),
            Field("created_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("status", Kind.SCALAR, 'B', 0, 1, 1),
            Field("fee_tier", Kind.SCALAR, 'B', 0, 1, 1),
            Field("accounts", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(8, 7, 0, 11, 10, 9, 6, 5, 4, 3, 2, 1),
        fixed=None,
    ),
    "Preview": TableLayout(
        fields=(
            Field("block", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "PreviewAnswer": TableLayout(
        fields=(
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("records", Kind.STRUCTS, 'RecordS', 0, 4, 4),
            Field("state_hash", Kind.BYTES, '', 0, 4, 4),
            Field("journal_bytes", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("truncated", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(3, 0, 4, 2, 1),
        fixed=None,
    ),
    "Profile": TableLayout(
        fields=(
            Field("owner", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("email", Kind.STRING, '', 0, 4, 4),
            Field("role", Kind.SCALAR, 'B', 0, 1, 1),
            Field("totp", Kind.SCALAR, '?', 0, 1, 1),
            Field("backup_codes", Kind.SCALAR, 'I', 0, 4, 4),
            Field("created_ns", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(5, 0, 4, 3, 2, 1),
        fixed=None,
    ),
    "ProfileQuery": TableLayout(
        fields=(
            Field("unused", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00', fields='<3xB', order=('unused',), rows=''),
    ),
    "QueryRefused": TableLayout(
        fields=(
            Field("code", Kind.STRING, '', 0, 4, 4),
            Field("text", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "ReleaseWithdrawal": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("withdrawal_id", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(3, 2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x0c\x00,\x00\x04\x00\x0c\x00\x14\x00$\x00\x0c\x00\x00\x00', fields='<QQ16sQ', order=('account', 'actor', 'client_order_id', 'withdrawal_id'), rows=''),
    ),
    "Reports": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("first_account_sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("events", Kind.STRUCTS, 'EventS', 0, 4, 4),
        ),
        write_order=(2, 1, 0, 3),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x0c\x00$\x00\x08\x00\x10\x00\x18\x00\x04\x00\x0c\x00\x00\x00 \x00\x00\x00', fields='<QQq4xI', order=('account', 'first_account_sequence', 'time_ns'), rows='events'),
    ),
    "SessionInfo": TableLayout(
        fields=(
            Field("session_id", Kind.STRING, '', 0, 4, 4),
            Field("kind", Kind.STRING, '', 0, 4, 4),
            Field("key_id", Kind.STRING, '', 0, 4, 4),
            Field("label", Kind.STRING, '', 0, 4, 4),
            Field("host", Kind.STRING, '', 0, 4, 4),
            Field("since_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("seen_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("is_this", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(6, 5, 7, 4, 3, 2, 1, 0),
        fixed=None,
    ),
    "SessionRevoke": TableLayout(
        fields=(
            Field("session_id", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "SessionsPage": TableLayout(
        fields=(
            Field("sessions", Kind.TABLES, 'SessionInfo', 0, 4, 4),
            Field("next", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "SessionsQuery": TableLayout(
        fields=(
            Field("after", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "SetFees": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("tier", Kind.SCALAR, 'I', 0, 4, 4),
            Field("maker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("taker_ppm", Kind.SCALAR, 'q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(4, 3, 2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x0e\x00,\x00\x04\x00\x08\x00\x0c\x00\x14\x00\x1c\x00\x0e\x00\x00\x00', fields='<IIqq16s', order=('market', 'tier', 'maker_ppm', 'taker_ppm', 'client_order_id'), rows=''),
    ),
    "SetMarketStatus": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("status", Kind.SCALAR, 'B', 0, 1, 1),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(2, 0, 1),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00\x1c\x00\x08\x00\x07\x00\x0c\x00\n\x00\x00\x00', fields='<3xBI16s', order=('status', 'market', 'client_order_id'), rows=''),
    ),
    "SimulateDeposit": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("request_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(3, 1, 0, 2),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x0c\x00(\x00\x08\x00\x10\x00\x04\x00 \x00\x0c\x00\x00\x00', fields='<IQ16sq', order=('asset', 'account', 'request_id', 'amount'), rows=''),
    ),
    "StatusAnswer": TableLayout(
        fields=(
            Field("text", Kind.STRING, '', 0, 4, 4),
            Field("counters", Kind.TABLES, 'CounterInfo', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "StatusQuery": TableLayout(
        fields=(
            Field("unused", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00', fields='<3xB', order=('unused',), rows=''),
    ),
    "Subscribe": TableLayout(
        fields=(
            Field("channel", Kind.SCALAR, 'B', 0, 1, 1),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("depth", Kind.SCALAR, 'I', 0, 4, 4),
            Field("group_ticks", Kind.SCALAR, 'Q', 1, 8, 8),
            Field("rate", Kind.SCALAR, 'B', 0, 1, 1),
            Field("interval", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(3, 2, 1, 5, 4, 0),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x10\x00\x18\x00\x05\x00\x08\x00\x0c\x00\x10\x00\x06\x00\x07\x00\x10\x00\x00\x00', fields='<1xBBBIIQ', order=('channel', 'rate', 'interval', 'market', 'depth', 'group_ticks'), rows=''),
    ),
    "SubscribeRefused": TableLayout(
        fields=(
            Field("text", Kind.STRING, '', 0, 4, 4),
            Field("code", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "Subscribed": TableLayout(
        fields=(
            Field("subscription", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("channel", Kind.SCALAR, 'B', 0, 1, 1),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("depth", Kind.SCALAR, 'I', 0, 4, 4),
            Field("group_ticks", Kind.SCALAR, 'Q', 1, 8, 8),
            Field("rate", Kind.SCALAR, 'B', 0, 1, 1),
            Field("interval", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(4, 0, 3, 2, 6, 5, 1),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x12\x00 \x00\x10\x00\x05\x00\x08\x00\x0c\x00\x18\x00\x06\x00\x07\x00\x12\x00\x00\x00', fields='<1xBBBIIQQ', order=('channel', 'rate', 'interval', 'market', 'depth', 'subscription', 'group_ticks'), rows=''),
    ),
    "Throttled": TableLayout(
        fields=(
            Field("retry_ms", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00', fields='<I', order=('retry_ms',), rows=''),
    ),
    "Ticker": TableLayout(
        fields=(
            Field("subscription", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("sequence", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("time_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("last", Kind.SCALAR, 'q', 0, 8, 8),
            Field("bid", Kind.SCALAR, 'q', 0, 8, 8),
            Field("ask", Kind.SCALAR, 'q', 0, 8, 8),
            Field("open_24h", Kind.SCALAR, 'q', 0, 8, 8),
            Field("high_24h", Kind.SCALAR, 'q', 0, 8, 8),
            Field("low_24h", Kind.SCALAR, 'q', 0, 8, 8),
            Field("volume_24h", Kind.STRING, '', 0, 4, 4),
            Field("turnover_24h", Kind.STRING, '', 0, 4, 4),
            Field("status", Kind.SCALAR, 'B', 0, 1, 1),
            Field("trades_24h", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
        ),
        write_order=(13, 9, 8, 7, 6, 5, 4, 3, 2, 0, 1, 15, 14, 12, 11, 10),
        fixed=None,
    ),
    "TickerQuery": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x04\x00\x06\x00\x00\x00', fields='<I', order=('market',), rows=''),
    ),
    "TotpBegin": TableLayout(
        fields=(
            Field("unused", Kind.SCALAR, 'B', 0, 1, 1),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x07\x00\x06\x00\x00\x00', fields='<3xB', order=('unused',), rows=''),
    ),
    "TotpDisable": TableLayout(
        fields=(
            Field("second_factor", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "TotpEnable": TableLayout(
        fields=(
            Field("code", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "TotpSecret": TableLayout(
        fields=(
            Field("uri", Kind.STRING, '', 0, 4, 4),
            Field("secret", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "TradeHistoryPage": TableLayout(
        fields=(
            Field("as_of", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("head", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
            Field("next", Kind.BYTES, '', 0, 4, 4),
            Field("rows", Kind.STRUCTS, 'TradeS', 0, 4, 4),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
        ),
        write_order=(1, 0, 6, 3, 2, 5, 4),
        fixed=None,
    ),
    "TradeHistoryQuery": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("side", Kind.SCALAR, 'B', 0, 1, 1),
            Field("since_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("until_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("oldest_first", Kind.SCALAR, '?', 0, 1, 1),
            Field("cursor", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(3, 2, 4, 0, 5, 1, 6),
        fixed=None,
    ),
    "Trades": TableLayout(
        fields=(
            Field("subscription", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("trades", Kind.STRUCTS, 'TradeS', 0, 4, 4),
            Field("page", Kind.SCALAR, 'H', 0, 2, 2),
            Field("pages", Kind.SCALAR, 'H', 0, 2, 2),
        ),
        write_order=(0, 1, 4, 3, 2),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0e\x00\x1c\x00\x10\x00\x0c\x00\x04\x00\x08\x00\n\x00\x0e\x00\x00\x00\x18\x00\x00\x00', fields='<HHIQ4xI', order=('page', 'pages', 'market', 'subscription'), rows='trades'),
    ),
    "TradesQuery": TableLayout(
        fields=(
            Field("market", Kind.SCALAR, 'I', 0, 4, 4),
            Field("limit", Kind.SCALAR, 'I', 0, 4, 4),
            Field("before", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(2, 1, 0),
        fixed=FixedLayout(prefix=b'\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\n\x00\x14\x00\x04\x00\x08\x00\x0c\x00\n\x00\x00\x00', fields='<IIQ', order=('market', 'limit', 'before'), rows=''),
    ),
    "Transfer": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("deadline_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
            Field("to_account", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(6, 5, 3, 2, 1, 0, 4),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x12\x00@\x00\x08\x00\x10\x00\x18\x00 \x00\x04\x000\x008\x00\x12\x00\x00\x00', fields='<IQQq16sqQ', order=('asset', 'account', 'actor', 'deadline_ns', 'client_order_id', 'amount', 'to_account'), rows=''),
    ),
    "Unsubscribe": TableLayout(
        fields=(
            Field("subscription", Kind.SCALAR, 'Q', 0, 8, 8),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x0c\x00\x04\x00\x06\x00\x00\x00', fields='<Q', order=('subscription',), rows=''),
    ),
    "Unsupported": TableLayout(
        fields=(
            Field("message_type", Kind.SCALAR, 'H', 0, 2, 2),
        ),
        write_order=(0,),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x00\x00\x06\x00\x08\x00\x06\x00\x06\x00\x00\x00', fields='<2xH', order=('message_type',), rows=''),
    ),
    "WebRefresh": TableLayout(
        fields=(
            Field("refresh", Kind.BYTES, '', 0, 4, 4),
            Field("host", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "WebSignIn": TableLayout(
        fields=(
            Field("request_id", Kind.BYTES, '', 0, 4, 4),
            Field("code", Kind.STRING, '', 0, 4, 4),
            Field("second_factor", Kind.STRING, '', 0, 4, 4),
            Field("intent", Kind.SCALAR, 'B', 0, 1, 1),
            Field("label", Kind.STRING, '', 0, 4, 4),
            Field("host", Kind.STRING, '', 0, 4, 4),
            Field("email", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(3, 6, 5, 4, 2, 1, 0),
        fixed=None,
    ),
    "WebSignOut": TableLayout(
        fields=(
            Field("token", Kind.BYTES, '', 0, 4, 4),
        ),
        write_order=(0,),
        fixed=None,
    ),
    "WebTokens": TableLayout(
        fields=(
            Field("session_id", Kind.BYTES, '', 0, 4, 4),
            Field("token", Kind.BYTES, '', 0, 4, 4),
            Field("refresh", Kind.BYTES, '', 0, 4, 4),
            Field("owner", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("idle_until_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("ends_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("is_new", Kind.SCALAR, '?', 0, 1, 1),
            Field("email", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(5, 4, 3, 6, 7, 2, 1, 0),
        fixed=None,
    ),
    "Withdraw": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("actor", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("deadline_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("client_order_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
        ),
        write_order=(5, 3, 2, 1, 0, 4),
        fixed=FixedLayout(prefix=b'\x18\x00\x00\x00\x00\x00\x00\x00\x10\x008\x00\x08\x00\x10\x00\x18\x00 \x00\x04\x000\x00\x10\x00\x00\x00', fields='<IQQq16sq', order=('asset', 'account', 'actor', 'deadline_ns', 'client_order_id', 'amount'), rows=''),
    ),
    "WithdrawalCancel": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("request_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
        ),
        write_order=(1, 0),
        fixed=FixedLayout(prefix=b'\x0c\x00\x00\x00\x08\x00\x1c\x00\x04\x00\x0c\x00\x08\x00\x00\x00', fields='<Q16s', order=('account', 'request_id'), rows=''),
    ),
    "WithdrawalDecision": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("request_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("approve", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(1, 0, 2),
        fixed=FixedLayout(prefix=b'\x10\x00\x00\x00\x00\x00\n\x00 \x00\x08\x00\x10\x00\x07\x00\n\x00\x00\x00', fields='<3x?Q16s', order=('approve', 'account', 'request_id'), rows=''),
    ),
    "WithdrawalInfo": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("request_id", Kind.STRING, '', 0, 4, 4),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
            Field("address", Kind.STRING, '', 0, 4, 4),
            Field("state", Kind.SCALAR, 'B', 0, 1, 1),
            Field("created_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("updated_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("reference", Kind.STRING, '', 0, 4, 4),
            Field("reason", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(7, 6, 3, 0, 2, 5, 9, 8, 4, 1),
        fixed=None,
    ),
    "WithdrawalRequest": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("request_id", Kind.STRUCT, 'ClientId', 0, 16, 8),
            Field("asset", Kind.SCALAR, 'I', 0, 4, 4),
            Field("amount", Kind.SCALAR, 'q', 0, 8, 8),
            Field("address", Kind.STRING, '', 0, 4, 4),
        ),
        write_order=(3, 1, 0, 2, 4),
        fixed=None,
    ),
    "WithdrawalsPage": TableLayout(
        fields=(
            Field("withdrawals", Kind.TABLES, 'WithdrawalInfo', 0, 4, 4),
            Field("more", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(1, 0),
        fixed=None,
    ),
    "WithdrawalsQuery": TableLayout(
        fields=(
            Field("account", Kind.SCALAR, 'Q', 0, 8, 8),
            Field("before_ns", Kind.SCALAR, 'q', 0, 8, 8),
            Field("before_id", Kind.STRING, '', 0, 4, 4),
            Field("waiting", Kind.SCALAR, '?', 0, 1, 1),
        ),
        write_order=(1, 0, 3, 2),
        fixed=None,
    ),
}
