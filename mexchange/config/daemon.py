"""The settings of a daemon: `daemon.toml` in its data directory, overlaid by `MX_DAEMON_*`, overlaid by flags.

Every limit that an operator may turn stands here with its unit. Those that decide outcomes (open orders, markets) are
the engine's own and the same everywhere, or a replay would not be one; those of a session are in `protocol.limits`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

import msgspec

from mexchange.config import paths, settings_file
from mexchange.config.errors import BadValue

PREFIX = "MX_DAEMON_"
MIB = 1024 * 1024
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At a limit we refuse; we do not grow."""

    orders_per_second: int = 1_000
    """Per account, over all its sessions; also how many may come at once after a silence."""
    orders_per_second_maker: int = 5_000
    """The same for people whose role is market maker."""
    sessions_per_account_max: int = 16
    gap_events_max: int = 256
    """Per gap request."""
    event_ring_events: int = 2**20
    """Events of the past that a client can ask for; a power of two."""
    sessions_max: int = 4_096
    """Over all accounts, anonymous ones included."""


class Handshake(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many strangers may knock. Generous on loopback, where everybody shares an address."""

    per_second_per_address: int = 20
    per_second_loopback: int = 2_000
    pending_max: int = 1_024
    """Handshakes begun and not finished."""


class WithdrawalRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of one asset, as decimal text."""

    least: str = "0"
    """No smaller withdrawal."""
    daily: str = ""
    """Of one owner in 24 hours; empty: no limit."""
    alone: str = "0"
    """Above it an operator who is somebody else has to agree."""


class Wallet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The way to the world outside."""

    chain: Literal["", "simulated"] = ""
    """Nothing: no deposits, no withdrawals. A demo has the simulated one."""
    confirmations: int = 3
    """So deep lies a transaction that counts."""
    poll_ms: int = 500
    """How often the chain is asked for news."""
    block_ms: int = 1_000
    """Of the simulated chain."""
    withdrawals: dict[str, WithdrawalRule] = {}
    """By symbol: `[wallet.withdrawals.EUR]`. Without a rule an operator has to agree to each withdrawal."""


class Candles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many days of the market's time candles are kept, by interval; 0: for ever."""

    days_1s: int = 2
    days_1m: int = 31
    days_5m: int = 93
    days_15m: int = 366
    days_1h: int = 0
    days_4h: int = 0
    days_1d: int = 0
    days_1w: int = 0


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one-time codes reach people."""

    transport: Literal["auto", "off", "print", "smtp"] = "auto"
    """`auto`: printed by a demo, off otherwise. `print` is for demos only: whoever reads the output gets in."""
    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` to this machine only."""
    user: str = ""
    password_file: str = ""
    """A file that nobody else may read, with the password in its first line."""
    sender: str = "mExchange <no-reply@localhost>"


class PeopleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may come in."""

    exchange: str = "mExchange"
    """The name in mails and authenticators."""
    sign_up: bool = True
    """May people whom nobody knows yet open an account by a mailed code."""


class DaemonSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it. Sizes in bytes unless the name says otherwise."""

    host: str = "127.0.0.1"
    port: int | None = None
    """None: 9001, or a free one if that is taken. 0: a free one."""
    segment_bytes: int = 64 * MIB
    frame_commands_max: int = 1_000
    frame_bytes_max: int = MIB // 4
    snapshot_replay_ms: int = 1_000
    """A snapshot is taken when replaying the journal behind the last one would cost more."""
    free_bytes_min: int = 128 * MIB
    """Below it new orders are refused and cancels go on."""
    receive_buffer_bytes: int = 8 * MIB
    database: str = ""
    """Empty: SQLite files in the data directory. Or `postgresql://user:password@host/name`, for both databases."""
    history: bool = True
    """Keep tables of what happened; without them there are no questions about the past beyond the daemon's memory."""
    history_spool_bytes: int = 1024 * MIB
    """Events that wait for a slow or absent database; what falls out is replayed from the journal."""
    history_free_bytes_min: int = 256 * MIB
    """Below it nothing derived is written to the disk: what is left belongs to the journal."""
    log: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    limits: Limits = Limits()
    handshake: Handshake = Handshake()
    wallet: Wallet = Wallet()
    candles: Candles = Candles()
    mail: MailSettings = MailSettings()
    people: PeopleSettings = PeopleSettings()


WELL_KNOWN_PASSWORDS: Final = frozenset(
    {"postgres", "password", "changeme", "change-me", "secret", "admin", "mexchange"}
)
"""Examples and defaults of others: no secret, and refused."""


def load(*, data: Path, environ: Mapping[str, str], flags: Mapping[str, object] | None = None) -> DaemonSettings:
    """Settings of the daemon of a data directory. `flags` by field name, None where not given. Raises ConfigError."""
    path = paths.daemon_settings_file(data)
    settings = settings_file.load(
        DaemonSettings, program="daemon", prefix=PREFIX, path=path, environ=environ, flags=flags
    )
    _check(settings)
    return settings


def _check(settings: DaemonSettings) -> None:
    """Relations between limits. Raises BadValue."""
    for group in (settings, settings.limits, settings.handshake, settings.wallet):
        for name in group.__struct_fields__:
            value = getattr(group, name)
            if isinstance(value, int) and not isinstance(value, bool) and name != "port" and value <= 0:
                raise BadValue(f"{name} = {value}: must be above zero")
    for name in Candles.__struct_fields__:
        if getattr(settings.candles, name) < 0:
            raise BadValue(f"{name} is below zero")
    ring = settings.limits.event_ring_events
    checks = (
        (
            settings.port is None or 0 <= settings.port <= 65_535,
            f"port {settings.port} is not from 0 to 65535",
        ),
        (ring & (ring - 1) == 0, f"event_ring_events = {ring} is not a power of two"),
        (settings.limits.gap_events_max <= ring, "gap_events_max is above event_ring_events"),
        (settings.frame_bytes_max * 4 <= settings.segment_bytes, "segment_bytes is below four times frame_bytes_max"),
        (settings.segment_bytes % 4096 == 0, "segment_bytes is not a multiple of 4096"),
        (
            not settings.database or settings.database.startswith("postgresql://"),
            "database is neither empty nor an address such as postgresql://user:password@host/name",
        ),
    )
    settings_file.check(
        (*checks, *_mail_checks(settings.mail), *_rule_checks(settings.wallet), *_secret_checks(settings))
    )


def _mail_checks(mail: MailSettings) -> tuple[tuple[bool, str], ...]:
    is_smtp = mail.transport == "smtp"
    is_near = mail.host in ("localhost", "127.0.0.1", "::1")
    return (
        (not is_smtp or bool(mail.host), "mail.host is missing: which server takes our mails"),
        (not is_smtp or mail.security != "none" or is_near, "mail.security = none: only to a server on this machine"),
        (0 < mail.port <= 65_535, f"mail.port {mail.port} is not from 1 to 65535"),
        (mail.sender.isprintable(), "mail.sender is not one line"),
    )


def _rule_checks(wallet: Wallet) -> tuple[tuple[bool, str], ...]:
    amounts = [amount for rule in wallet.withdrawals.values() for amount in msgspec.structs.astuple(rule)]
    wrong = next((amount for amount in amounts if amount and not _AMOUNT.fullmatch(amount)), "")
    return ((not wrong, f"wallet.withdrawals: {wrong!r} is no amount such as 0.05"),)


def _secret_checks(settings: DaemonSettings) -> tuple[tuple[bool, str], ...]:
    try:
        password = urlsplit(settings.database).password
    except ValueError:
        password = None
    is_known = unquote(password or "").lower() in WELL_KNOWN_PASSWORDS
    return ((not is_known, "database has a password that everybody knows: choose another one"),)
