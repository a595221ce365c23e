"""Which server is this: the pinned static key, its fingerprint, and the two ways in which it can be wrong."""

import base64
import hashlib
import hmac
from typing import Final

import msgspec

from mexchange.protocol.errors import ChangedServerKey, UnknownServer
from mexchange.protocol.noise import KEY_SIZE

PREFIX: Final = "SHA256:"


class ServerPin(msgspec.Struct, frozen=True, kw_only=True):
    """What the client knows before it connects.

    `expected` is the raw X25519 public key, or None at first contact; then `accept_new` decides. A changed key is
    never accepted.
    """

    expected: bytes | None = None
    accept_new: bool = False

    def check(self, seen: bytes) -> bool:
        """True at an accepted first contact, False for the pinned key. Raises UnknownServer or ChangedServerKey."""
        assert len(seen) == KEY_SIZE
        if self.expected is not None:
            if not hmac.compare_digest(self.expected, seen):
                raise ChangedServerKey(
                    f"the server's key is {fingerprint(seen)}, pinned is {fingerprint(self.expected)}", seen=seen
                )
            return False
        if not self.accept_new:
            raise UnknownServer(f"the server's key {fingerprint(seen)} is not known here", seen=seen)
        return True


def fingerprint(server_key: bytes) -> str:
    """`SHA256:` and 43 characters of base64, as OpenSSH shows keys."""
    digest = hashlib.sha256(server_key).digest()
    return PREFIX + base64.b64encode(digest).decode().rstrip("=")
