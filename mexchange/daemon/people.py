"""What an operator does to people and keys, in the database itself, with the daemon running or not.

The daemon notices within half a second. Every act is written into the audit log, as the operator's.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from mexchange.codec.messages import KeyKind
from mexchange.config import daemon as daemon_settings
from mexchange.daemon.identity_office import identity_of
from mexchange.identity.audit import AuditKind
from mexchange.identity.erasure import erase
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.identity import Identity
from mexchange.identity.roles import SCOPES, Role, show
from mexchange.store import account_names, migration
from mexchange.store.audit import GENESIS, AuditRow, AuditRows, Verdict
from mexchange.store.database import Database, DatabaseName, place_of
from mexchange.store.errors import StoreError
from mexchange.store.identity import Key, Owner, People
from mexchange.store.web_sessions import WebSessionRows

T = TypeVar("T")

BY_OPERATOR = "by the operator"


class NoSuchKey(StoreError):
    """That key is not on record."""


class NoSuchPerson(StoreError):
    """Nobody has that number or address."""


class Person(msgspec.Struct, frozen=True):
    """Somebody, as an operator sees them."""

    owner: Owner
    email: str
    keys: int
    """Good ones."""


def issue_key(data: Path, public_key: bytes, *, of_key: str, label: str, scopes: int, time_ns: int) -> Key:
    """Put a further key of the owner of `of_key` on record, with these scopes; 32 bytes Ed25519, raw.

    A key that is there already stays as it is. NoSuchKey; StoreErrors.
    """

    async def issue(identity: Identity) -> Key:
        owner = (await _key(identity, of_key)).owner
        key = await identity.directory.add_device(
            public_key, label=label, scopes=scopes, time_ns=time_ns, owner=owner, kind=KeyKind.API
        )
        await _note(identity, AuditKind.KEY_MADE, time_ns, owner=owner, key_id=key.key_id)
        return key

    return _with_identity(data, issue)


def issue_service_key(data: Path, public_key: bytes, *, label: str, time_ns: int) -> Key:
    """Put the key of a gateway on record: it signs people in and speaks for them, and has nothing of its own."""

    async def issue(identity: Identity) -> Key:
        key = await identity.directory.add_device(
            public_key,
            label=label,
            scopes=SCOPES[Role.SERVICE],
            time_ns=time_ns,
            role=Role.SERVICE,
            kind=KeyKind.SERVICE,
        )
        await _note(identity, AuditKind.KEY_MADE, time_ns, owner=key.owner, key_id=key.key_id, detail="service")
        return key

    return _with_identity(data, issue)


def revoke_key(data: Path, key_id: str, *, time_ns: int) -> None:
    """No login with that key from now on; its sessions end. NoSuchKey; StoreErrors."""

    async def revoke(identity: Identity) -> None:
        key = await _key(identity, key_id)
        async with identity.database.writing() as connection:
            if await People(connection).revoke(key_id, time_ns):
                entry = identity.audit.entry(
                    AuditKind.KEY_REVOKED, time_ns, owner=key.owner, key_id=key_id, detail=BY_OPERATOR
                )
                await identity.audit.write(connection, entry)

    _with_identity(data, revoke)


def list_keys(data: Path, of_key: str) -> list[Key]:
    """All keys of the owner of `of_key`, oldest first, revoked ones too. NoSuchKey; StoreErrors."""

    async def keys(identity: Identity) -> list[Key]:
        owner = (await _key(identity, of_key)).owner
        async with identity.database.reading() as connection:
            return await People(connection).keys_of(owner)

    return _with_identity(data, keys)


def list_people(data: Path, *, time_ns: int, limit: int = 1_000) -> list[Person]:
    """Everybody, by number. StoreErrors."""

    async def everybody(identity: Identity) -> list[Person]:
        async with identity.database.reading() as connection:
            people = People(connection)
            return [
                Person(owner, identity.email_of(owner), await people.live_keys(owner.owner, time_ns))
                for owner in await people.owners(limit=limit)
            ]

    return _with_identity(data, everybody)


def set_disabled(data: Path, who: str, *, is_disabled: bool, time_ns: int) -> Owner:
    """Shut somebody out, or let them in again; open sessions end. NoSuchPerson; StoreErrors."""

    async def change(identity: Identity) -> Owner:
        async with identity.database.writing() as connection:
            people = People(connection)
            owner = await _person(identity, people, who)
            await people.set_owner(owner.owner, disabled_ns=time_ns if is_disabled else 0)
            if is_disabled:
                await WebSessionRows(connection).end_all(owner.owner, time_ns)
            await people.changed()
            kind = AuditKind.USER_DISABLED if is_disabled else AuditKind.USER_ENABLED
            await identity.audit.write(
                connection, identity.audit.entry(kind, time_ns, owner=owner.owner, detail=BY_OPERATOR)
            )
        return owner

    return _with_identity(data, change)


def set_role(data: Path, who: str, role: Role, *, time_ns: int) -> Owner:
    """What somebody is to the exchange; open sessions end, and come back with the new rights. NoSuchPerson."""

    async def change(identity: Identity) -> Owner:
        async with identity.database.writing() as connection:
            people = People(connection)
            owner = await _person(identity, people, who)
            await people.set_owner(owner.owner, role=role.value)
            await people.changed()
            detail = f"{show(owner.role)} to {show(role)}, {BY_OPERATOR}"
            await identity.audit.write(
                connection, identity.audit.entry(AuditKind.ROLE_SET, time_ns, owner=owner.owner, detail=detail)
            )
        return owner

    return _with_identity(data, change)


def erase_person(data: Path, who: str, *, time_ns: int) -> int:
    """Forget everything personal; returns the number that stays. NoSuchPerson; StoreErrors."""

    async def forget(identity: Identity) -> int:
        async with identity.database.reading() as connection:
            owner = (await _person(identity, People(connection), who)).owner
        await erase(identity.database, identity.audit, owner, time_ns)
        await _erase_from_wallet(data, owner)
        return owner

    return _with_identity(data, forget)


async def _erase_from_wallet(data: Path, owner: int) -> None:
    settings = daemon_settings.load(data=data, environ=os.environ)
    wallet = Database(place_of(DatabaseName.WALLET, settings.database, data))
    try:
        await migration.upgrade(wallet)
        await account_names.erase(wallet, owner)
    finally:
        await wallet.close()


def audit_rows(data: Path, *, limit: int, who: str | None = None, kind: str | None = None) -> list[AuditRow]:
    """The last lines of the audit log, newest first. NoSuchPerson; StoreErrors."""

    async def rows(identity: Identity) -> list[AuditRow]:
        async with identity.database.reading() as connection:
            owner = (await _person(identity, People(connection), who)).owner if who is not None else None
            return await AuditRows(connection).newest(limit, owner=owner, kind=kind)

    return _with_identity(data, rows)


def verify_audit(data: Path, *, head: str = "") -> Verdict:
    """Is every line of the audit log as it was written, and the digest `head`, in hex, among them. StoreErrors."""
    try:
        mark = bytes.fromhex(head) or GENESIS
    except ValueError:
        raise StoreError(f"{head} is no digest of the audit log") from None

    async def verify(identity: Identity) -> Verdict:
        async with identity.database.reading() as connection:
            return await AuditRows(connection).verify(mark)

    return _with_identity(data, verify)


def _with_identity(data: Path, job: Callable[[Identity], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = daemon_settings.load(data=data, environ=os.environ)
        async with identity_of(data, settings) as identity:
            return await job(identity)

    return asyncio.run(run())


async def _key(identity: Identity, key_id: str) -> Key:
    async with identity.database.reading() as connection:
        key = await People(connection).key(key_id)
    if key is None:
        raise NoSuchKey(f"there is no key {key_id} here")
    return key


async def _person(identity: Identity, people: People, who: str) -> Owner:
    try:
        owner = await identity.find(people, who)
    except IdentityRefused:
        owner = None
    if owner is None:
        raise NoSuchPerson(f"there is nobody with the number or address {who}")
    return owner


async def _note(
    identity: Identity, kind: AuditKind, time_ns: int, *, owner: int, key_id: str, detail: str = ""
) -> None:
    detail = f"{detail}, {BY_OPERATOR}" if detail else BY_OPERATOR
    await identity.audit.note(identity.audit.entry(kind, time_ns, owner=owner, key_id=key_id, detail=detail))
