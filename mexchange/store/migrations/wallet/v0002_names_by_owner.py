"""Names of accounts stand with their owner, so that one owner has no name twice, and a person can be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Nobody could give a name before."""
    op.drop_table("names")
    op.create_table(
        "names",
        sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_index("names_by_owner", "names", ["owner", "name"], unique=True)
