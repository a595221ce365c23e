"""The life of a client session as a table, and its times.

    DOWN ─start─► HELLO_SENT ─retry─► INIT_SENT ─response─► SECURE ─accepted─► LOGGED_IN
      ▲               ▲  └──── give up ───┴─────► DOWN         │                    │
      └─ refused, stop└──────────────── lost ──────────────────┴────────────────────┘

A missing key is an illegal transition.
"""

from enum import Enum
from typing import Final

import msgspec

S: Final = 10**9
MS: Final = 10**6


class ClientSettings(msgspec.Struct, frozen=True):
    """Times in nanoseconds."""

    heartbeat_ns: int = 500 * MS
    silence_ns: int = 5 * S
    """Nothing heard for so long: lost."""
    login_retry_ns: int = 400 * MS
    """Above the server's patience with those who have not logged in, 3 datagrams a second."""
    request_timeout_ns: int = 10 * S
    renewal_ns: int = 12 * 3600 * S
    redial_ns: int = 250 * MS
    """After the server's Logout, which it may repeat."""


class ClientState(Enum):
    """Where the session stands."""

    DOWN = 0
    HELLO_SENT = 1
    INIT_SENT = 2
    SECURE = 3
    LOGGED_IN = 4


class Step(Enum):
    """What moves it."""

    START = 0
    RETRY = 1
    RESPONSE = 2
    ACCEPTED = 3
    FROM_HELLO = 4
    GIVE_UP = 5
    REFUSED = 6
    LOST = 7
    STOP = 8


TRANSITIONS: Final[dict[tuple[ClientState, Step], ClientState]] = {
    (ClientState.DOWN, Step.START): ClientState.HELLO_SENT,
    (ClientState.DOWN, Step.STOP): ClientState.DOWN,
    (ClientState.HELLO_SENT, Step.RETRY): ClientState.INIT_SENT,
    (ClientState.HELLO_SENT, Step.GIVE_UP): ClientState.DOWN,
    (ClientState.HELLO_SENT, Step.STOP): ClientState.DOWN,
    (ClientState.INIT_SENT, Step.RESPONSE): ClientState.SECURE,
    (ClientState.INIT_SENT, Step.FROM_HELLO): ClientState.HELLO_SENT,
    (ClientState.INIT_SENT, Step.GIVE_UP): ClientState.DOWN,
    (ClientState.INIT_SENT, Step.REFUSED): ClientState.DOWN,
    (ClientState.INIT_SENT, Step.STOP): ClientState.DOWN,
    (ClientState.SECURE, Step.ACCEPTED): ClientState.LOGGED_IN,
    (ClientState.SECURE, Step.REFUSED): ClientState.DOWN,
    (ClientState.SECURE, Step.LOST): ClientState.HELLO_SENT,
    (ClientState.SECURE, Step.STOP): ClientState.DOWN,
    (ClientState.LOGGED_IN, Step.LOST): ClientState.HELLO_SENT,
    (ClientState.LOGGED_IN, Step.STOP): ClientState.DOWN,
}
