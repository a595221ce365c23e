"""Which questions there are, what a session needs to ask them, and which of them name an account."""

from typing import Final

from mexchange.codec import MessageType
from mexchange.identity.scopes import Scope

QUERY_SCOPES: Final[dict[int, Scope]] = {
    MessageType.SUBSCRIBE: Scope.PUBLIC,
    MessageType.UNSUBSCRIBE: Scope.PUBLIC,
    MessageType.MARKETS_QUERY: Scope.PUBLIC,
    MessageType.ASSETS_QUERY: Scope.PUBLIC,
    MessageType.BOOK_QUERY: Scope.PUBLIC,
    MessageType.TRADES_QUERY: Scope.PUBLIC,
    MessageType.TICKER_QUERY: Scope.PUBLIC,
    MessageType.STATUS_QUERY: Scope.PUBLIC,
    MessageType.GAP_REQUEST: Scope.READ,
    MessageType.ACCOUNT_QUERY: Scope.READ,
    MessageType.BALANCES: Scope.READ,
    MessageType.ORDER_QUERY: Scope.READ,
    MessageType.ORDERS_QUERY: Scope.READ,
    MessageType.PREVIEW: Scope.READ,
    MessageType.FAUCET_REQUEST: Scope.TRADE,
    MessageType.ACCOUNTS_QUERY: Scope.READ,
    MessageType.OPEN_SUB_ACCOUNT: Scope.WITHDRAW,
    MessageType.ADDRESS_REQUEST: Scope.READ,
    MessageType.DEPOSITS_QUERY: Scope.READ,
    MessageType.SIMULATE_DEPOSIT: Scope.TRADE,
}
"""A Balances block that names an account and nothing else asks for its balances."""

OF_AN_ACCOUNT: Final[frozenset[int]] = frozenset(
    {
        MessageType.GAP_REQUEST,
        MessageType.ACCOUNT_QUERY,
        MessageType.BALANCES,
        MessageType.ORDER_QUERY,
        MessageType.ORDERS_QUERY,
        MessageType.ACCOUNTS_QUERY,
        MessageType.ADDRESS_REQUEST,
        MessageType.DEPOSITS_QUERY,
        MessageType.SIMULATE_DEPOSIT,
    }
)
"""These have a field `account`; 0 is the session's own."""

assert all(message_type in QUERY_SCOPES for message_type in OF_AN_ACCOUNT)
