"""Addresses of people: what we take for one, how it is found again, how much of it is shown."""

import re
from typing import Final

from mexchange.domain.rejects import RejectReason
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.vault import Vault

EMAIL_LENGTH_MAX: Final = 254
_EMAIL: Final = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)*"
)
"""Printable ASCII only: nothing in it can end a header line or start another one."""
_PURPOSE: Final = "e-mail"


def normalise(text: str) -> str:
    """The address in small letters. Raises IdentityRefused."""
    email = text.strip(" ").lower()
    if len(email) > EMAIL_LENGTH_MAX or _EMAIL.fullmatch(email) is None:
        raise IdentityRefused(RejectReason.EMAIL_INVALID)
    return email


def mac(vault: Vault, email: str) -> bytes:
    """What stands for a normalised address in tables and logs."""
    return vault.mac(_PURPOSE, email.encode())


def seal(vault: Vault, email: str) -> bytes:
    """For the one table that must give it back."""
    return vault.seal(_PURPOSE, email.encode())


def unseal(vault: Vault, sealed: bytes) -> str:
    """The address."""
    return vault.open(_PURPOSE, sealed).decode()


def masked(email: str) -> str:
    """`a…@b.eu`: enough for its owner."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
