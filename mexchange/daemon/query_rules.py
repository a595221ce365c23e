"""Which questions there are, what a session needs to ask them, and which of them name an account."""

from typing import Final

from mexchange.codec import MessageType
from mexchange.codec.questions import OF_TRADING
from mexchange.domain.scopes import Scope

QUERY_SCOPES: Final[dict[int, Scope]] = {
    MessageType.SUBSCRIBE: Scope.PUBLIC,
    MessageType.UNSUBSCRIBE: Scope.PUBLIC,
    MessageType.MARKETS_QUERY: Scope.PUBLIC,
    MessageType.ASSETS_QUERY: Scope.PUBLIC,
    MessageType.BOOK_QUERY: Scope.PUBLIC,
    MessageType.TRADES_QUERY: Scope.PUBLIC,
    MessageType.TICKER_QUERY: Scope.PUBLIC,
    MessageType.STATUS_QUERY: Scope.PUBLIC,
    MessageType.TRADE_HISTORY_QUERY: Scope.PUBLIC,
    MessageType.CANDLES_QUERY: Scope.PUBLIC,
    MessageType.GAP_REQUEST: Scope.READ,
    MessageType.ACCOUNT_QUERY: Scope.READ,
    MessageType.BALANCES: Scope.READ,
    MessageType.ORDER_QUERY: Scope.READ,
    MessageType.ORDERS_QUERY: Scope.READ,
    MessageType.PREVIEW: Scope.READ,
    MessageType.CODE_REQUEST: Scope.PUBLIC,
    MessageType.DEVICE_SIGN_IN: Scope.PUBLIC,
    MessageType.WEB_SIGN_IN: Scope.DELEGATE,
    MessageType.WEB_REFRESH: Scope.DELEGATE,
    MessageType.WEB_SIGN_OUT: Scope.DELEGATE,
    MessageType.PROFILE_QUERY: Scope.READ,
    MessageType.KEYS_QUERY: Scope.READ,
    MessageType.KEY_REQUEST: Scope.READ,
    MessageType.KEY_REVOKE: Scope.READ,
    MessageType.SESSIONS_QUERY: Scope.READ,
    MessageType.SESSION_REVOKE: Scope.READ,
    MessageType.CONFIRM: Scope.READ,
    MessageType.EMAIL_CHANGE: Scope.READ,
    MessageType.TOTP_BEGIN: Scope.READ,
    MessageType.TOTP_ENABLE: Scope.READ,
    MessageType.TOTP_DISABLE: Scope.READ,
    MessageType.PEOPLE_QUERY: Scope.ADMIN,
    MessageType.ORDER_HISTORY_QUERY: Scope.READ,
    MessageType.FILLS_QUERY: Scope.READ,
    MessageType.LEDGER_QUERY: Scope.READ,
    MessageType.FUNDING_QUERY: Scope.READ,
    MessageType.HOLDINGS_QUERY: Scope.READ,
    MessageType.DAY_BALANCES_QUERY: Scope.READ,
    MessageType.FAUCET_REQUEST: Scope.TRADE,
    MessageType.ACCOUNTS_QUERY: Scope.READ,
    MessageType.OPEN_SUB_ACCOUNT: Scope.WITHDRAW,
    MessageType.NAME_ACCOUNT: Scope.TRADE,
    MessageType.ADDRESS_REQUEST: Scope.READ,
    MessageType.DEPOSITS_QUERY: Scope.READ,
    MessageType.SIMULATE_DEPOSIT: Scope.TRADE,
    MessageType.WITHDRAWAL_REQUEST: Scope.TRADE,
    MessageType.WITHDRAWALS_QUERY: Scope.READ,
    MessageType.WITHDRAWAL_CANCEL: Scope.TRADE,
    MessageType.WITHDRAWAL_DECISION: Scope.ADMIN,
}
"""A Balances block that names an account and nothing else asks for its balances."""

OF_AN_ACCOUNT: Final[frozenset[int]] = OF_TRADING | frozenset(
    {
        MessageType.GAP_REQUEST,
        MessageType.BALANCES,
        MessageType.ACCOUNTS_QUERY,
        MessageType.NAME_ACCOUNT,
        MessageType.ADDRESS_REQUEST,
        MessageType.DEPOSITS_QUERY,
        MessageType.SIMULATE_DEPOSIT,
        MessageType.WITHDRAWAL_REQUEST,
        MessageType.WITHDRAWALS_QUERY,
        MessageType.WITHDRAWAL_CANCEL,
        MessageType.WITHDRAWAL_DECISION,
    }
)
"""These have a field `account`; 0 is the session's own."""

assert all(message_type in QUERY_SCOPES for message_type in OF_AN_ACCOUNT)

HISTORY_COST: Final = 10
COSTS: Final[dict[int, int]] = dict.fromkeys(
    (
        MessageType.TRADE_HISTORY_QUERY,
        MessageType.CANDLES_QUERY,
        MessageType.ORDER_HISTORY_QUERY,
        MessageType.FILLS_QUERY,
        MessageType.LEDGER_QUERY,
        MessageType.FUNDING_QUERY,
        MessageType.HOLDINGS_QUERY,
        MessageType.DAY_BALANCES_QUERY,
        MessageType.PEOPLE_QUERY,
    ),
    HISTORY_COST,
)
"""Questions that count for more than one: their rows come from the disk."""
