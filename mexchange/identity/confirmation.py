"""A request is carried out when the person behind it has read, in a mail of ours, what it would do, and says so.

The code is mailed by the daemon itself, with the asset, the amount, the address in the same mail, and is bound to that
very request: what was stored with it is what is carried out. A gateway that shows one thing and asks for another gets
nowhere. Who has a second factor gives that too.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from mexchange.domain.rejects import RejectReason
from mexchange.identity import email
from mexchange.identity.audit import Audit, AuditKind
from mexchange.identity.codes import Asker, Codes
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.mail import confirmation_mail
from mexchange.identity.post_office import PostOffice
from mexchange.identity.second_factor import SecondFactor
from mexchange.identity.vault import Vault
from mexchange.store.codes import Code, CodeRows
from mexchange.store.database import Database
from mexchange.store.identity import Owner, People

PAYLOAD_BYTES_MAX: Final = 1_024
TEXT_LENGTH_MAX: Final = 300
SIGN_IN: Final = "sign-in"
"""The one kind of code that confirms nothing."""


class Pending(msgspec.Struct, frozen=True):
    """A code is on its way."""

    request_id: bytes
    expires_ns: int
    text: str


class Agreed(msgspec.Struct, frozen=True):
    """A right code: what is to be carried out, once."""

    owner: int
    kind: str
    payload: bytes


class Confirmation:
    """Asks, and hears the answer."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        codes: Codes,
        second_factor: SecondFactor,
        post: PostOffice,
        audit: Audit,
        exchange: str,
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._vault = vault
        self._codes = codes
        self._second_factor = second_factor
        self._post = post
        self._audit = audit
        self._exchange = exchange
        self._clock = clock

    async def create(
        self, owner: int, *, kind: str, text: str, payload: bytes, host: str, to: str | None = None
    ) -> Pending:
        """Mail a code with `text`, one line, to the owner; or to the address `to`, which is to become theirs.

        IdentityRefused: EMAIL_MISSING, TOO_MANY_CODES.
        """
        assert kind != SIGN_IN
        assert len(payload) <= PAYLOAD_BYTES_MAX
        line = "".join(c for c in text if c.isprintable())[:TEXT_LENGTH_MAX]
        time_ns = self._clock()
        try:
            async with self._database.writing() as connection:
                address = to or self._address_of(await People(connection).owner(owner))
                asker = Asker(email.mac(self._vault, address), host, owner=owner, is_signed_in=True)
                issued = await self._codes.issue(connection, asker, kind=kind, payload=payload, time_ns=time_ns)
                mail = confirmation_mail(address, issued.code, exchange=self._exchange, what=line)
                await self._post.take(connection, mail, time_ns=time_ns, expires_ns=issued.expires_ns)
                entry = self._audit.entry(AuditKind.CODE_MAILED, time_ns, owner=owner, detail=kind, host=host)
                await self._audit.write(connection, entry)
        except IdentityRefused as refused:
            await self._note_refused(refused, owner, kind, host)
            raise
        return Pending(issued.request_id, issued.expires_ns, line)

    async def verify(self, owner: int, request_id: bytes, code: str, *, second_factor: str, host: str) -> Agreed:
        """What that person has agreed to; each request once. IdentityRefused: CODE_WRONG, SECOND_FACTOR_MISSING."""
        kind = ""
        try:
            async with self._database.reading() as connection:
                known = await CodeRows(connection).get(request_id)
            if known is None or known.owner != owner or known.kind == SIGN_IN:
                raise IdentityRefused(RejectReason.CODE_WRONG)
            kind = known.kind
            right = await self._codes.check(request_id, code, kind=kind, time_ns=self._clock())
            return await self._agree(right, second_factor, host)
        except IdentityRefused as refused:
            await self._note_refused(refused, owner, kind, host)
            raise

    async def _agree(self, code: Code, second_factor: str, host: str) -> Agreed:
        time_ns = self._clock()
        async with self._database.writing() as connection:
            owner = await People(connection).owner(code.owner)
            if owner is None or owner.disabled_ns:
                raise IdentityRefused(RejectReason.CODE_WRONG)
            await self._second_factor.check(connection, owner, second_factor, time_ns)
            payload = await self._codes.use(connection, code, time_ns=time_ns)
            entry = self._audit.entry(AuditKind.CONFIRMED, time_ns, owner=code.owner, detail=code.kind, host=host)
            await self._audit.write(connection, entry)
        return Agreed(code.owner, code.kind, payload)

    def _address_of(self, owner: Owner | None) -> str:
        if owner is None or owner.email_sealed is None or not self._post.is_open:
            raise IdentityRefused(RejectReason.EMAIL_MISSING)
        return email.unseal(self._vault, owner.email_sealed)

    async def _note_refused(self, refused: IdentityRefused, owner: int, kind: str, host: str) -> None:
        what = AuditKind.LIMIT_HIT if refused.reason is RejectReason.TOO_MANY_CODES else AuditKind.CODE_REFUSED
        detail = f"{refused.reason.name.lower()} {kind}"
        await self._audit.note(self._audit.entry(what, self._clock(), owner=owner, detail=detail, host=host))
