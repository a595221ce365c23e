"""Why the session was refused, as the error that callers see."""

from typing import Final

from mexchange.client.errors import ChangedServerKey, ClientError, LoginRefused, UnknownServerKey
from mexchange.codec.messages import LoginRefusal
from mexchange.protocol.client_events import Refused, RefusedReason
from mexchange.protocol.server_key import fingerprint

_PASSING: Final = (LoginRefusal.TOO_MANY_SESSIONS, LoginRefusal.CLOCK_SKEW, LoginRefusal.UNAVAILABLE)


def refusal(event: Refused) -> ClientError:
    """The error."""
    key = event.server_key or b""
    match event.reason:
        case RefusedReason.UNKNOWN_SERVER:
            return UnknownServerKey(event.text, key=key, fingerprint=fingerprint(key))
        case RefusedReason.CHANGED_SERVER_KEY:
            return ChangedServerKey(event.text, key=key, fingerprint=fingerprint(key))
        case _:
            refused = LoginRefused(event.text)
            refused.retryable = is_passing(event)
            return refused


def is_passing(event: Refused) -> bool:
    """May the same login be accepted a little later: our last session may still be counted, a database be away."""
    refused = event.login_refused
    return refused is not None and refused.refusal in _PASSING
