"""Every message but the commands, as frozen structs; names and order of fields are those of schemas/*.fbs.

Fields of enum type are plain ints, so that a newer peer's values survive. Fields called `unused` or `pad` are left out.
"""

from typing import TypeAlias

from mexchange.codec._generated import Channel, LoginMethod, LoginRefusal, OrderState, RateClass
from mexchange.codec.messages.account import Balance, Balances, GapRequest, GapUnavailable, Reports
from mexchange.codec.messages.market_data import (
    TRADE_SYNTHETIC,
    BookDelta,
    BookSnapshot,
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
)

Row: TypeAlias = StreamHead | Balance | Level | Trade | OpenOrder | OrderSummary
"""A struct in a vector."""

Nested: TypeAlias = MarketInfo | AssetInfo | CounterInfo
"""A table in a vector."""

__all__ = [
    "TRADE_SYNTHETIC",
    "AccountPage",
    "AccountQuery",
    "AssetInfo",
    "AssetsPage",
    "AssetsQuery",
    "Balance",
    "Balances",
    "BookDelta",
    "BookQuery",
    "BookSnapshot",
    "Channel",
    "CounterInfo",
    "GapRequest",
    "GapUnavailable",
    "Heartbeat",
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
    "Nested",
    "OpenOrder",
    "OrderAnswer",
    "OrderQuery",
    "OrderState",
    "OrderSummary",
    "OrdersPage",
    "OrdersQuery",
    "Preview",
    "PreviewAnswer",
    "QueryRefused",
    "RateClass",
    "Reports",
    "Row",
    "StatusAnswer",
    "StatusQuery",
    "StreamHead",
    "Subscribe",
    "SubscribeRefused",
    "Subscribed",
    "Throttled",
    "Ticker",
    "TickerQuery",
    "Trade",
    "Trades",
    "TradesQuery",
    "Unsubscribe",
    "Unsupported",
]
