"""Who is there, and is the line alive: schemas/session.fbs, which has each field's meaning and unit."""

import msgspec

from mexchange.codec._generated import LoginMethod, LoginRefusal
from mexchange.domain.units import AccountId, OwnerId, Sequence, TimeNs


class Login(msgspec.Struct, frozen=True):
    """Within 10 s of the handshake. Its text form leaves out the token."""

    method: int = LoginMethod.NONE
    key_id: str = ""
    public_key: bytes = b""
    unix_ms: int = 0
    signature: bytes = b""
    label: str = ""
    client: str = ""
    token: bytes = b""
    host: str = ""

    def __repr__(self) -> str:
        return f"Login({self.method}, {self.key_id!r}, {self.client!r})"


class LoginAccepted(msgspec.Struct, frozen=True):
    """Who you are, what you may, and where the streams stand."""

    account: AccountId = AccountId(0)
    owner: OwnerId = OwnerId(0)
    scopes: int = 0
    boot_id: int = 0
    server_time_ns: TimeNs = TimeNs(0)
    account_sequence: int = 0
    sequence: Sequence = Sequence(0)
    credit: int = 0
    orders_per_second: int = 0
    subscriptions_max: int = 0
    key_id: str = ""
    features: int = 0


class LoginRefused(msgspec.Struct, frozen=True):
    """The session ends."""

    refusal: int = LoginRefusal.NONE
    text: str = ""


class Logout(msgspec.Struct, frozen=True):
    """The sender leaves; nothing is answered."""


class StreamHead(msgspec.Struct, frozen=True):
    """Where a stream stands: 0 is the account's, else a subscription id."""

    stream: int
    head: int


class Heartbeat(msgspec.Struct, frozen=True):
    """Every 500 ms, both ways."""

    boot_id: int = 0
    time_ns: TimeNs = TimeNs(0)
    sequence: Sequence = Sequence(0)
    credit: int = 0
    heads: list[StreamHead] = []
    echo_ns: int = 0


class Unsupported(msgspec.Struct, frozen=True):
    """A type that this server does not know; the session goes on."""

    message_type: int = 0


class Throttled(msgspec.Struct, frozen=True):
    """Ask again after `retry_ms`."""

    retry_ms: int = 0
