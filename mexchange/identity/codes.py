"""One-time codes: who may ask for how many, and what a try costs.

A code has six digits, lives ten minutes, is good once and for one request, and dies with its fifth wrong try. At most
CODES_PER_PERSON of them per quarter of an hour make CODES_PER_PERSON * TRIES_MAX guesses in a million: 15e-6.

Nobody can be locked out by guesses: they are counted per request, and the request id is random. Nor by asking for codes
in somebody's name: hosts from which a person has signed in before have a count of their own, which strangers cannot use
up, and only a code asked for from the same host makes an older one void. The answer, and the work done for it, are the
same whether the address belongs to anybody or not.
"""

import ipaddress
import secrets
from collections.abc import Callable
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from mexchange.domain.rejects import RejectReason
from mexchange.identity.errors import IdentityRefused
from mexchange.identity.vault import Vault, same
from mexchange.store.codes import Code, CodeRows
from mexchange.store.database import Database

S: Final = 10**9
DIGITS: Final = 6
LIFETIME_NS: Final = 600 * S
TRIES_MAX: Final = 5
CODES_PER_PERSON: Final = 3
PERSON_WINDOW_NS: Final = 900 * S
CODES_PER_HOST: Final = 20
HOUR_NS: Final = 3_600 * S
CODES_PER_HOUR_MAX: Final = 2_000
"""Mailed to strangers, all together: what it may cost us to be used as a mailer."""
KNOWN_HOSTS_MAX: Final = 8
KNOWN_NS: Final = 90 * 24 * HOUR_NS
KEPT_NS: Final = 24 * HOUR_NS
REQUEST_ID_BYTES: Final = 16
_PURPOSE: Final = "code"

assert CODES_PER_PERSON * TRIES_MAX * 10**6 <= 15 * 10**DIGITS


class Asker(msgspec.Struct, frozen=True):
    """Whom a code is mailed to and from where it was asked for."""

    subject_mac: bytes
    """Stands for the address."""
    host: str
    owner: int = 0
    is_signed_in: bool = False
    """A session of the owner's own asks: it counts like a known host, by its owner."""


class Issued(msgspec.Struct, frozen=True):
    """A new code. Its text form does not show it."""

    request_id: bytes
    code: str
    expires_ns: int

    def __repr__(self) -> str:
        return f"Issued({self.request_id.hex()})"


class Codes:
    """Issues and checks codes. `draw(n)` is a number below n."""

    def __init__(self, database: Database, vault: Vault, draw: Callable[[int], int] = secrets.randbelow) -> None:
        self._database = database
        self._vault = vault
        self._draw = draw
        self.evaluated = 0
        """Codes that were compared, right ones and wrong ones."""

    async def issue(
        self, connection: AsyncConnection, asker: Asker, *, kind: str, payload: bytes, time_ns: int
    ) -> Issued:
        """A new code within the caller's transaction; older ones of its kind are void. IdentityRefused."""
        rows = CodeRows(connection)
        asker_mac = self._asker_mac(asker)
        is_known = asker.is_signed_in or await rows.is_known_host(asker.subject_mac, asker_mac, time_ns - KNOWN_NS)
        await self._check_limits(rows, asker, asker_mac, is_known=is_known, time_ns=time_ns)
        await rows.forget(before_ns=time_ns - KEPT_NS)
        issued = Issued(secrets.token_bytes(REQUEST_ID_BYTES), self._new_code(), time_ns + LIFETIME_NS)
        code = Code(
            request_id=issued.request_id,
            kind=kind,
            subject_mac=asker.subject_mac,
            asker_mac=asker_mac,
            is_stranger=not is_known,
            owner=asker.owner,
            code_mac=self._mac(issued.request_id, kind, issued.code),
            payload_sealed=self._vault.seal(_PURPOSE, payload),
            created_ns=time_ns,
            expires_ns=issued.expires_ns,
        )
        await rows.add(code)
        return issued

    async def check(self, request_id: bytes, text: str, *, kind: str, time_ns: int) -> Code:
        """The code of that request if `text` is it; the try is counted first. IdentityRefused(CODE_WRONG).

        It is not used up yet: `CodeRows.use` does that, in the transaction of what it was asked for.
        """
        async with self._database.writing() as connection:
            code = await CodeRows(connection).count_try(request_id, kind, tries_max=TRIES_MAX, time_ns=time_ns)
        self.evaluated += code is not None
        expected = code.code_mac if code is not None else bytes(32)
        given = self._mac(request_id, kind, "".join(c for c in text if c not in " -")[: 2 * DIGITS])
        if not same(given, expected) or code is None:
            raise IdentityRefused(RejectReason.CODE_WRONG)
        return code

    async def use(self, connection: AsyncConnection, code: Code, *, time_ns: int) -> bytes:
        """Use it up within the caller's transaction; its payload. IdentityRefused if somebody was faster."""
        if not await CodeRows(connection).use(code.request_id, time_ns):
            raise IdentityRefused(RejectReason.CODE_WRONG)
        return self._vault.open(_PURPOSE, code.payload_sealed)

    def host_mac(self, host: str) -> bytes:
        """Stands for a host: an IPv4 address, or a /64 of IPv6."""
        return self._vault.mac("host", network_of(host).encode())

    def _asker_mac(self, asker: Asker) -> bytes:
        if asker.is_signed_in:
            return self._vault.mac("signed in", asker.owner.to_bytes(8, "little"))
        return self.host_mac(asker.host)

    async def _check_limits(
        self, rows: CodeRows, asker: Asker, asker_mac: bytes, *, is_known: bool, time_ns: int
    ) -> None:
        """All counts are taken, whichever of them says no."""
        mine = {"asker_mac": asker_mac} if is_known else {"is_stranger": True}
        of_person = await rows.asked(time_ns - PERSON_WINDOW_NS, subject_mac=asker.subject_mac, **mine)
        of_host = await rows.asked(time_ns - HOUR_NS, asker_mac=asker_mac)
        of_strangers = await rows.asked(time_ns - HOUR_NS, is_stranger=True)
        if (
            of_person >= CODES_PER_PERSON
            or of_host >= CODES_PER_HOST
            or (not is_known and of_strangers >= CODES_PER_HOUR_MAX)
        ):
            raise IdentityRefused(RejectReason.TOO_MANY_CODES)

    def _new_code(self) -> str:
        return str(self._draw(10**DIGITS)).zfill(DIGITS)

    def _mac(self, request_id: bytes, kind: str, code: str) -> bytes:
        return self._vault.mac(_PURPOSE, request_id, kind.encode(), code.encode())


def network_of(host: str) -> str:
    """What a limit is charged to: the IPv4 address, or the first 64 bits of an IPv6 one; other text as it is."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
