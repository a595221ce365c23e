"""People sign in, and up, by a code that is mailed to them. The first time opens an owner; there is no password.

    ask(e-mail) ─► code mailed ─► device(code, key) ─► the key is on record, Login with it
                              └─► browser(code)     ─► tokens for a gateway

Whether an address is known shows in nothing but the mail, unless new people are not let in: then unknown addresses are
told the same, and get none. Both ways do the same work.
"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.codec.messages import SignInIntent
from mexchange.domain.rejects import RejectReason
from mexchange.domain.scopes import OWN
from mexchange.identity import email
from mexchange.identity.audit import Audit, AuditKind, shown
from mexchange.identity.codes import KNOWN_HOSTS_MAX, Asker, Codes, Issued
from mexchange.identity.directory import Directory
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.mail import sign_in_mail
from mexchange.identity.post_office import PostOffice
from mexchange.identity.second_factor import SecondFactor
from mexchange.identity.vault import Vault
from mexchange.identity.web_sessions import Tokens, WebSessions
from mexchange.protocol.login import verify_device
from mexchange.store.codes import Code, CodeRows
from mexchange.store.database import Database
from mexchange.store.identity import Key, Owner, People

T = TypeVar("T")

KIND: Final = "sign-in"
TRIAL_DOMAINS: Final = ("local", "mexchange.local")
"""Of people of a demo, who have no letter box."""
KEYS_MAX: Final = 64
"""Good keys of one owner."""


class Claim(msgspec.Struct, frozen=True):
    """What somebody gives who wants to come in. Its text form shows nothing of it."""

    request_id: bytes
    code: str
    second_factor: str
    intent: int
    host: str
    label: str

    def __repr__(self) -> str:
        return "Claim(...)"


class SignIn:
    """Mails codes and lets in who knows them."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        codes: Codes,
        directory: Directory,
        second_factor: SecondFactor,
        web: WebSessions,
        post: PostOffice,
        audit: Audit,
        exchange: str,
        sign_up: bool,
        clock: Callable[[], int],
    ) -> None:
        """`exchange`: its name in mails. `clock`: nanoseconds since 1970."""
        self._database = database
        self._vault = vault
        self._codes = codes
        self._directory = directory
        self._second_factor = second_factor
        self._web = web
        self._post = post
        self._audit = audit
        self._exchange = exchange
        self._sign_up = sign_up
        self._clock = clock

    async def ask(self, text: str, *, host: str) -> Issued:
        """Mail a code to that address. IdentityRefused for what is no address, and for too many codes."""
        to = email.normalise(text)
        if not self._post.is_open:
            raise IdentityRefused(RejectReason.IDENTITY_UNAVAILABLE)
        time_ns = self._clock()
        subject_mac = email.mac(self._vault, to)
        try:
            async with self._database.writing() as connection:
                owner = await People(connection).owner_of_email(subject_mac)
                is_void = owner is None and not self._sign_up
                asker = Asker(subject_mac, host)
                issued = await self._codes.issue(connection, asker, kind=KIND, payload=to.encode(), time_ns=time_ns)
                mail = sign_in_mail(to, issued.code, exchange=self._exchange, host=host)
                await self._post.take(connection, mail, time_ns=time_ns, expires_ns=issued.expires_ns, is_void=is_void)
                await self._note(connection, AuditKind.CODE_MAILED, subject_mac, host=host)
        except IdentityRefused as refused:
            detail = f"{refused.reason.name.lower()} for {shown(subject_mac)}"
            await self._audit.note(self._audit.entry(AuditKind.LIMIT_HIT, time_ns, detail=detail, host=host))
            raise
        return issued

    async def device(self, claim: Claim, public_key: bytes, signature: bytes, *, server_key: bytes) -> tuple[Key, bool]:
        """Put the key of a device on record for the person who knows the code; the key, and is the person new."""
        if not verify_device(signature, public_key=public_key, server_key=server_key, request_id=claim.request_id):
            raise IdentityRefused(RejectReason.KEY_INVALID)

        async def enroll(connection: AsyncConnection, owner: Owner, time_ns: int) -> tuple[Key, str]:
            people = People(connection)
            if await people.key_of_device(public_key) is not None:
                raise IdentityRefused(RejectReason.KEY_INVALID)
            if await people.live_keys(owner.owner, time_ns) >= KEYS_MAX:
                raise IdentityRefused(RejectReason.TOO_MANY_KEYS)
            key = await self._directory.add_key(
                people, public_key, owner=owner.owner, label=claim.label, scopes=OWN, time_ns=time_ns
            )
            return key, key.key_id

        return await self._let_in(claim, enroll)

    async def browser(self, claim: Claim) -> tuple[Tokens, bool]:
        """Tokens for a browser of the person who knows the code, and is the person new."""

        async def open_session(connection: AsyncConnection, owner: Owner, time_ns: int) -> tuple[Tokens, str]:
            tokens = await self._web.open(connection, owner.owner, label=claim.label, host=claim.host, time_ns=time_ns)
            return tokens, f"session {tokens.session_id.hex()}"

        return await self._let_in(claim, open_session)

    async def unproven(self, text: str, *, label: str, host: str) -> tuple[Tokens, bool]:
        """Tokens without a code, for the programs of a demo; nobody real has such an address. IdentityRefused."""
        to = email.normalise(text)
        if to.partition("@")[2] not in TRIAL_DOMAINS:
            raise IdentityRefused(RejectReason.CODE_WRONG)
        time_ns, subject_mac = self._clock(), email.mac(self._vault, to)
        async with self._database.writing() as connection:
            people = People(connection)
            owner = await people.owner_of_email(subject_mac)
            is_new = owner is None
            if owner is None:
                owner = await self._directory.add_owner(
                    people,
                    label=email.masked(to),
                    time_ns=time_ns,
                    email_mac=subject_mac,
                    email_sealed=email.seal(self._vault, to),
                )
            if owner.disabled_ns:
                raise IdentityRefused(RejectReason.CODE_WRONG)
            tokens = await self._web.open(connection, owner.owner, label=label, host=host, time_ns=time_ns)
            kind = AuditKind.SIGNED_UP if is_new else AuditKind.SIGNED_IN
            detail = f"session {tokens.session_id.hex()}, unproven"
            await self._audit.write(
                connection, self._audit.entry(kind, time_ns, owner=owner.owner, detail=detail, host=host)
            )
        return tokens, is_new

    async def _let_in(
        self, claim: Claim, give: Callable[[AsyncConnection, Owner, int], Awaitable[tuple[T, str]]]
    ) -> tuple[T, bool]:
        """What `give` makes for the person, in the transaction that uses the code up. Refusals are written down."""
        time_ns = self._clock()
        try:
            code = await self._codes.check(claim.request_id, claim.code, kind=KIND, time_ns=time_ns)
            async with self._database.writing() as connection:
                owner, is_new = await self._enter(connection, claim, code, time_ns)
                given, name = await give(connection, owner, time_ns)
                kind = AuditKind.SIGNED_UP if is_new else AuditKind.SIGNED_IN
                entry = self._audit.entry(kind, time_ns, owner=owner.owner, detail=name, host=claim.host)
                await self._audit.write(connection, entry)
        except IdentityRefused as refused:
            detail = f"{refused.reason.name.lower()}, request {claim.request_id[:8].hex()}"
            await self._audit.note(self._audit.entry(AuditKind.CODE_REFUSED, time_ns, detail=detail, host=claim.host))
            raise
        return given, is_new

    async def _enter(self, connection: AsyncConnection, claim: Claim, code: Code, time_ns: int) -> tuple[Owner, bool]:
        """The person whose code that was, new or not; the code is used up if nothing speaks against them."""
        people = People(connection)
        owner = await people.owner_of_email(code.subject_mac)
        is_new = owner is None
        if owner is None:
            if claim.intent == SignInIntent.SIGN_IN or not self._sign_up:
                raise IdentityRefused(RejectReason.CODE_WRONG)
            to = (await self._codes.use(connection, code, time_ns=time_ns)).decode()
            owner = await self._directory.add_owner(
                people,
                label=email.masked(to),
                time_ns=time_ns,
                email_mac=code.subject_mac,
                email_sealed=email.seal(self._vault, to),
            )
        else:
            if claim.intent == SignInIntent.SIGN_UP or owner.disabled_ns:
                raise IdentityRefused(RejectReason.CODE_WRONG)
            await self._second_factor.check(connection, owner, claim.second_factor, time_ns)
            await self._codes.use(connection, code, time_ns=time_ns)
        await CodeRows(connection).remember_host(
            code.subject_mac, self._codes.host_mac(claim.host), time_ns, hosts_max=KNOWN_HOSTS_MAX
        )
        return owner, is_new

    async def _note(self, connection: AsyncConnection, kind: AuditKind, subject_mac: bytes, *, host: str) -> None:
        entry = self._audit.entry(kind, self._clock(), detail=f"{KIND} for {shown(subject_mac)}", host=host)
        await self._audit.write(connection, entry)
