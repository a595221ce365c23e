"""People: addresses, one-time codes, second factors, sessions of the web, limits of keys, mails, the audit log."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ADMIN_SCOPE = 16
_ADMIN_ROLE = 4


def _time(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _bytes(name: str, *, key: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, primary_key=key, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    """Owners with an operator's key become admins; everything else begins empty.

    The marker of files from version 0.1 is set to 2, so that a program of that version refuses them.
    """
    connection = op.get_bind()
    if sa.inspect(connection).has_table("schema"):
        op.execute("UPDATE schema SET version = 2")
    _widen()
    _codes()
    _sessions()
    _records()
    op.execute(
        f"UPDATE owners SET role = {_ADMIN_ROLE} "
        f"WHERE owner IN (SELECT owner FROM keys WHERE (scopes & {_ADMIN_SCOPE}) <> 0)"
    )


def _widen() -> None:
    owner_columns: tuple[sa.Column[Any], ...] = (
        sa.Column("role", sa.SmallInteger, nullable=False, server_default="1"),
        sa.Column("email_mac", sa.LargeBinary),
        sa.Column("email_sealed", sa.LargeBinary),
        _time("disabled_ns"),
        _time("erased_ns"),
        sa.Column("totp_sealed", sa.LargeBinary),
        sa.Column("totp_draft_sealed", sa.LargeBinary),
        _time("totp_step"),
    )
    for column in owner_columns:
        op.add_column("owners", column)
    op.create_index("owners_by_email", "owners", ["email_mac"], unique=True)
    key_columns: tuple[sa.Column[Any], ...] = (
        sa.Column("kind", sa.SmallInteger, nullable=False, server_default="1"),
        _text("addresses"),
        _text("markets"),
        _time("notional_asset"),
        _time("notional_per_hour"),
        sa.Column("reduce_only", sa.Boolean, nullable=False, server_default=sa.false()),
        _time("used_ns"),
    )
    for each in key_columns:
        op.add_column("keys", each)


def _codes() -> None:
    op.create_table(
        "codes",
        _bytes("request_id", key=True),
        _text("kind"),
        _bytes("subject_mac"),
        _bytes("asker_mac"),
        sa.Column("is_stranger", sa.Boolean, nullable=False),
        sa.Column("owner", _Id, nullable=False),
        _bytes("code_mac"),
        _bytes("payload_sealed"),
        _time("created_ns"),
        _time("expires_ns"),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
        _time("used_ns"),
        _time("void_ns"),
    )
    op.create_index("codes_by_subject", "codes", ["subject_mac", "created_ns"])
    op.create_index("codes_by_asker", "codes", ["asker_mac", "created_ns"])
    op.create_index("codes_by_time", "codes", ["created_ns"])
    op.create_table(
        "known_hosts",
        _bytes("subject_mac", key=True),
        _bytes("host_mac", key=True),
        _time("seen_ns"),
    )
    op.create_table(
        "backup_codes",
        sa.Column("owner", _Id, sa.ForeignKey("owners.owner"), primary_key=True),
        sa.Column("number", sa.SmallInteger, primary_key=True),
        _text("digest"),
        _time("used_ns"),
    )


def _sessions() -> None:
    op.create_table(
        "web_sessions",
        _bytes("session_id", key=True),
        sa.Column("owner", _Id, sa.ForeignKey("owners.owner"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("refresh_hash", sa.LargeBinary, nullable=False, unique=True),
        _text("label"),
        _text("host"),
        _time("created_ns"),
        _time("seen_ns"),
        _time("ends_ns"),
        _time("ended_ns"),
    )
    op.create_index("web_sessions_by_owner", "web_sessions", ["owner"])
    op.create_table(
        "spent_refreshes",
        _bytes("refresh_hash", key=True),
        _bytes("session_id"),
        _time("spent_ns"),
    )


def _records() -> None:
    op.create_table(
        "mails",
        _bytes("mail_id", key=True),
        _bytes("sealed"),
        sa.Column("is_void", sa.Boolean, nullable=False),
        _time("due_ns"),
        _time("expires_ns"),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
    )
    op.create_index("mails_by_due", "mails", ["due_ns"])
    op.create_table(
        "audit",
        sa.Column("sequence", _Id, primary_key=True, autoincrement=False),
        _time("time_ns"),
        _text("kind"),
        sa.Column("owner", _Id, nullable=False),
        _text("key_id"),
        _text("detail"),
        _bytes("host_mac"),
        sa.Column("host", sa.Text),
        _bytes("previous"),
        _bytes("digest"),
    )
    op.create_index("audit_by_owner", "audit", ["owner", "sequence"])
    changes = op.create_table(
        "changes",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(changes, [{"id": 1, "number": 0}])
