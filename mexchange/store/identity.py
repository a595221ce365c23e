"""Rows of the identity database: owners, and the keys of their devices and programs.

Not derivable from the journal and subject to erasure; the journal knows owners as numbers only. All functions here work
within a transaction of the caller's; what they did is durable when that has ended. Times are nanoseconds since 1970,
0: never. Whatever may end somebody's session counts in `changes`.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.store.identity_tables import BACKUP_CODES, CHANGES, KEYS, OWNERS

KIND_DEVICE: Final = 1
ROLE_TRADER: Final = 1


class Owner(msgspec.Struct, frozen=True):
    """A person, or a machine of ours. `email_mac` is what finds an address, `email_sealed` what gives it back."""

    owner: int
    label: str
    created_ns: int
    granted_ns: int = 0
    """When the owner got the demo's starting funds."""
    role: int = ROLE_TRADER
    email_mac: bytes | None = None
    email_sealed: bytes | None = None
    disabled_ns: int = 0
    erased_ns: int = 0
    totp_sealed: bytes | None = None
    totp_draft_sealed: bytes | None = None
    totp_step: int = 0

    def __repr__(self) -> str:
        return f"Owner({self.owner})"


class Key(msgspec.Struct, frozen=True):
    """A key as the server knows it: the public half, and what it may do."""

    key_id: str
    public_key: bytes
    """Ed25519, 32 bytes."""
    owner: int
    label: str
    scopes: int
    """Bits of `domain.scopes.Scope`."""
    created_ns: int
    expires_ns: int = 0
    revoked_ns: int = 0
    kind: int = KIND_DEVICE
    """KeyKind of the wire."""
    addresses: str = ""
    """Networks, separated by spaces; empty: from everywhere."""
    markets: str = ""
    """Ids, separated by spaces; empty: all."""
    notional_asset: int = 0
    notional_per_hour: int = 0
    """Atoms of that asset; 0: no limit."""
    reduce_only: bool = False
    used_ns: int = 0


_OWNER: Final = [OWNERS.c[name] for name in Owner.__struct_fields__]
_KEY: Final = [KEYS.c[name] for name in Key.__struct_fields__]


class People:
    """Owners and keys within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owner(self, owner: int) -> Owner | None:
        """The owner of that number."""
        return _owner(await self._first(select(*_OWNER).where(OWNERS.c.owner == owner)))

    async def owners_in(self, owners: Collection[int]) -> dict[int, Owner]:
        """Those of these numbers that there are."""
        rows = await self._connection.execute(select(*_OWNER).where(OWNERS.c.owner.in_(list(owners))))
        return {owner.owner: owner for owner in (Owner(*row) for row in rows)}

    async def owner_of_email(self, email_mac: bytes) -> Owner | None:
        """Whose address that is."""
        return _owner(await self._first(select(*_OWNER).where(OWNERS.c.email_mac == email_mac)))

    async def owners(self, *, after: int = -1, limit: int = 1_000, label: str = "") -> list[Owner]:
        """Owners with a number above `after`, ascending; those with `label` in theirs, in whatever case."""
        wanted = select(*_OWNER).where(OWNERS.c.owner > after)
        if label:
            wanted = wanted.where(OWNERS.c.label.icontains(label, autoescape=True))
        rows = await self._connection.execute(wanted.order_by(OWNERS.c.owner).limit(limit))
        return [Owner(*row) for row in rows]

    async def add_owner(self, owner: Owner) -> None:
        """A new one."""
        await self._connection.execute(insert(OWNERS).values(msgspec.structs.asdict(owner)))

    async def set_owner(self, owner: int, **values: object) -> None:
        """Change fields of an owner."""
        await self._connection.execute(update(OWNERS).where(OWNERS.c.owner == owner).values(**values))

    async def key(self, key_id: str) -> Key | None:
        """The key of that name, revoked ones too."""
        return _key(await self._first(select(*_KEY).where(KEYS.c.key_id == key_id)))

    async def key_of_device(self, public_key: bytes) -> Key | None:
        """The key with that public half."""
        return _key(await self._first(select(*_KEY).where(KEYS.c.public_key == public_key)))

    async def keys(self, key_ids: Collection[str]) -> list[Key]:
        """Those of these names that there are."""
        rows = await self._connection.execute(select(*_KEY).where(KEYS.c.key_id.in_(list(key_ids))))
        return [Key(*row) for row in rows]

    async def keys_of(self, owner: int) -> list[Key]:
        """All keys of an owner, oldest first, revoked ones too."""
        rows = await self._connection.execute(
            select(*_KEY).where(KEYS.c.owner == owner).order_by(KEYS.c.created_ns, KEYS.c.key_id)
        )
        return [Key(*row) for row in rows]

    async def live_keys(self, owner: int, time_ns: int) -> int:
        """How many keys of an owner are good now."""
        return await self._count(
            select(func.count()).where(
                KEYS.c.owner == owner,
                KEYS.c.revoked_ns == 0,
                (KEYS.c.expires_ns == 0) | (KEYS.c.expires_ns > time_ns),
            )
        )

    async def add_key(self, key: Key) -> None:
        """A new one; its owner exists."""
        await self._connection.execute(insert(KEYS).values(msgspec.structs.asdict(key)))

    async def revoke(self, key_id: str, revoked_ns: int) -> bool:
        """No login with that key from now on; False if there was none to revoke. The first revocation's time stays."""
        done = await self._connection.execute(
            update(KEYS).where(KEYS.c.key_id == key_id, KEYS.c.revoked_ns == 0).values(revoked_ns=revoked_ns)
        )
        await self.changed()
        return done.rowcount == 1

    async def mark_used(self, key_ids: Collection[str], used_ns: int) -> None:
        """Logins with these were accepted."""
        await self._connection.execute(update(KEYS).where(KEYS.c.key_id.in_(list(key_ids))).values(used_ns=used_ns))

    async def delete_keys(self, owner: int) -> None:
        """Forget all keys of an owner."""
        await self._connection.execute(delete(KEYS).where(KEYS.c.owner == owner))

    async def backup_code(self, owner: int, number: int) -> str | None:
        """The digest of an unused backup code."""
        return await self._connection.scalar(
            select(BACKUP_CODES.c.digest).where(
                BACKUP_CODES.c.owner == owner, BACKUP_CODES.c.number == number, BACKUP_CODES.c.used_ns == 0
            )
        )

    async def backup_codes_left(self, owner: int) -> int:
        """How many are unused."""
        return await self._count(select(func.count()).where(BACKUP_CODES.c.owner == owner, BACKUP_CODES.c.used_ns == 0))

    async def use_backup_code(self, owner: int, number: int, used_ns: int) -> bool:
        """False if somebody else was faster."""
        done = await self._connection.execute(
            update(BACKUP_CODES)
            .where(BACKUP_CODES.c.owner == owner, BACKUP_CODES.c.number == number, BACKUP_CODES.c.used_ns == 0)
            .values(used_ns=used_ns)
        )
        return done.rowcount == 1

    async def set_backup_codes(self, owner: int, digests: Collection[str]) -> None:
        """These and no others."""
        await self._connection.execute(delete(BACKUP_CODES).where(BACKUP_CODES.c.owner == owner))
        rows = [{"owner": owner, "number": number, "digest": digest} for number, digest in enumerate(digests)]
        if rows:
            await self._connection.execute(insert(BACKUP_CODES), rows)

    async def changed(self) -> None:
        """Something was changed that may end somebody's session."""
        await self._connection.execute(update(CHANGES).values(number=CHANGES.c.number + 1))

    async def changes(self) -> int:
        """How many such changes there were."""
        return await self._count(select(CHANGES.c.number))

    async def _first(self, statement: Any) -> Sequence[Any] | None:
        return (await self._connection.execute(statement)).first()

    async def _count(self, statement: Any) -> int:
        return int(await self._connection.scalar(statement) or 0)


def _owner(row: Sequence[Any] | None) -> Owner | None:
    return None if row is None else Owner(*row)


def _key(row: Sequence[Any] | None) -> Key | None:
    return None if row is None else Key(*row)
