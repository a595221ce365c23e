"""The tables of the identity database at its newest revision; `migrations/identity` makes them.

Times are nanoseconds since 1970, 0: never. What must not be read where it lies is sealed, or known by its
keyed hash only (`identity.vault`): addresses of people, one-time codes, tokens, secrets of second factors.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, MetaData, SmallInteger, Table, Text
from sqlalchemy import Integer as SqlInteger

METADATA: Final = MetaData()
_ID: Final = BigInteger().with_variant(SqlInteger(), "sqlite")


def _time(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


OWNERS: Final = Table(
    "owners",
    METADATA,
    Column("owner", _ID, primary_key=True, autoincrement=False),  # random, below 2^63
    Column("label", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    _time("granted_ns"),  # when the owner got the demo's starting funds
    Column("role", SmallInteger, nullable=False, server_default="1"),  # identity.roles.Role
    Column("email_mac", LargeBinary),
    Column("email_sealed", LargeBinary),
    _time("disabled_ns"),
    _time("erased_ns"),
    Column("totp_sealed", LargeBinary),  # the second factor that is in force
    Column("totp_draft_sealed", LargeBinary),  # the one that is being set up
    Column("totp_step", BigInteger, nullable=False, server_default="0"),  # the last one that was used
)
KEYS: Final = Table(
    "keys",
    METADATA,
    Column("key_id", Text, primary_key=True),
    Column("public_key", LargeBinary, nullable=False, unique=True),  # Ed25519, 32 bytes
    Column("owner", _ID, ForeignKey("owners.owner"), nullable=False),
    Column("label", Text, nullable=False),
    Column("scopes", BigInteger, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    _time("revoked_ns"),
    Column("kind", SmallInteger, nullable=False, server_default="1"),  # KeyKind of the wire
    Column("addresses", Text, nullable=False, server_default=""),  # networks, separated by spaces
    Column("markets", Text, nullable=False, server_default=""),  # ids, separated by spaces
    Column("notional_asset", BigInteger, nullable=False, server_default="0"),
    Column("notional_per_hour", BigInteger, nullable=False, server_default="0"),
    Column("reduce_only", Boolean, nullable=False, server_default="0"),
    _time("used_ns"),
)
CODES: Final = Table(
    "codes",
    METADATA,
    Column("request_id", LargeBinary, primary_key=True),  # 16 random bytes
    Column("kind", Text, nullable=False),
    Column("subject_mac", LargeBinary, nullable=False),  # whom it was mailed to
    Column("asker_mac", LargeBinary, nullable=False),  # the host that asked
    Column("is_stranger", Boolean, nullable=False),  # nobody has signed in with that address from that host
    Column("owner", _ID, nullable=False),  # 0: not known, or not said
    Column("code_mac", LargeBinary, nullable=False),
    Column("payload_sealed", LargeBinary, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    _time("used_ns"),
    _time("void_ns"),  # a newer one took its place
)
KNOWN_HOSTS: Final = Table(
    "known_hosts",
    METADATA,
    Column("subject_mac", LargeBinary, primary_key=True),
    Column("host_mac", LargeBinary, primary_key=True),
    Column("seen_ns", BigInteger, nullable=False),
)
BACKUP_CODES: Final = Table(
    "backup_codes",
    METADATA,
    Column("owner", _ID, ForeignKey("owners.owner"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("digest", Text, nullable=False),  # Argon2id
    _time("used_ns"),
)
WEB_SESSIONS: Final = Table(
    "web_sessions",
    METADATA,
    Column("session_id", LargeBinary, primary_key=True),  # 16 random bytes
    Column("owner", _ID, ForeignKey("owners.owner"), nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("refresh_hash", LargeBinary, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("seen_ns", BigInteger, nullable=False),
    Column("ends_ns", BigInteger, nullable=False),
    _time("ended_ns"),
)
SPENT_REFRESHES: Final = Table(
    "spent_refreshes",
    METADATA,
    Column("refresh_hash", LargeBinary, primary_key=True),
    Column("session_id", LargeBinary, nullable=False),
    Column("spent_ns", BigInteger, nullable=False),
)
MAILS: Final = Table(
    "mails",
    METADATA,
    Column("mail_id", LargeBinary, primary_key=True),  # 16 random bytes
    Column("sealed", LargeBinary, nullable=False),
    Column("is_void", Boolean, nullable=False),  # not to be sent: written so that it costs the same
    Column("due_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
)
AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("sequence", _ID, primary_key=True, autoincrement=False),
    Column("time_ns", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner", _ID, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("host_mac", LargeBinary, nullable=False),
    Column("host", Text),  # in clear, and no part of the chain: it can be erased
    Column("previous", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),  # grows with whatever may end a session
)

Index("owners_by_email", OWNERS.c.email_mac, unique=True)
Index("keys_by_owner", KEYS.c.owner)
Index("codes_by_subject", CODES.c.subject_mac, CODES.c.created_ns)
Index("codes_by_asker", CODES.c.asker_mac, CODES.c.created_ns)
Index("codes_by_time", CODES.c.created_ns)
Index("web_sessions_by_owner", WEB_SESSIONS.c.owner)
Index("mails_by_due", MAILS.c.due_ns)
Index("audit_by_owner", AUDIT.c.owner, AUDIT.c.sequence)
