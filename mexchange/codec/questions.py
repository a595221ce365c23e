"""Kinds of questions that exchange and gateways have to tell apart, each said once."""

from typing import Final

from mexchange.codec.message_type import MessageType

OF_TRADING: Final[frozenset[int]] = frozenset(
    {
        MessageType.ACCOUNT_QUERY,
        MessageType.ORDER_QUERY,
        MessageType.ORDERS_QUERY,
        MessageType.ORDER_HISTORY_QUERY,
        MessageType.FILLS_QUERY,
        MessageType.LEDGER_QUERY,
        MessageType.FUNDING_QUERY,
        MessageType.HOLDINGS_QUERY,
        MessageType.DAY_BALANCES_QUERY,
    }
)
"""What an account has, and what it did: each names one, 0 for the session's own."""
