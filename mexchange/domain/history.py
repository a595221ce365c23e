"""Words of the history tables: kinds of ledger entries, states of withdrawals. Numbers are stored and never reused."""

from enum import IntEnum
from typing import Final

DAY_NS: Final = 86_400 * 10**9


class EntryKind(IntEnum):
    """Why a balance changed. Each kind moves something between two accounts."""

    TRADE = 1
    """Given and got in a trade, before fees."""
    FEE = 2
    """To the fees account; of a rebate, from it."""
    DEPOSIT = 3
    """From the external account."""
    WITHDRAWAL = 4
    """To the external account."""
    TRANSFER = 5
    """Between two users."""


class WithdrawalStatus(IntEnum):
    """How far a withdrawal is."""

    HELD = 1
    CONFIRMED = 2
    RELEASED = 3
