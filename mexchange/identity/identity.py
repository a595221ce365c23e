"""All parts of identity, put together over one database. Everything here is awaited on that database's event loop."""

import os
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.codec.messages import EmailChange, KeyRequest, Profile
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import show
from mexchange.domain.units import OwnerId, TimeNs
from mexchange.identity import api_keys, email
from mexchange.identity.audit import Audit, AuditKind, shown
from mexchange.identity.codes import Codes
from mexchange.identity.confirmation import Agreed, Confirmation, Pending
from mexchange.identity.directory import Directory
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.mail import notice_mail
from mexchange.identity.mailers import Mailer
from mexchange.identity.post_office import PostOffice
from mexchange.identity.second_factor import SecondFactor
from mexchange.identity.sign_in import SignIn
from mexchange.identity.vault import Vault
from mexchange.identity.web_sessions import WebSessions
from mexchange.store.database import Database
from mexchange.store.identity import Key, Owner, People

KEY: Final = "api key"
EMAIL_OLD: Final = "e-mail change"
EMAIL_NEW: Final = "e-mail"
KINDS: Final = frozenset({KEY, EMAIL_OLD, EMAIL_NEW})
"""Confirmations that identity carries out itself."""
NOTICE_LIFETIME_NS: Final = 24 * 3_600 * 10**9


class Identity:
    """One exchange's people. `clock`: nanoseconds since 1970."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        mailer: Mailer | None = None,
        exchange: str = "mExchange",
        sign_up: bool = True,
        clock: Callable[[], int] = time.time_ns,
        on_mail_failure: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.database = database
        self._vault = vault
        self._clock = clock
        self._exchange = exchange
        self.audit = Audit(database, vault)
        self.codes = Codes(database, vault)
        self.post = PostOffice(database, vault, mailer, on_mail_failure)
        self.second_factor = SecondFactor(vault, exchange)
        self.web = WebSessions(database, self.audit, clock)
        self.directory = Directory(database, os.urandom)
        self.sign_in = SignIn(
            database=database,
            vault=vault,
            codes=self.codes,
            directory=self.directory,
            second_factor=self.second_factor,
            web=self.web,
            post=self.post,
            audit=self.audit,
            exchange=exchange,
            sign_up=sign_up,
            clock=clock,
        )
        self.confirmation = Confirmation(
            database=database,
            vault=vault,
            codes=self.codes,
            second_factor=self.second_factor,
            post=self.post,
            audit=self.audit,
            exchange=exchange,
            clock=clock,
        )

    async def profile(self, owner: int) -> Profile:
        """What a person may know about themselves. IdentityRefused if they are gone."""
        async with self.database.reading() as connection:
            people = People(connection)
            known = await self._owner(people, owner)
            left = await people.backup_codes_left(owner)
        return Profile(
            owner=OwnerId(owner),
            email=self.email_of(known),
            role=known.role,
            totp=known.totp_sealed is not None,
            backup_codes=left,
            created_ns=TimeNs(known.created_ns),
        )

    async def keys_of(self, owner: int) -> list[Key]:
        """All keys of a person, by name, revoked ones too."""
        async with self.database.reading() as connection:
            return sorted(await People(connection).keys_of(owner), key=lambda key: key.key_id)

    async def request_key(
        self, owner: int, request: KeyRequest, *, limits: str, server_key: bytes, host: str
    ) -> Pending:
        """Mail what the key would be; `limits`: what it may trade, in words. IdentityRefused."""
        async with self.database.reading() as connection:
            known = await self._owner(People(connection), owner)
        key = api_keys.key_of(request, owner=owner, role=known.role, server_key=server_key, time_ns=self._clock())
        return await self.confirmation.create(
            owner, kind=KEY, text=api_keys.describe(key, limits), payload=api_keys.encode(key), host=host
        )

    async def revoke_key(self, owner: int, key_id: str, *, by: str, host: str) -> None:
        """The sessions of that key end. `by`: the key that asks. IdentityRefused(KEY_NOT_FOUND)."""
        time_ns = self._clock()
        async with self.database.writing() as connection:
            people = People(connection)
            key = await people.key(key_id)
            if key is None or key.owner != owner:
                raise IdentityRefused(RejectReason.KEY_NOT_FOUND)
            if await people.revoke(key_id, time_ns):
                detail = f"by {by}" if by != key_id else "by itself"
                entry = self.audit.entry(
                    AuditKind.KEY_REVOKED, time_ns, owner=owner, key_id=key_id, detail=detail, host=host
                )
                await self.audit.write(connection, entry)

    async def request_email(self, owner: int, change: EmailChange, *, host: str) -> Pending:
        """Ask the old address first, or the new one where there is none. IdentityRefused."""
        new = email.normalise(change.email)
        async with self.database.reading() as connection:
            known = await self._owner(People(connection), owner)
        text = f"use {new} for sign-in codes and confirmations"
        is_first = known.email_sealed is None
        return await self.confirmation.create(
            owner,
            kind=EMAIL_NEW if is_first else EMAIL_OLD,
            text=text,
            payload=new.encode(),
            host=host,
            to=new if is_first else None,
        )

    async def carry_out(self, agreed: Agreed, *, host: str) -> Key | Pending | str:
        """What was agreed to, for the KINDS of identity: a key, a further code to enter, or a sentence."""
        time_ns = self._clock()
        if agreed.kind == KEY:
            return await self._make_key(api_keys.decode(agreed.payload), host, time_ns)
        new = agreed.payload.decode()
        if agreed.kind == EMAIL_OLD:
            text = f"use {new} for sign-in codes and confirmations"
            return await self.confirmation.create(
                agreed.owner, kind=EMAIL_NEW, text=text, payload=agreed.payload, host=host, to=new
            )
        assert agreed.kind == EMAIL_NEW, agreed.kind
        await self._set_email(agreed.owner, new, host, time_ns)
        return f"{new} is your address now"

    async def give_email(self, owner: int, address: str) -> None:
        """An address without a code, for people of ours; nothing happens if there is one."""
        async with self.database.writing() as connection:
            people = People(connection)
            known = await self._owner(people, owner)
            mac = email.mac(self._vault, address)
            if known.email_mac is None and await people.owner_of_email(mac) is None:
                await people.set_owner(owner, email_mac=mac, email_sealed=email.seal(self._vault, address))

    async def begin_totp(self, owner: int) -> tuple[str, str]:
        """Address and secret of a draft. IdentityRefused."""
        async with self.database.writing() as connection:
            people = People(connection)
            known = await self._owner(people, owner)
            name = self.email_of(known) or str(owner)
            return await self.second_factor.begin(people, known, name=name)

    async def enable_totp(self, owner: int, code: str, *, keep: str, host: str) -> list[str]:
        """Backup codes; sessions of browsers end, but `keep`'s. IdentityRefused."""
        time_ns = self._clock()
        async with self.database.writing() as connection:
            people = People(connection)
            codes = await self.second_factor.enable(people, await self._owner(people, owner), code, time_ns)
            await self._end_browsers(people, connection, owner, keep, time_ns)
            await self.audit.write(
                connection, self.audit.entry(AuditKind.SECOND_FACTOR_ON, time_ns, owner=owner, host=host)
            )
        return codes

    async def disable_totp(self, owner: int, given: str, *, keep: str, host: str) -> None:
        """Needs the second factor once more. IdentityRefused."""
        time_ns = self._clock()
        async with self.database.writing() as connection:
            people = People(connection)
            known = await self._owner(people, owner)
            if known.totp_sealed is None:
                raise IdentityRefused(RejectReason.SECOND_FACTOR_STATE)
            await self.second_factor.check(connection, known, given, time_ns)
            await self.second_factor.disable(people, known)
            await self._end_browsers(people, connection, owner, keep, time_ns)
            await self.audit.write(
                connection, self.audit.entry(AuditKind.SECOND_FACTOR_OFF, time_ns, owner=owner, host=host)
            )

    def email_of(self, owner: Owner) -> str:
        """The address, empty if there is none."""
        return email.unseal(self._vault, owner.email_sealed) if owner.email_sealed is not None else ""

    async def search(self, text: str, *, after: int, limit: int) -> list[Owner]:
        """People above `after`, by number: that number, that address, or a part of their name; empty: everybody.

        IdentityRefused for what looks like an address and is none.
        """
        text = text.strip()
        async with self.database.reading() as connection:
            people = People(connection)
            if not text.isdecimal() and "@" not in text:
                return await people.owners(after=after, limit=limit, label=text)
            found = await self.find(people, text)
        return [found] if found is not None and found.owner > after else []

    async def find(self, people: People, text: str) -> Owner | None:
        """A person by number or address."""
        if text.isascii() and text.isdecimal():
            return await people.owner(int(text))
        return await people.owner_of_email(email.mac(self._vault, email.normalise(text)))

    async def _make_key(self, key: Key, host: str, time_ns: int) -> Key:
        async with self.database.writing() as connection:
            people = People(connection)
            owner = await self._owner(people, key.owner)
            await api_keys.add(people, key, time_ns)
            detail = show(key.scopes)
            entry = self.audit.entry(
                AuditKind.KEY_MADE, time_ns, owner=key.owner, key_id=key.key_id, detail=detail, host=host
            )
            await self.audit.write(connection, entry)
            await self._notify(connection, owner, f"API key {key.key_id} was made", time_ns)
        return key

    async def _set_email(self, owner: int, new: str, host: str, time_ns: int) -> None:
        async with self.database.writing() as connection:
            people = People(connection)
            known = await self._owner(people, owner)
            mac = email.mac(self._vault, new)
            holder = await people.owner_of_email(mac)
            if holder is not None and holder.owner != owner:
                raise IdentityRefused(RejectReason.EMAIL_TAKEN)
            await people.set_owner(
                owner, email_mac=mac, email_sealed=email.seal(self._vault, new), label=email.masked(new)
            )
            entry = self.audit.entry(
                AuditKind.EMAIL_CHANGED, time_ns, owner=owner, detail=f"to {shown(mac)}", host=host
            )
            await self.audit.write(connection, entry)
            await self._notify(connection, known, f"your address was changed to {email.masked(new)}", time_ns)

    async def _notify(self, connection: AsyncConnection, owner: Owner, what: str, time_ns: int) -> None:
        if owner.email_sealed is None or not self.post.is_open:
            return
        mail = notice_mail(email.unseal(self._vault, owner.email_sealed), exchange=self._exchange, what=what)
        await self.post.take(
            connection,
            mail,
            time_ns=time_ns,
            expires_ns=time_ns + NOTICE_LIFETIME_NS,
        )

    async def _end_browsers(
        self, people: People, connection: AsyncConnection, owner: int, keep: str, time_ns: int
    ) -> None:
        for session in await self.web.of_owner(connection, owner, time_ns):
            if session.session_id.hex() != keep:
                await self.web.end(connection, session, time_ns)
        await people.changed()

    async def _owner(self, people: People, owner: int) -> Owner:
        known = await people.owner(owner)
        if known is None or known.erased_ns:
            raise IdentityRefused(RejectReason.SESSION_ENDED)
        return known
