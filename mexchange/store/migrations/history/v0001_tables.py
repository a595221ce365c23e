"""All tables, empty; the projector fills them."""

from alembic import op

from mexchange.store import history_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """As they are today: derived data is made again, not migrated."""
    history_tables.recreate(op.get_bind())
