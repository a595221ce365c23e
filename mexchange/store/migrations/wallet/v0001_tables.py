"""Deposit addresses, deposits, withdrawals, names of accounts, and how far each chain was read."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, autoincrement=False, nullable=False)


def _later(name: str, type_: type = sa.BigInteger) -> sa.Column[object]:
    """What is known only afterwards."""
    return sa.Column(name, type_, nullable=False, server_default="0" if type_ is not sa.Text else "")


def upgrade() -> None:
    """All of them, empty."""
    op.create_table(
        "addresses",
        _number("account", key=True),
        sa.Column("asset", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("address", sa.Text, nullable=False, unique=True),
        _number("created_ns"),
    )
    _deposits()
    _withdrawals()
    op.create_table("names", _number("account", key=True), sa.Column("name", sa.Text, nullable=False))
    op.create_table("cursors", sa.Column("chain", sa.Text, primary_key=True), _number("position"))


def _deposits() -> None:
    op.create_table(
        "deposits",
        sa.Column("reference", sa.Text, primary_key=True),
        _number("account"),
        sa.Column("asset", sa.Integer, nullable=False),
        _number("amount"),
        sa.Column("confirmations", sa.Integer, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        _number("seen_ns"),
        sa.Column("client_order_id", sa.LargeBinary, nullable=False, server_default=""),
        _later("credited_ns"),
        _later("sequence"),
        _later("reason", sa.SmallInteger),
    )
    op.create_index("deposits_by_account", "deposits", ["account", "seen_ns", "reference"])
    op.create_index("deposits_by_state", "deposits", ["state"])


def _withdrawals() -> None:
    op.create_table(
        "withdrawals",
        _number("account", key=True),
        sa.Column("request_id", sa.LargeBinary, primary_key=True),
        _number("owner"),
        sa.Column("asset", sa.Integer, nullable=False),
        _number("amount"),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        _later("withdrawal_id"),
        _later("attempt", sa.Integer),
        _number("created_ns"),
        _number("updated_ns"),
        _later("approved_by", sa.Text),
        _later("reference", sa.Text),
        _later("reason", sa.Text),
    )
    op.create_index("withdrawals_by_account", "withdrawals", ["account", "created_ns", "request_id"])
    op.create_index("withdrawals_by_owner", "withdrawals", ["owner", "created_ns"])
    op.create_index("withdrawals_by_state", "withdrawals", ["state", "created_ns"])
