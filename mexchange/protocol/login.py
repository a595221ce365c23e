"""Who logs in: nobody in particular, the holder of a device key, or a new device.

The signature covers the hash of this handshake and the server's key, so a login is worth nothing on another channel,
nor at another server that relays it. `unix_ms` is the server's clock as the client knows it.
"""

from typing import Final, NamedTuple, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mexchange.codec.messages import Login, LoginMethod

DOMAIN: Final = b"mx-login-1"
DEVICE_DOMAIN: Final = b"mx-device-1"
API_KEY_DOMAIN: Final = b"mx-api-key-1"
SEED_SIZE: Final = 32
PUBLIC_KEY_SIZE: Final = 32
SMALL_ORDER: Final = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""Public keys, without their sign bit, for which signatures verify that nobody made."""


class LoginContext(NamedTuple):
    """What the handshake has given. `unix_ms` by the server's clock."""

    handshake_hash: bytes
    server_key: bytes
    unix_ms: int


class LoginChoice(Protocol):
    """Makes the first message after the handshake."""

    def message(self, context: LoginContext) -> Login:
        """The Login to send."""
        ...


class AnonymousLogin(msgspec.Struct, frozen=True):
    """Public data only. `client`: program and version, for the operator's list of sessions."""

    client: str = ""

    def message(self, context: LoginContext) -> Login:
        """A Login without proof."""
        return Login(method=LoginMethod.ANONYMOUS, unix_ms=context.unix_ms, client=self.client)


class KeyLogin(msgspec.Struct, frozen=True):
    """A key that the server knows. `seed` is the 32 bytes of an Ed25519 private key."""

    key_id: str
    seed: bytes
    client: str = ""

    def message(self, context: LoginContext) -> Login:
        """A signed Login."""
        return Login(
            method=LoginMethod.KEY,
            key_id=self.key_id,
            unix_ms=context.unix_ms,
            signature=sign(self.seed, self.key_id, context),
            client=self.client,
        )

    def __repr__(self) -> str:
        return f"KeyLogin({self.key_id!r})"


class WebLogin(msgspec.Struct, frozen=True):
    """A gateway, by its own key, for the person whose token (32 bytes) it has; `host`: where that person is."""

    key_id: str
    seed: bytes
    token: bytes
    host: str = ""
    client: str = ""

    def message(self, context: LoginContext) -> Login:
        """A signed Login with the token."""
        return Login(
            method=LoginMethod.WEB,
            key_id=self.key_id,
            unix_ms=context.unix_ms,
            signature=sign(self.seed, self.key_id, context),
            client=self.client,
            token=self.token,
            host=self.host,
        )

    def __repr__(self) -> str:
        return f"WebLogin({self.key_id!r})"


class EnrollLogin(msgspec.Struct, frozen=True):
    """A new device key that opens an account, where the server allows it. `label` names the device."""

    seed: bytes
    label: str
    client: str = ""

    def message(self, context: LoginContext) -> Login:
        """A Login that carries the public key and proves the private one; its key_id is empty."""
        return Login(
            method=LoginMethod.ENROLL,
            public_key=public_key_of(self.seed),
            unix_ms=context.unix_ms,
            signature=sign(self.seed, "", context),
            label=self.label,
            client=self.client,
        )

    def __repr__(self) -> str:
        return f"EnrollLogin({self.label!r})"


def login_text(context: LoginContext, key_id: str) -> bytes:
    """What is signed: domain, handshake hash 32, server key 32, key id, unix_ms i64 little-endian."""
    stamp = context.unix_ms.to_bytes(8, "little", signed=True)
    return DOMAIN + context.handshake_hash + context.server_key + key_id.encode() + stamp


def sign(seed: bytes, key_id: str, context: LoginContext) -> bytes:
    """64 bytes, Ed25519."""
    return _sign(seed, login_text(context, key_id))


def prove_device(seed: bytes, *, server_key: bytes, request_id: bytes) -> bytes:
    """64 bytes: the holder of a new device key wants it on record at that server, for that request."""
    return _sign(seed, DEVICE_DOMAIN + server_key + request_id)


def verify_device(signature: bytes, *, public_key: bytes, server_key: bytes, request_id: bytes) -> bool:
    """Is it what `prove_device` makes. False for public keys of small order, too."""
    return _verifies(signature, public_key, DEVICE_DOMAIN + server_key + request_id)


def prove_api_key(seed: bytes, *, server_key: bytes, owner: int) -> bytes:
    """64 bytes: the holder of a new key wants it on record at that server, for that owner."""
    return _sign(seed, API_KEY_DOMAIN + server_key + owner.to_bytes(8, "little"))


def verify_api_key(signature: bytes, *, public_key: bytes, server_key: bytes, owner: int) -> bool:
    """Is it what `prove_api_key` makes. False for public keys of small order, too."""
    return _verifies(signature, public_key, API_KEY_DOMAIN + server_key + owner.to_bytes(8, "little"))


def public_key_of(seed: bytes) -> bytes:
    """The 32 bytes that a server keeps."""
    assert len(seed) == SEED_SIZE
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def verify_login(login: Login, *, public_key: bytes, handshake_hash: bytes, server_key: bytes) -> bool:
    """Did the holder of `public_key` (32 bytes) sign this Login for this very channel.

    False also for public keys of small order, which OpenSSL lets pass. Whether `login.unix_ms` is near enough to now,
    and the key not revoked, is for the caller to say.
    """
    context = LoginContext(handshake_hash, server_key, login.unix_ms)
    return _verifies(login.signature, public_key, login_text(context, login.key_id))


def _sign(seed: bytes, text: bytes) -> bytes:
    assert len(seed) == SEED_SIZE
    return Ed25519PrivateKey.from_private_bytes(seed).sign(text)


def _verifies(signature: bytes, public_key: bytes, text: bytes) -> bool:
    if len(public_key) != PUBLIC_KEY_SIZE or public_key[:31] + bytes([public_key[31] & 0x7F]) in SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
