"""Bytes as text: base64url without padding, for tokens, keys and the names of requests."""

import base64
import binascii
from typing import Final

from mexchange.gateway.errors import BadRequest

TOKEN_BYTES: Final = 32
LENGTH_MAX: Final = 256


def encoded(value: bytes) -> str:
    """As it travels."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unencoded(shown: str, what: str) -> bytes:
    """Inverse of `encoded`. Raises BadRequest."""
    try:
        if len(shown) > LENGTH_MAX:
            raise ValueError
        return base64.b64decode(shown + "=" * (-len(shown) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(f"{what} is not base64url") from None


def token_of(shown: str) -> bytes | None:
    """The bytes of a token; None if it cannot be one."""
    try:
        token = unencoded(shown, "token")
    except BadRequest:
        return None
    return token if len(token) == TOKEN_BYTES else None
