"""What waits for a code that the exchange has mailed."""

import msgspec

from mexchange.codec.messages import ConfirmationSent
from mexchange.gateway import times
from mexchange.gateway.encoding import encoded


class Confirmation(msgspec.Struct, frozen=True):
    """A code was mailed, together with what it is for."""

    request_id: str
    expires_at: str
    text: str


def confirmation(sent: ConfirmationSent) -> Confirmation:
    """For whoever has the mail."""
    return Confirmation(encoded(sent.request_id), times.rfc3339(sent.expires_ns), sent.text)


class Asked(msgspec.Struct, frozen=True):
    """POST /api/confirm with that code does it."""

    confirmation: Confirmation
