"""What calls give back."""

import msgspec

from mexchange.client.orders import OwnOrder
from mexchange.codec.messages import Balance, Level
from mexchange.domain.events import Event
from mexchange.domain.units import AccountId


class SessionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are, and to whom we speak."""

    account: AccountId
    owner: int
    scopes: int
    boot_id: int
    key_id: str
    server_key: bytes
    address: tuple[str, int]
    round_trip_ns: int
    """The median of the last heartbeats; before the first, how long answers take. 0: not measured yet."""
    sequence: int
    """The greatest durable sequence that we know of."""
    account_sequence: int
    """Head of our own stream."""
    first_contact: bool


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """An account at `sequence`."""

    account: AccountId
    account_sequence: int
    sequence: int
    time_ns: int
    status: int
    fee_tier: int
    self_trade_prevention: int
    maker_ppm: int
    taker_ppm: int
    balances: list[Balance]
    orders: list[OwnOrder]
    """Open ones."""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides, best first, at `sequence`."""

    market: int
    sequence: int
    time_ns: int
    group_ticks: int
    bids: list[Level]
    asks: list[Level]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a command would have done at `sequence`."""

    sequence: int
    events: list[Event]
    state_hash: bytes
    """32 bytes; empty if the server has made too many of them just now."""
    journal_bytes: int
    truncated: bool


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How the daemon does."""

    text: dict[str, str]
    counters: dict[str, int]
