"""Who is asking: a login is checked against the keys on record, new devices are put on record.

An owner gets its number here, before the journal opens an account for it. A crash between the two leaves an owner
without an account, and the next login opens it: OpenAccount names the owner, so it cannot happen twice.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Final

from mexchange.codec.messages import Login, LoginRefusal
from mexchange.identity.scopes import OWN
from mexchange.protocol.login import verify_login
from mexchange.store.identity import IdentityStore, Key

OWNER_FIRST: Final = 1 << 16
"""Numbers below are for owners who are not people: demo machinery and tests."""
OWNER_LAST: Final = (1 << 63) - 1
"""Numbers above are for synthetic owners; SQLite's integers end here too."""
CLOCK_SKEW_NS_MAX: Final = 120 * 10**9
"""A login states the server's time as its client knows it; beyond this it is not of this handshake."""
LABEL_LENGTH_MAX: Final = 64
PUBLIC_KEY_SIZE: Final = 32
_KEY_ID_BYTES: Final = 10


class LoginDenied(Exception):
    """The login is not good; `refusal` goes to the client with the text."""

    def __init__(self, refusal: LoginRefusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal


class Directory:
    """Keys by name and by device. `random(n)` gives n random bytes."""

    def __init__(self, store: IdentityStore, random: Callable[[int], bytes]) -> None:
        self._store = store
        self._random = random

    def check_key(self, login: Login, *, handshake_hash: bytes, server_key: bytes, time_ns: int) -> Key:
        """The key that signed this login for this channel. Raises LoginDenied."""
        key = self._store.key(login.key_id)
        if key is None:
            raise LoginDenied(LoginRefusal.UNKNOWN_KEY, "no such key")
        _check_proof(login, key.public_key, handshake_hash, server_key, time_ns)
        _check_validity(key, time_ns)
        return key

    def enroll(self, login: Login, *, handshake_hash: bytes, server_key: bytes, time_ns: int) -> Key:
        """The key of this device, put on record with a new owner if it was not. Raises LoginDenied."""
        if len(login.public_key) != PUBLIC_KEY_SIZE:
            raise LoginDenied(LoginRefusal.MALFORMED, f"a device key has {PUBLIC_KEY_SIZE} bytes")
        _check_proof(login, login.public_key, handshake_hash, server_key, time_ns)
        key = self.add_device(login.public_key, label=login.label, scopes=OWN, time_ns=time_ns)
        _check_validity(key, time_ns)
        return key

    def is_good(self, key_id: str, time_ns: int) -> bool:
        """May a session of that key go on."""
        key = self._store.key(key_id)
        return key is not None and _lapsed(key, time_ns) is None

    def add_device(
        self, public_key: bytes, *, label: str, scopes: int, time_ns: int, owner: int | None = None, expires_ns: int = 0
    ) -> Key:
        """Put a key on record, for a new owner unless one is given; a key that is there already stays as it is."""
        known = self._store.key_of_device(public_key)
        if known is not None:
            return known
        shown = "".join(c for c in label if c.isprintable())[:LABEL_LENGTH_MAX] or "device"
        key = Key(
            key_id=key_id_of(public_key),
            public_key=public_key,
            owner=self._new_owner() if owner is None else owner,
            label=shown,
            scopes=int(scopes),
            created_ns=time_ns,
            expires_ns=expires_ns,
        )
        self._store.add(key, owner_label=shown)
        return key

    def _new_owner(self) -> int:
        taken = self._store.owner_labels()
        while True:
            owner = int.from_bytes(self._random(8), "little") >> 1
            if OWNER_FIRST <= owner <= OWNER_LAST and owner not in taken:
                return owner


def key_id_of(public_key: bytes) -> str:
    """The name of a key follows from its public half: the same device enrolled twice has one name."""
    digest = hashlib.sha256(b"mx-key-id" + public_key).digest()[:_KEY_ID_BYTES]
    return "mk_" + base64.b32encode(digest).decode().lower()


def _check_proof(login: Login, public_key: bytes, handshake_hash: bytes, server_key: bytes, time_ns: int) -> None:
    if not verify_login(login, public_key=public_key, handshake_hash=handshake_hash, server_key=server_key):
        raise LoginDenied(LoginRefusal.BAD_SIGNATURE, "the signature does not fit the key and this channel")
    if abs(login.unix_ms * 1_000_000 - time_ns) > CLOCK_SKEW_NS_MAX:
        raise LoginDenied(LoginRefusal.CLOCK_SKEW, "the login's time is too far from the server's")


def _check_validity(key: Key, time_ns: int) -> None:
    why = _lapsed(key, time_ns)
    if why is not None:
        raise LoginDenied(LoginRefusal.KEY_REVOKED, why)


def _lapsed(key: Key, time_ns: int) -> str | None:
    """Why the key is no longer good, if it is not."""
    if key.revoked_ns:
        return "the key was revoked"
    if key.expires_ns and time_ns >= key.expires_ns:
        return "the key has expired"
    return None
