"""What a client session tells its owner. Frozen; in the order in which things happened."""

from enum import Enum
from typing import NamedTuple, TypeAlias

from mexchange.codec.messages import Heartbeat, LoginAccepted, LoginRefused


class RefusedReason(Enum):
    """Why there is no session, and will be none until somebody changes something."""

    UNKNOWN_SERVER = "unknown server"
    """No key is pinned and first contact is not allowed."""
    CHANGED_SERVER_KEY = "changed server key"
    LOGIN_REFUSED = "login refused"


class LostReason(Enum):
    """Why a session ended that might be had again."""

    RESET = "reset"
    """The server does not know the session: it was restarted, or gave us up."""
    SILENCE = "silence"
    BOOT_CHANGED = "boot changed"
    RENEWAL = "renewal"
    """Twelve hours old, or out of counters: new keys."""
    LOGOUT = "logout"
    """The server ended it."""
    UNREACHABLE = "unreachable"
    """No handshake came about. The only one after which the session stays down."""


class Secured(NamedTuple):
    """The handshake is done and the server's key is the right one. `first_contact`: pin it now."""

    server_key: bytes
    first_contact: bool
    boot_id: int


class LoggedIn(NamedTuple):
    """Requests flow. Subscriptions are gone with the last session: subscribe again, each time."""

    accepted: LoginAccepted
    boot_id: int
    server_restarted: bool
    """Another boot id than at the last login of this object."""


class Refused(NamedTuple):
    """The session is DOWN. `server_key` is what an unknown or changed server showed."""

    reason: RefusedReason
    text: str
    server_key: bytes | None = None
    login_refused: LoginRefused | None = None


class BlockReceived(NamedTuple):
    """A block that is not the session's own business. `first_time` is False for a repeated answer."""

    type: int
    correlation: int
    payload: bytes
    first_time: bool


class HeartbeatReceived(NamedTuple):
    """The heads of the streams, to find what was lost at the tail."""

    heartbeat: Heartbeat


class TimedOut(NamedTuple):
    """No answer until the deadline: the outcome is unknown."""

    correlation: int


class ThrottledFor(NamedTuple):
    """The server refused unread. The request is sent again after `retry_ns` by itself."""

    correlation: int
    retry_ns: int


class Lost(NamedTuple):
    """The session has ended; unless UNREACHABLE, a new handshake is under way."""

    reason: LostReason


ClientEvent: TypeAlias = (
    Secured | LoggedIn | Refused | BlockReceived | HeartbeatReceived | TimedOut | ThrottledFor | Lost
)
