"""Keys for programs: made by their owner, with no more rights than the owner has, and limits of their own."""

import ipaddress
from typing import Final

import msgspec

from mexchange.codec.messages import KeyKind, KeyRequest
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import Scope
from mexchange.domain.scopes import show as show_scopes
from mexchange.domain.units import U32_MAX
from mexchange.identity.directory import PUBLIC_KEY_SIZE, key_id_of, shown
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.roles import SCOPES
from mexchange.identity.sign_in import KEYS_MAX
from mexchange.protocol.login import verify_api_key
from mexchange.store.identity import Key, People

NETWORKS_MAX: Final = 8
MARKETS_MAX: Final = 16
GRANTABLE: Final = Scope.PUBLIC | Scope.READ | Scope.TRADE | Scope.WITHDRAW | Scope.ADMIN


def key_of(request: KeyRequest, *, owner: int, role: int, server_key: bytes, time_ns: int) -> Key:
    """The key that a request describes. IdentityRefused(KEY_INVALID)."""
    scopes = Scope(request.scopes & GRANTABLE) | Scope.PUBLIC
    checks = (
        len(request.public_key) == PUBLIC_KEY_SIZE,
        verify_api_key(request.signature, public_key=request.public_key, server_key=server_key, owner=owner),
        int(scopes) == request.scopes | Scope.PUBLIC,
        not scopes & ~SCOPES.get(role, Scope(0)),
        request.expires_ns == 0 or request.expires_ns > time_ns,
        request.notional_per_hour >= 0,
        not request.notional_per_hour or request.notional_asset > 0,
    )
    if not all(checks):
        raise IdentityRefused(RejectReason.KEY_INVALID)
    return Key(
        key_id=key_id_of(request.public_key),
        public_key=request.public_key,
        owner=owner,
        label=shown(request.label),
        scopes=int(scopes),
        created_ns=time_ns,
        expires_ns=request.expires_ns,
        kind=int(KeyKind.API),
        addresses=_networks(request.addresses),
        markets=_markets(request.markets),
        notional_asset=int(request.notional_asset) if request.notional_per_hour else 0,
        notional_per_hour=int(request.notional_per_hour),
        reduce_only=request.reduce_only,
    )


async def add(people: People, key: Key, time_ns: int) -> None:
    """Put it on record within the caller's transaction. IdentityRefused."""
    if await people.key_of_device(key.public_key) is not None:
        raise IdentityRefused(RejectReason.KEY_INVALID)
    if await people.live_keys(key.owner, time_ns) >= KEYS_MAX:
        raise IdentityRefused(RejectReason.TOO_MANY_KEYS)
    await people.add_key(key)


def describe(key: Key, limits: str) -> str:
    """In one line, for the mail that confirms it; `limits`: what it may trade, in words."""
    words = [f"make the API key {key.key_id} ({key.label}) with the rights: {show_scopes(key.scopes)}"]
    if limits:
        words.append(limits)
    words.append(f"from {key.addresses}" if key.addresses else "from everywhere")
    return ", ".join(words)


def encode(key: Key) -> bytes:
    """To be kept until it is confirmed."""
    return msgspec.msgpack.encode(key)


def decode(data: bytes) -> Key:
    """What `encode` was given."""
    return msgspec.msgpack.decode(data, type=Key)


def _networks(text: str) -> str:
    try:
        networks = [str(ipaddress.ip_network(word, strict=False)) for word in text.replace(",", " ").split()]
    except ValueError:
        raise IdentityRefused(RejectReason.KEY_INVALID) from None
    if len(networks) > NETWORKS_MAX:
        raise IdentityRefused(RejectReason.KEY_INVALID)
    return " ".join(networks)


def _markets(text: str) -> str:
    words = text.replace(",", " ").split()
    if len(words) > MARKETS_MAX or not all(w.isascii() and w.isdecimal() and 0 < int(w) <= U32_MAX for w in words):
        raise IdentityRefused(RejectReason.KEY_INVALID)
    return " ".join(str(int(word)) for word in words)
