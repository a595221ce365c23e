"""The tables of `wallet`: money on its way between the world outside and the journal, and what accounts are called.

The journal knows amounts and accounts; who sent, and where to, stands here alone and can be erased without changing a
balance. Times are nanoseconds since 1970, 0: not yet; amounts atoms; states the numbers of `store.wallet_states`.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text

metadata: Final = MetaData()

addresses: Final = Table(
    "addresses",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("asset", Integer, primary_key=True, autoincrement=False),
    Column("address", Text, nullable=False, unique=True),
    Column("created_ns", BigInteger, nullable=False),
)

deposits: Final = Table(
    "deposits",
    metadata,
    Column("reference", Text, primary_key=True),  # of the transaction outside, unique for ever
    Column("account", BigInteger, nullable=False),
    Column("asset", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("confirmations", Integer, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("seen_ns", BigInteger, nullable=False),
    Column("client_order_id", LargeBinary, nullable=False, server_default=""),  # of its Deposit, once there is one
    Column("credited_ns", BigInteger, nullable=False, server_default="0"),
    Column("sequence", BigInteger, nullable=False, server_default="0"),
    Column("reason", SmallInteger, nullable=False, server_default="0"),  # RejectReason
    Index("deposits_by_account", "account", "seen_ns", "reference"),
    Index("deposits_by_state", "state"),
)

withdrawals: Final = Table(
    "withdrawals",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("request_id", LargeBinary, primary_key=True),  # client order id of its Withdraw
    Column("owner", BigInteger, nullable=False),
    Column("asset", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("withdrawal_id", BigInteger, nullable=False, server_default="0"),  # of the engine
    Column("attempt", Integer, nullable=False, server_default="0"),  # how often its confirmation was refused
    Column("created_ns", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    Column("approved_by", Text, nullable=False, server_default=""),  # key of the operator
    Column("reference", Text, nullable=False, server_default=""),  # of the transaction outside
    Column("reason", Text, nullable=False, server_default=""),  # why it failed or waits
    Index("withdrawals_by_account", "account", "created_ns", "request_id"),
    Index("withdrawals_by_owner", "owner", "created_ns"),
    Index("withdrawals_by_state", "state", "created_ns"),
)

names: Final = Table(
    "names",
    metadata,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("owner", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Index("names_by_owner", "owner", "name", unique=True),
)

cursors: Final = Table(
    "cursors",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),  # what the chain has told up to here is in `deposits`
)
