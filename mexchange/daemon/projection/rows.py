"""Rows on their way into the database, in the order of the columns of `store.history_tables`."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from mexchange.domain.candles import Candle
from mexchange.domain.cost_basis import Holding

OrderRow = list[Any]
"""An order as its table has it, changed in place while it is open."""
Row = tuple[Any, ...]

PRICE, QUANTITY, LEAVES, FILLED, FILLED_VALUE, FEE, REASON = range(8, 15)
UPDATED_NS, UPDATED_SEQUENCE = 18, 19
"""Places in an OrderRow of what changes."""
CHANGING: Final = (PRICE, QUANTITY, LEAVES, FILLED, FILLED_VALUE, FEE, REASON, UPDATED_NS, UPDATED_SEQUENCE)


class Cursor(msgspec.Struct, frozen=True):
    """How far the rows go."""

    sequence: int = 0
    """Of the last command; 0: there are no rows."""
    time_ns: int = 0
    digest: bytes = bytes(16)
    """Of the journal's frame that ends there."""
    entries: int = 0
    """In the ledger."""


@dataclass(slots=True)
class Rows:
    """Everything that frames change, to be written in one transaction with the cursor."""

    before: Cursor
    """What the database must say, or these rows are not for it."""
    after: Cursor
    events: int = 0
    """That they were made of."""
    orders_new: dict[int, OrderRow] = field(default_factory=dict)
    orders_changed: dict[int, OrderRow] = field(default_factory=dict)
    rejects: list[Row] = field(default_factory=list)
    fills: list[Row] = field(default_factory=list)
    trades: list[Row] = field(default_factory=list)
    ledger: list[Row] = field(default_factory=list)
    deposits: list[Row] = field(default_factory=list)
    withdrawals_new: list[Row] = field(default_factory=list)
    withdrawals_ended: list[Row] = field(default_factory=list)
    """(status, ended_ns, ended_sequence, withdrawal_id)"""
    balances: dict[tuple[int, int], int] = field(default_factory=dict)
    balances_daily: dict[tuple[int, int, int], int] = field(default_factory=dict)
    holdings: dict[tuple[int, int], Holding] = field(default_factory=dict)
    candles: dict[tuple[int, int, int], Candle] = field(default_factory=dict)
    accounts: list[Row] = field(default_factory=list)
    assets: list[Row] = field(default_factory=list)
    markets: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What the database says of some accounts and markets, before the next rows."""

    balances: dict[int, dict[int, int]] = field(default_factory=dict)
    """account → asset → balance"""
    orders: list[OrderRow] = field(default_factory=list)
    """The open ones."""
    holdings: dict[tuple[int, int], Holding] = field(default_factory=dict)
    candles: dict[tuple[int, int], Candle] = field(default_factory=dict)
    """(market, interval) → the newest"""
