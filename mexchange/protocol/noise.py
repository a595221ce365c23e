"""Noise_NX_25519_ChaChaPoly_BLAKE2s, revision 34 of the Noise specification.

    -> e
    <- e, ee, s, es          with payload

The client is anonymous to Noise (it logs in later, signing the handshake hash); the server proves its static key in
the second message. Written out for this one pattern: no negotiation, so nothing to downgrade.
"""

import hashlib
import hmac
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from mexchange.protocol.errors import HandshakeFailed

KEY_SIZE: Final = 32
TAG_SIZE: Final = 16
MESSAGE1_OVERHEAD: Final = KEY_SIZE
MESSAGE2_OVERHEAD: Final = KEY_SIZE + (KEY_SIZE + TAG_SIZE) + TAG_SIZE
_NAME: Final = b"Noise_NX_25519_ChaChaPoly_BLAKE2s"


class StaticKey:
    """An X25519 key pair. The private half never leaves through `repr`."""

    __slots__ = ("_private", "public")

    def __init__(self, private: bytes) -> None:
        assert len(private) == KEY_SIZE
        self._private = X25519PrivateKey.from_private_bytes(private)
        self.public: Final = self._private.public_key().public_bytes_raw()

    def exchange(self, public: bytes) -> bytes:
        """The shared secret. Raises HandshakeFailed for a point of small order."""
        try:
            return self._private.exchange(X25519PublicKey.from_public_bytes(public))
        except ValueError as error:
            raise HandshakeFailed("bad curve point") from error

    def derive(self, purpose: bytes) -> bytes:
        """32 bytes that only the holder of this key knows, the same after a restart, distinct per purpose."""
        return hashlib.blake2s(purpose, key=self._private.private_bytes_raw()).digest()


class Split(NamedTuple):
    """What a finished handshake leaves. Both sides hold the same hash; one's send key is the other's receive key."""

    send_key: bytes
    receive_key: bytes
    handshake_hash: bytes


class SymmetricState:
    """Section 5.2: the chaining key, the running hash, and the key of the handshake once there is one."""

    __slots__ = ("_chaining_key", "_key", "_nonce", "hash")

    def __init__(self, prologue: bytes) -> None:
        self.hash = hashlib.blake2s(_NAME).digest()  # the name is longer than a hash, so it is hashed
        self._chaining_key = self.hash
        self._key: bytes | None = None
        self._nonce = 0
        self.mix_hash(prologue)

    def mix_hash(self, data: bytes) -> None:
        """Bind `data` to everything before it."""
        self.hash = hashlib.blake2s(self.hash + data).digest()

    def mix_key(self, secret: bytes) -> None:
        """Add a shared secret; the nonce starts again."""
        self._chaining_key, self._key = hkdf(self._chaining_key, secret)
        self._nonce = 0

    def encrypt_and_hash(self, plaintext: bytes) -> bytes:
        """As it is while there is no key, sealed afterwards."""
        if self._key is None:
            self.mix_hash(plaintext)
            return plaintext
        ciphertext = ChaCha20Poly1305(self._key).encrypt(nonce(self._nonce), plaintext, self.hash)
        self._nonce += 1
        self.mix_hash(ciphertext)
        return ciphertext

    def decrypt_and_hash(self, ciphertext: bytes) -> bytes:
        """Inverse of `encrypt_and_hash`. Raises HandshakeFailed."""
        if self._key is None:
            self.mix_hash(ciphertext)
            return ciphertext
        try:
            plaintext = ChaCha20Poly1305(self._key).decrypt(nonce(self._nonce), ciphertext, self.hash)
        except InvalidTag as error:
            raise HandshakeFailed("wrong tag") from error
        self._nonce += 1
        self.mix_hash(ciphertext)
        return plaintext

    def split(self) -> tuple[bytes, bytes]:
        """The keys of initiator → responder and of responder → initiator."""
        return hkdf(self._chaining_key, b"")


class Initiator:
    """The client's side: `write_message`, then `read_message`, once each."""

    __slots__ = ("_ephemeral", "_state")

    def __init__(self, *, prologue: bytes, ephemeral: StaticKey) -> None:
        self._state = SymmetricState(prologue)
        self._ephemeral = ephemeral

    def write_message(self, payload: bytes) -> bytes:
        """-> e. The payload travels in clear."""
        self._state.mix_hash(self._ephemeral.public)
        return self._ephemeral.public + self._state.encrypt_and_hash(payload)

    def read_message(self, message: bytes) -> tuple[bytes, bytes, Split]:
        """<- e, ee, s, es: payload, the server's static key, the split. Raises HandshakeFailed.

        The initiator is of no use after a failure: another message cannot be tried on it.
        """
        if len(message) < MESSAGE2_OVERHEAD:
            raise HandshakeFailed("short message")
        state = self._state
        remote_ephemeral = message[:KEY_SIZE]
        state.mix_hash(remote_ephemeral)
        state.mix_key(self._ephemeral.exchange(remote_ephemeral))
        static_end = KEY_SIZE + KEY_SIZE + TAG_SIZE
        remote_static = state.decrypt_and_hash(message[KEY_SIZE:static_end])
        state.mix_key(self._ephemeral.exchange(remote_static))
        payload = state.decrypt_and_hash(message[static_end:])
        to_responder, to_initiator = state.split()
        return payload, remote_static, Split(to_responder, to_initiator, state.hash)


class Responder:
    """The server's side: `read_message`, then `write_message`, once each."""

    __slots__ = ("_ephemeral", "_remote_ephemeral", "_state", "_static")

    def __init__(self, *, prologue: bytes, static: StaticKey, ephemeral: StaticKey) -> None:
        self._state = SymmetricState(prologue)
        self._static = static
        self._ephemeral = ephemeral
        self._remote_ephemeral = b""

    def read_message(self, message: bytes) -> bytes:
        """-> e: the payload, which nobody has vouched for. Raises HandshakeFailed."""
        if len(message) < MESSAGE1_OVERHEAD:
            raise HandshakeFailed("short message")
        self._remote_ephemeral = message[:KEY_SIZE]
        self._state.mix_hash(self._remote_ephemeral)
        return self._state.decrypt_and_hash(message[KEY_SIZE:])

    def write_message(self, payload: bytes) -> tuple[bytes, Split]:
        """<- e, ee, s, es: the message and the split. Raises HandshakeFailed for a bad curve point."""
        assert self._remote_ephemeral, "read_message comes first"
        state = self._state
        state.mix_hash(self._ephemeral.public)
        state.mix_key(self._ephemeral.exchange(self._remote_ephemeral))
        static = state.encrypt_and_hash(self._static.public)
        state.mix_key(self._static.exchange(self._remote_ephemeral))
        message = self._ephemeral.public + static + state.encrypt_and_hash(payload)
        to_responder, to_initiator = state.split()
        return message, Split(to_initiator, to_responder, state.hash)


def nonce(counter: int) -> bytes:
    """Section 12.3: four zero bytes, then the counter, little-endian."""
    return b"\0\0\0\0" + counter.to_bytes(8, "little")


def hkdf(chaining_key: bytes, material: bytes) -> tuple[bytes, bytes]:
    """Section 4.3, two outputs of 32 bytes, over HMAC-BLAKE2s."""
    temporary = _hmac(chaining_key, material)
    first = _hmac(temporary, b"\x01")
    return first, _hmac(temporary, first + b"\x02")


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "blake2s")
