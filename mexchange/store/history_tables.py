"""The tables of `history`: what happened, in rows, every one of them derived from the journal.

Rows are keyed by who asks for them and by time, so that a page and a period are one walk through one index, newest
first: `(created_ns, order_id) < (:ns, :id) ORDER BY created_ns DESC, order_id DESC`. Times are those of the journal's
frames, in nanoseconds. Prices are ticks, quantities lots, amounts atoms, client order ids 16 bytes; *wide* is decimal
text, for what may exceed 64 bits. Enumerations are the numbers of `domain`.

No data is ever migrated here: whoever changes a table adds a revision that calls `recreate`, and the projector fills
the new tables from the journal.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.schema import CreateTable

PROJECTION_VERSION: Final = 1
"""What the projector makes of events: rows of another version are dropped and made again."""

metadata: Final = MetaData()

_Id: Final = BigInteger().with_variant(Integer(), "sqlite")
_OPEN: Final = text("reason = 0")


def _column(name: str, type_: type = BigInteger, *, key: bool = False) -> Column[object]:
    return Column(name, type_, primary_key=key, nullable=False, autoincrement=False)


orders: Final = Table(
    "orders",
    metadata,
    Column("order_id", _Id, primary_key=True, autoincrement=False),
    _column("account"),
    _column("client_order_id", LargeBinary),
    _column("market", Integer),
    _column("side", SmallInteger),
    _column("order_type", SmallInteger),
    _column("time_in_force", SmallInteger),
    _column("flags", SmallInteger),
    _column("price"),
    _column("quantity"),  # in all; quote atoms by quote amount
    _column("leaves"),
    _column("filled"),
    _column("filled_value"),  # quote atoms, before fees; 2^63 - 1 at most
    _column("fee"),  # atoms of what is received; within 64 bits
    _column("reason", SmallInteger),  # a DoneReason; 0: open
    _column("expiry_ns"),
    _column("created_ns"),
    _column("created_sequence"),
    _column("updated_ns"),
    _column("updated_sequence"),
    Index("orders_by_account", "account", "created_ns", "order_id"),
    Index("orders_by_client_id", "account", "client_order_id"),
    Index("orders_open", "account", "created_ns", "order_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    postgresql_with={"fillfactor": 80},
)
"""One row an order that was accepted."""

rejects: Final = Table(
    "rejects",
    metadata,
    _column("account", key=True),
    _column("time_ns", key=True),
    _column("account_sequence", key=True),
    _column("sequence"),
    _column("client_order_id", LargeBinary),
    _column("market", Integer),
    _column("order_id"),
    _column("reason", SmallInteger),
    _column("detail"),
    Index("rejects_by_client_id", "account", "client_order_id"),
    sqlite_with_rowid=False,
)
"""Commands of accounts that changed nothing."""

fills: Final = Table(
    "fills",
    metadata,
    _column("account", key=True),
    _column("time_ns", key=True),
    _column("account_sequence", key=True),
    _column("sequence"),
    _column("market", Integer),
    _column("trade_id"),
    _column("order_id"),
    _column("side", SmallInteger),
    _column("is_maker", SmallInteger),
    _column("price"),
    _column("quantity"),
    _column("value"),  # quote atoms, before fees
    _column("fee"),  # atoms of what is received; negative: a rebate
    _column("realised"),  # quote atoms, see holdings; within 64 bits
    sqlite_with_rowid=False,
)
"""Both sides of every trade."""

trades: Final = Table(
    "trades",
    metadata,
    _column("market", Integer, key=True),
    _column("time_ns", key=True),
    _column("trade_id", key=True),
    _column("sequence"),
    _column("price"),
    _column("quantity"),
    _column("side", SmallInteger),  # the taker's
    sqlite_with_rowid=False,
)
"""What everybody may see of them."""

ledger: Final = Table(
    "ledger",
    metadata,
    _column("account", key=True),
    _column("time_ns", key=True),
    _column("entry", key=True),  # a running number over all accounts
    _column("asset", Integer),
    _column("kind", SmallInteger),  # an EntryKind
    _column("amount"),
    _column("balance"),  # of account and asset after it, held amounts included
    _column("market", Integer),  # 0: none
    _column("reference"),  # trade, withdrawal, or other account
    _column("sequence"),
    sqlite_with_rowid=False,
)
"""Double entry: the amounts of a sequence sum to zero in each asset."""

deposits: Final = Table(
    "deposits",
    metadata,
    _column("account", key=True),
    _column("time_ns", key=True),
    _column("account_sequence", key=True),
    _column("sequence"),
    _column("asset", Integer),
    _column("amount"),
    _column("client_order_id", LargeBinary),
    sqlite_with_rowid=False,
)

withdrawals: Final = Table(
    "withdrawals",
    metadata,
    Column("withdrawal_id", _Id, primary_key=True, autoincrement=False),
    _column("account"),
    _column("asset", Integer),
    _column("amount"),
    _column("status", SmallInteger),  # a WithdrawalStatus
    _column("client_order_id", LargeBinary),
    _column("requested_ns"),
    _column("requested_sequence"),
    _column("ended_ns"),  # 0: not yet
    _column("ended_sequence"),
    Index("withdrawals_by_account", "account", "requested_ns", "withdrawal_id"),
)

balances: Final = Table(
    "balances",
    metadata,
    _column("account", key=True),
    _column("asset", Integer, key=True),
    _column("balance"),
    sqlite_with_rowid=False,
    postgresql_with={"fillfactor": 50},
)
"""Available and held together, at the cursor."""

balances_daily: Final = Table(
    "balances_daily",
    metadata,
    _column("account", key=True),
    _column("asset", Integer, key=True),
    _column("day", Integer, key=True),  # since 1970, UTC
    _column("balance"),
    sqlite_with_rowid=False,
    postgresql_with={"fillfactor": 50},
)
"""At the end of each day on which it changed."""

holdings: Final = Table(
    "holdings",
    metadata,
    _column("account", key=True),
    _column("market", Integer, key=True),
    _column("quantity"),  # base atoms bought in this market and not sold in it
    _column("cost", Text),  # wide; quote atoms paid for them, by average
    _column("realised", Text),  # wide; quote atoms gained by selling them
    sqlite_with_rowid=False,
    postgresql_with={"fillfactor": 50},
)

candles: Final = Table(
    "candles",
    metadata,
    _column("market", Integer, key=True),
    _column("interval", SmallInteger, key=True),  # a candles.Interval
    _column("open_ns", key=True),
    _column("open"),
    _column("high"),
    _column("low"),
    _column("close"),
    _column("volume", Text),  # wide; lots
    _column("turnover", Text),  # wide; ticks * lots
    _column("trades"),
    _column("first_trade_id"),
    _column("last_trade_id"),
    sqlite_with_rowid=False,
)
"""Only where there were trades."""

accounts: Final = Table(
    "accounts",
    metadata,
    Column("account", _Id, primary_key=True, autoincrement=False),
    _column("owner"),
    _column("number", Integer),
    _column("opened_ns"),
    _column("sequence"),
    Index("accounts_by_owner", "owner", "number"),
)

assets: Final = Table(
    "assets",
    metadata,
    Column("asset", Integer, primary_key=True, autoincrement=False),
    _column("symbol", Text),
    _column("scale", SmallInteger),
    _column("display_decimals", SmallInteger),
)

markets: Final = Table(
    "markets",
    metadata,
    Column("market", Integer, primary_key=True, autoincrement=False),
    _column("symbol", Text),
    _column("base", Integer),
    _column("quote", Integer),
    _column("tick_size"),
    _column("lot_size"),
    _column("atoms_per_tick_lot"),
)

cursor: Final = Table(
    "cursor",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    _column("version", Integer),  # PROJECTION_VERSION of the rows
    _column("sequence"),  # of the last command that is in the rows
    _column("time_ns"),  # of its frame
    _column("digest", LargeBinary),  # of its frame: 16 bytes that stand for the journal up to here
    _column("entries"),  # in the ledger
)
"""One row, written in the transaction of the rows that it tells of."""


def recreate(connection: Connection) -> None:
    """Drop whatever tables there are, Alembic's own left alone, and create these, empty."""
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection, tables=[table for table in found.sorted_tables if table.name != "alembic_version"])
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))
        # Of two indexes that promise the same SQLite takes the younger one: by name, `orders_open` comes last.
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(connection)
