"""What a session may do, as bits of one number on the wire and in the database."""

from enum import IntFlag
from typing import Final


class Scope(IntFlag):
    """Wire format, never reused. A key has those that its owner gave it; an anonymous session has PUBLIC."""

    PUBLIC = 1
    """Markets, books, trades, tickers, status."""
    READ = 2
    """Balances, orders and reports of its own accounts."""
    TRADE = 4
    """Orders, cancels, amends."""
    WITHDRAW = 8
    """Withdrawals and transfers."""
    ADMIN = 16
    """Everything that operators do, for every account."""
    DELEGATE = 32
    """Of gateways: sign people in, and act for them in sessions of their own."""


OWN: Final = Scope.PUBLIC | Scope.READ | Scope.TRADE | Scope.WITHDRAW
"""What the owner of an account has on a device of their own."""
READ_ONLY: Final = Scope.PUBLIC | Scope.READ
DELEGATED: Final = Scope.PUBLIC | Scope.READ | Scope.TRADE
"""What a gateway's session for a person has: what moves money out is confirmed by mail."""
OPERATOR: Final = OWN | Scope.ADMIN


def show(scopes: int) -> str:
    """`public read trade`."""
    return " ".join(str(scope.name).lower() for scope in Scope if scopes & scope)
