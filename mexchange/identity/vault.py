"""Secrets at rest: keyed hashes of what is looked up, seals around what must be read again.

One key of 32 random bytes, a file beside the server's own (`identity.key`), gives a key for each purpose by HKDF. Who
has the database alone can neither try codes nor read addresses. A seal begins with the number of the key that made it.
"""

import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SECRET_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_KEY_NUMBER: Final = b"\x01"


class Unreadable(Exception):
    """A seal was made by another key, for another purpose, or was changed."""


class Vault:
    """Hashes and seals. Its text form shows nothing."""

    def __init__(self, secret: bytes) -> None:
        """32 random bytes. ValueError for anything that is plainly no secret."""
        if len(secret) != SECRET_BYTES or len(set(secret)) < SECRET_BYTES // 4:
            raise ValueError(f"an identity key is {SECRET_BYTES} random bytes")
        self._secret: Final = secret
        self._derived: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return "Vault(...)"

    def mac(self, purpose: str, *parts: bytes) -> bytes:
        """HMAC-SHA256 over the parts, each with its length, 32 bytes."""
        data = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
        return hmac.digest(self._key(f"mac {purpose}"), data, "sha256")

    def seal(self, purpose: str, data: bytes) -> bytes:
        """Only `open` with the same purpose reads it."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = ChaCha20Poly1305(self._key(f"seal {purpose}")).encrypt(nonce, data, _KEY_NUMBER)
        return _KEY_NUMBER + nonce + sealed

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """What was sealed. Raises Unreadable."""
        number, nonce, data = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return ChaCha20Poly1305(self._key(f"seal {purpose}")).decrypt(nonce, data, number)
        except (InvalidTag, ValueError):
            raise Unreadable(f"a sealed {purpose} cannot be read: is identity.key the right one") from None

    def _key(self, purpose: str) -> bytes:
        key = self._derived.get(purpose)
        if key is None:
            key = HKDFExpand(SHA256(), SECRET_BYTES, b"mx-identity-1 " + purpose.encode()).derive(self._secret)
            self._derived[purpose] = key
        return key


def same(one: bytes, other: bytes) -> bool:
    """Compared in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)
