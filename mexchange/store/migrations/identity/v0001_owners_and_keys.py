"""Owners, and the public keys of their devices: the tables of version 0.1, in which SQLite files had them first."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Owners are random numbers below 2^63; times are nanoseconds since 1970, 0: never."""
    op.create_table(
        "owners",
        sa.Column("owner", _Id, primary_key=True, autoincrement=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_ns", sa.BigInteger, nullable=False),
        sa.Column("granted_ns", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "keys",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("owner", _Id, sa.ForeignKey("owners.owner"), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("scopes", sa.BigInteger, nullable=False),
        sa.Column("created_ns", sa.BigInteger, nullable=False),
        sa.Column("expires_ns", sa.BigInteger, nullable=False),
        sa.Column("revoked_ns", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_index("keys_by_owner", "keys", ["owner"])
