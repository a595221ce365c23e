"""Who is asking: a login is checked against the keys on record, new keys are put on record.

An owner gets its number here, before the journal opens an account for it. A crash between the two leaves an owner
without an account, and the next login opens it: OpenAccount names the owner, so it cannot happen twice.
"""

import base64
import hashlib
import ipaddress
from collections.abc import Callable, Collection
from typing import Final

import msgspec

from mexchange.codec.messages import KeyKind, Login, LoginRefusal
from mexchange.domain.rejects import REJECTS
from mexchange.domain.scopes import DELEGATED, OWN, Scope
from mexchange.identity.errors import IdentityRefused, LoginDenied
from mexchange.identity.roles import Role, effective
from mexchange.identity.web_sessions import WebSessions, is_live
from mexchange.protocol.login import verify_login
from mexchange.store.database import Database
from mexchange.store.identity import Key, Owner, People
from mexchange.store.web_sessions import WebSessionRows

OWNER_FIRST: Final = 1 << 16
"""Numbers below are for owners who are not people: demo machinery and tests."""
OWNER_LAST: Final = (1 << 63) - 1
"""Numbers above are for synthetic owners; SQLite's integers end here too."""
CLOCK_SKEW_NS_MAX: Final = 120 * 10**9
"""A login states the server's time as its client knows it; beyond this it is not of this handshake."""
LABEL_LENGTH_MAX: Final = 64
PUBLIC_KEY_SIZE: Final = 32
_KEY_ID_BYTES: Final = 10


class Entry(msgspec.Struct, frozen=True):
    """Who a login turned out to be, and what the session may do."""

    owner: Owner
    key: Key
    scopes: Scope
    web_session: bytes = b""
    """The session of a browser for which a gateway speaks; empty: the owner's own program."""


class Directory:
    """Keys by name and by device. `random(n)` gives n random bytes."""

    def __init__(self, database: Database, random: Callable[[int], bytes]) -> None:
        self._database = database
        self._random = random

    async def check_key(
        self, login: Login, *, handshake_hash: bytes, server_key: bytes, host: str, time_ns: int
    ) -> Entry:
        """Who signed this login for this channel, from that host. Raises LoginDenied."""
        async with self._database.reading() as connection:
            people = People(connection)
            key = await people.key(login.key_id)
            owner = await people.owner(key.owner) if key is not None else None
        if key is None or owner is None:
            raise LoginDenied(LoginRefusal.UNKNOWN_KEY, "no such key")
        _check_proof(login, key.public_key, handshake_hash, server_key, time_ns)
        _check_validity(key, owner, host, time_ns)
        return Entry(owner, key, effective(owner.role, key.scopes))

    async def check_web(
        self, login: Login, web: WebSessions, *, handshake_hash: bytes, server_key: bytes, host: str, time_ns: int
    ) -> Entry:
        """For whom this gateway speaks: its own key and signature, and the token of a live session. LoginDenied."""
        gateway = await self.check_key(
            login, handshake_hash=handshake_hash, server_key=server_key, host=host, time_ns=time_ns
        )
        if not gateway.scopes & Scope.DELEGATE:
            raise LoginDenied(LoginRefusal.METHOD_OFF, "that key does not speak for others")
        try:
            session, owner = await web.check(login.token)
        except IdentityRefused as refused:
            raise LoginDenied(LoginRefusal.SESSION_ENDED, REJECTS[refused.reason].text) from None
        return Entry(owner, gateway.key, effective(owner.role, DELEGATED), session.session_id)

    async def enroll(self, login: Login, *, handshake_hash: bytes, server_key: bytes, time_ns: int) -> Entry:
        """The key of this device, put on record with a new owner if it was not. Raises LoginDenied."""
        if len(login.public_key) != PUBLIC_KEY_SIZE:
            raise LoginDenied(LoginRefusal.MALFORMED, f"a device key has {PUBLIC_KEY_SIZE} bytes")
        _check_proof(login, login.public_key, handshake_hash, server_key, time_ns)
        key = await self.add_device(login.public_key, label=login.label, scopes=OWN, time_ns=time_ns)
        async with self._database.reading() as connection:
            owner = await People(connection).owner(key.owner)
        assert owner is not None
        _check_validity(key, owner, "", time_ns)
        return Entry(owner, key, effective(owner.role, key.scopes))

    async def changes(self) -> int:
        """Grows with whatever may end somebody's session."""
        async with self._database.reading() as connection:
            return await People(connection).changes()

    async def good_keys(self, hosts: Collection[tuple[str, str]], time_ns: int) -> dict[tuple[str, str], Scope]:
        """Those pairs of key id and host whose sessions may go on, with their rights."""
        async with self._database.reading() as connection:
            people = People(connection)
            keys = {key.key_id: key for key in await people.keys({key_id for key_id, _ in hosts})}
            owners = await people.owners_in({key.owner for key in keys.values()})
        return {
            (key_id, host): effective(owner.role, key.scopes)
            for key_id, host in hosts
            if (key := keys.get(key_id)) is not None
            and (owner := owners.get(key.owner)) is not None
            and _lapsed(key, owner, host, time_ns) is None
        }

    async def good_browsers(self, session_ids: Collection[bytes], time_ns: int) -> dict[bytes, Scope]:
        """Those sessions of browsers that may go on, with their rights."""
        async with self._database.reading() as connection:
            sessions = await WebSessionRows(connection).all_of(session_ids)
            people = People(connection)
            owners = await people.owners_in({session.owner for session in sessions})
        return {
            session.session_id: effective(owner.role, DELEGATED)
            for session in sessions
            if is_live(session, time_ns) and (owner := owners.get(session.owner)) is not None and not owner.disabled_ns
        }

    async def add_device(
        self,
        public_key: bytes,
        *,
        label: str,
        scopes: int,
        time_ns: int,
        owner: int | None = None,
        role: Role = Role.TRADER,
        kind: int = KeyKind.DEVICE,
    ) -> Key:
        """Put a key on record, for a new owner unless one is given; a key that is there already stays as it is."""
        async with self._database.writing() as connection:
            people = People(connection)
            known = await people.key_of_device(public_key)
            if known is not None:
                return known
            if owner is None:
                owner = (await self.add_owner(people, label=shown(label), time_ns=time_ns, role=role)).owner
            return await self.add_key(
                people, public_key, owner=owner, label=label, scopes=scopes, kind=kind, time_ns=time_ns
            )

    async def add_owner(
        self,
        people: People,
        *,
        label: str,
        time_ns: int,
        role: Role = Role.TRADER,
        email_mac: bytes | None = None,
        email_sealed: bytes | None = None,
    ) -> Owner:
        """A new owner within the caller's transaction."""
        while True:
            number = int.from_bytes(self._random(8), "little") >> 1
            if OWNER_FIRST <= number <= OWNER_LAST and await people.owner(number) is None:
                break
        owner = Owner(number, label, time_ns, role=role.value, email_mac=email_mac, email_sealed=email_sealed)
        await people.add_owner(owner)
        return owner

    async def add_key(
        self,
        people: People,
        public_key: bytes,
        *,
        owner: int,
        label: str,
        scopes: int,
        time_ns: int,
        kind: int = KeyKind.DEVICE,
    ) -> Key:
        """A new key within the caller's transaction."""
        key = Key(
            key_id=key_id_of(public_key),
            public_key=public_key,
            owner=owner,
            label=shown(label),
            scopes=int(scopes),
            created_ns=time_ns,
            kind=int(kind),
        )
        await people.add_key(key)
        return key

    async def mark_used(self, key_ids: Collection[str], used_ns: int) -> None:
        """Logins with these were accepted."""
        async with self._database.writing() as connection:
            await People(connection).mark_used(key_ids, used_ns)

    async def mark_granted(self, owner: int, granted_ns: int) -> None:
        """The funds are in the journal."""
        async with self._database.writing() as connection:
            await People(connection).set_owner(owner, granted_ns=granted_ns)


def key_id_of(public_key: bytes) -> str:
    """The name of a key follows from its public half: the same device enrolled twice has one name."""
    digest = hashlib.sha256(b"mx-key-id" + public_key).digest()[:_KEY_ID_BYTES]
    return "mk_" + base64.b32encode(digest).decode().lower()


def shown(label: str) -> str:
    """A name for a device that steers no terminal."""
    return "".join(c for c in label if c.isprintable())[:LABEL_LENGTH_MAX] or "device"


def is_allowed_from(key: Key, host: str) -> bool:
    """Is the host in one of the key's networks; a key without networks comes from everywhere."""
    if not key.addresses or not host:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(network) for network in key.addresses.split())


def _check_proof(login: Login, public_key: bytes, handshake_hash: bytes, server_key: bytes, time_ns: int) -> None:
    if not verify_login(login, public_key=public_key, handshake_hash=handshake_hash, server_key=server_key):
        raise LoginDenied(LoginRefusal.BAD_SIGNATURE, "the signature does not fit the key and this channel")
    if abs(login.unix_ms * 1_000_000 - time_ns) > CLOCK_SKEW_NS_MAX:
        raise LoginDenied(LoginRefusal.CLOCK_SKEW, "the login's time is too far from the server's")


def _check_validity(key: Key, owner: Owner, host: str, time_ns: int) -> None:
    lapsed = _lapsed(key, owner, host, time_ns)
    if lapsed is not None:
        raise LoginDenied(*lapsed)


def _lapsed(key: Key, owner: Owner, host: str, time_ns: int) -> tuple[LoginRefusal, str] | None:
    """Why the key is no longer good, if it is not."""
    if key.revoked_ns:
        return LoginRefusal.KEY_REVOKED, "the key was revoked"
    if key.expires_ns and time_ns >= key.expires_ns:
        return LoginRefusal.KEY_REVOKED, "the key has expired"
    if owner.disabled_ns:
        return LoginRefusal.DISABLED, "this person was shut out by the operator"
    if not is_allowed_from(key, host):
        return LoginRefusal.ADDRESS, "the key is not good from this address"
    return None
